/**
 * Displays of objects: text and HTML for headers, tables, progress and notices, safe against text from nodes.
 *
 * This folder uses no other. Begin reading with `bundle`, then `html` and `header`. Other folders import its
 * files by name; the names listed here are public.
 */

export { Html, html } from "./html";
export type { Displayable, MimeBundle } from "./mimeBundle";
