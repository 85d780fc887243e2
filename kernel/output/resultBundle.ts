/** The result of a cell: how its value is shown. */

import { types } from "node:util";
import { $display, isDisplayable, type MimeBundle } from "../../lib/display/mimeBundle";
import { errorText } from "../../lib/errors";
import { functionText } from "./functionText";
import { inspected } from "./inspected";

/** The most lines and characters of a value's text, alone and beside another form, which says more. */
const ALONE = { lines: 1000, characters: 200_000 };
const BESIDE = { lines: 20, characters: 4000 };

/**
 * The forms in which a value is shown: those that its method `Symbol.for("Jupyter.display")` returns, or
 * those of elements, pictures and tables of other libraries; otherwise the text of Node's `inspect`. If the
 * method fails, the text is shown with the reason, since a view must not make the cell fail.
 */
export async function toBundle(value: unknown): Promise<MimeBundle> {
  // `inspect` would show Node's own bookkeeping of promises, together with the code of the cell.
  if (types.isPromise(value)) return { "text/plain": "a Promise: write await before it to get its value" };
  if (typeof value === "function" && !isDisplayable(value)) {
    return { "text/plain": functionText(value as () => unknown) };
  }
  if (!isDisplayable(value)) return foreignBundle(value);
  try {
    const bundle: unknown = await value[$display]();
    if (typeof bundle !== "object" || bundle === null) throw new TypeError(`it returned ${inspected(bundle)}`);
    JSON.stringify(bundle);
    return "text/plain" in bundle ? (bundle as MimeBundle) : { "text/plain": textOf(value, BESIDE), ...bundle };
  } catch (error) {
    const text = inspected(value, { customInspect: false, depth: 1 });
    return { "text/plain": `${text}\n(its Jupyter.display method failed: ${errorText(error)})` };
  }
}

async function foreignBundle(value: unknown): Promise<MimeBundle> {
  if (typeof value !== "object" || value === null) return { "text/plain": textOf(value, ALONE) };
  const { foreignForms } = require("./foreignForms") as typeof import("./foreignForms");
  const forms = await foreignForms(value);
  if (forms === undefined) return { "text/plain": textOf(value, ALONE) };
  return "text/plain" in forms ? (forms as MimeBundle) : { "text/plain": textOf(value, ALONE), ...forms };
}

/** The text of a value, of which a long one shows the beginning. */
function textOf(value: unknown, limit: typeof ALONE): string {
  const text = inspected(value);
  const lines = text.split("\n");
  const kept = lines.slice(0, limit.lines).join("\n").slice(0, limit.characters);
  if (kept.length === text.length) return text;
  return lines.length > limit.lines
    ? `${kept}\n… ${(lines.length - limit.lines).toLocaleString("en-US")} more lines`
    : `${kept}… ${(text.length - kept.length).toLocaleString("en-US")} more characters`;
}
