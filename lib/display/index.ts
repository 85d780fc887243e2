export type { Displayable, MimeBundle } from "./bundle";
export { Html, html } from "./html";
