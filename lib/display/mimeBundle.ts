/** How objects show themselves: a MIME bundle, and the method that makes it. */

/**
 * One object by MIME type: `text/plain` always, `text/html` where it helps. JSON types hold objects, images
 * base64 text.
 */
export type MimeBundle = { readonly "text/plain": string } & Readonly<Record<string, unknown>>;

/**
 * The key of the method that makes an object's bundle. Deno uses the same key, so objects are displayed
 * there, too.
 */
export const $display: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that shows itself in notebooks: it makes its MIME bundle when it is shown. */
export interface Displayable {
  [$display](): MimeBundle | Promise<MimeBundle>;
}

export function isDisplayable(value: unknown): value is Displayable {
  const hasMembers = (typeof value === "object" && value !== null) || typeof value === "function";
  try {
    return hasMembers && typeof (value as Partial<Displayable>)[$display] === "function";
  } catch {
    // Getters and proxies may throw at anything.
    return false;
  }
}

/**
 * The key of the method that makes the bundle which `watch` keeps up to date: one that does not say how to
 * follow the object.
 */
export const $watchedDisplay: unique symbol = Symbol.for("secop-lab.watchedDisplay") as never;

/** The bundle of an object for a display that is kept up to date. */
export function watchedBundle(object: Displayable): MimeBundle | Promise<MimeBundle> {
  const own = (object as { [$watchedDisplay]?: () => MimeBundle })[$watchedDisplay];
  return own ? own.call(object) : object[$display]();
}

/**
 * The key of the method that says how long the display of an object stays true, in seconds: a notebook looks
 * again after that time. Undefined if it does not change any more.
 */
export const $changesWithin: unique symbol = Symbol.for("secop-lab.changesWithin") as never;

/** An object whose display changes by itself, such as a plan under way. */
export interface Changing extends Displayable {
  [$changesWithin](): number | undefined;
}

export function isChanging(value: unknown): value is Changing {
  return isDisplayable(value) && typeof (value as Partial<Changing>)[$changesWithin] === "function";
}
