/** What one object looks like, by MIME type: `text/plain` always, `text/html` where it helps. JSON types hold objects, images base64. */
export type MimeBundle = { readonly "text/plain": string } & Readonly<Record<string, unknown>>;

/** The method by which an object shows itself; the convention is Deno's, so objects display there as well. */
export const $display: unique symbol = Symbol.for("Jupyter.display") as never;

export interface Displayable {
  [$display](): MimeBundle | Promise<MimeBundle>;
}

export function isDisplayable(value: unknown): value is Displayable {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as Partial<Displayable>)[$display] === "function"
  );
}
