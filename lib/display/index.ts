export type { Displayable, MimeBundle } from "./bundle";
export { displayBundle } from "./displayBundle";
export { currentHost, type Host, registerHost } from "./host";
export { Html, html } from "./html";
