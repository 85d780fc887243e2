export type { Displayable, MimeBundle } from "./bundle";
export { currentHost, type Host, registerHost } from "./host";
