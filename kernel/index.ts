/**
 * The package entry `secop-lab/kernel`: what notebooks and extensions can use of the kernel.
 *
 * The kernel runs TypeScript cells on tslab's executor and speaks Jupyter's messaging protocol. It may use
 * lib/index and the ground floor of lib/. Begin with main.ts (the command line), then front/kernelProcess.ts
 * (a kernel starts) and cells/notebookSession.ts (a cell runs).
 */

import { type Html, type HtmlValue, html as htmlTag } from "../lib/display/html";
import type { Displayable } from "../lib/display/mimeBundle";
import type { CommRegistry } from "./cells/comms";
import { type InputOptions, kernelApi } from "./cells/kernelApi";
import { type DisplayHandle, displayable } from "./cells/showing";
import type { Magic } from "./magics/magicRegistry";
import { pictureType } from "./output/pictures";

export type { Comm, CommMessage, CommOptions, CommRegistry, CommTarget } from "./cells/comms";
export type { InputOptions } from "./cells/kernelApi";
export type { DisplayHandle } from "./cells/showing";
export type { CellMagic, LineMagic, Magic, MagicCompletion, MagicContext } from "./magics/magicRegistry";

/**
 * Asks the user for a line of text. Rejects if the front-end cannot ask, and when the cell is interrupted.
 */
export function input(prompt = "", options: InputOptions = {}): Promise<string> {
  return kernelApi().input(prompt, options);
}

/** Removes the outputs of the current cell: now or, with `wait`, when the next output arrives. */
export function clearOutput(wait = false): void {
  kernelApi().clearOutput(wait);
}

/**
 * Adds a magic to this notebook, or replaces the one of that name. Call it in a cell, or in a module that a
 * cell imports; the magic works from the next cell on.
 */
export function registerMagic(magic: Magic): void {
  kernelApi().registerMagic(magic);
}

/** Returns the comms of this notebook: its channels to views in the front-end. */
export function comms(): CommRegistry {
  return kernelApi().comms;
}

/**
 * Shows a value in the current cell, beside its result and as often as wanted. The handle replaces or empties
 * that output later, also from another cell.
 *
 * @example
 * const shown = display(md("**waiting**"));
 * await shown.update(md("**done**"));
 */
export function display(value: unknown): DisplayHandle {
  return kernelApi().display(value);
}

/**
 * Shows what is known about a value, function, device or plan: its type, docs, value and source place. A
 * string names it, also a magic: `help("%connect")`. `name?` in a line of its own does the same.
 */
export function help(...about: readonly unknown[]): void {
  kernelApi().help(...about);
}

/**
 * A value that is shown as HTML: markup as it stands, or a template whose values are escaped. Use the
 * template for words that come from elsewhere.
 *
 * @example
 * display(html("<b>hot</b>"));
 * display(html`<b>${"words of a <node>"}</b>`);
 */
export function html(markup: string): Displayable;
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Html;
export function html(first: string | TemplateStringsArray, ...values: readonly HtmlValue[]): Displayable {
  return typeof first === "string"
    ? displayable({ "text/plain": first, "text/html": first })
    : htmlTag(first, ...values);
}

/** A value that is shown as Markdown. */
export function md(text: string): Displayable {
  return displayable({ "text/plain": text, "text/markdown": text });
}

/** A value that is shown as a drawing; `markup` is the `<svg>` element. */
export function svg(markup: string): Displayable {
  return displayable({ "text/plain": "an SVG drawing", "image/svg+xml": markup });
}

/** A value that is shown as a picture; `bytes` is a PNG, JPEG, GIF or WebP file. */
export function image(bytes: Uint8Array): Displayable {
  const type = pictureType(bytes) ?? "image/png";
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return displayable({ "text/plain": `a picture (${type}, ${bytes.byteLength} bytes)`, [type]: data });
}

/** A value that is shown as a tree to open and close. It must be possible to write it as JSON. */
export function json(value: unknown): Displayable {
  return displayable({ "text/plain": JSON.stringify(value, null, 2) ?? "undefined", "application/json": value });
}

/** A value that is shown as a plot by the specification of Vega-Lite. */
export function vegaLite(spec: object): Displayable {
  return displayable({ "text/plain": "a Vega-Lite plot", "application/vnd.vegalite.v5+json": spec });
}
