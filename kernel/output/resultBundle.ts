import { inspect, types } from "node:util";
import { $display, isDisplayable, type MimeBundle } from "../../lib/display/bundle";
import { errorText } from "../../lib/errors";

/**
 * What a value looks like as the result of a cell: what it says itself by `Symbol.for("Jupyter.display")`, else Node's text.
 * An object that fails to show itself falls back to text, with a line that says so: a view must not fail the cell.
 */
export async function toBundle(value: unknown): Promise<MimeBundle> {
  // Node would show its own bookkeeping of promises, with the cell's code.
  if (types.isPromise(value)) return { "text/plain": "a Promise: write await before it to get its value" };
  if (!isDisplayable(value)) return { "text/plain": inspect(value) };
  try {
    const bundle: unknown = await value[$display]();
    if (typeof bundle !== "object" || bundle === null) throw new TypeError(`it returned ${inspect(bundle)}`);
    JSON.stringify(bundle);
    return "text/plain" in bundle
      ? (bundle as MimeBundle)
      : { ...bundle, "text/plain": inspect(value, { customInspect: false }) };
  } catch (error) {
    const text = inspect(value, { customInspect: false, depth: 1 });
    return { "text/plain": `${text}\n(its Jupyter.display method failed: ${errorText(error)})` };
  }
}
