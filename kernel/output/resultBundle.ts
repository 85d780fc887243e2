/** The result of a cell: how its value is shown. */

import { types } from "node:util";
import { $display, isDisplayable, type MimeBundle } from "../../lib/display/bundle";
import { Html } from "../../lib/display/html";
import { errorText } from "../../lib/errors";
import { inspected } from "./inspected";

/**
 * The forms in which a value is shown: those that its method `Symbol.for("Jupyter.display")` returns,
 * otherwise the text of Node's `inspect`. If the method fails, the text is shown with the reason, since a
 * view must not make the cell fail.
 */
export async function toBundle(value: unknown): Promise<MimeBundle> {
  // `inspect` would show Node's own bookkeeping of promises, together with the code of the cell.
  if (types.isPromise(value)) return { "text/plain": "a Promise: write await before it to get its value" };
  if (value instanceof Html) return { "text/plain": value.markup, "text/html": value.markup };
  if (!isDisplayable(value)) return { "text/plain": inspected(value) };
  try {
    const bundle: unknown = await value[$display]();
    if (typeof bundle !== "object" || bundle === null) throw new TypeError(`it returned ${inspected(bundle)}`);
    JSON.stringify(bundle);
    return "text/plain" in bundle
      ? (bundle as MimeBundle)
      : { ...bundle, "text/plain": inspected(value, { customInspect: false }) };
  } catch (error) {
    const text = inspected(value, { customInspect: false, depth: 1 });
    return { "text/plain": `${text}\n(its Jupyter.display method failed: ${errorText(error)})` };
  }
}
