/** The functions that the TypeScript of expanded magics calls. */

import { siQuantity } from "../../lib/display/number";
import { formatDuration } from "../../lib/display/time";
import { rememberAddress } from "./nodeAddresses";

export { whereAll } from "./whereAll";

/** How generated TypeScript refers to the library, independently of the names in the notebook. */
export const LAB = '(await import("secop-lab"))';
/** How generated TypeScript refers to this module. */
export const RUNTIME = '(globalThis as any)[Symbol.for("secop-lab.kernel")].magicRuntime';

/** Prints what `%connect` or `%%devices` connected to, and remembers its address for completion. */
export function reportConnected(
  name: string,
  node: { readonly uri: string; readonly modules: { readonly size: number } },
): void {
  const { uri, modules } = node;
  rememberAddress(uri);
  console.log(`${name}: ${modules.size} module${modules.size === 1 ? "" : "s"} at ${uri}`);
}

/** Prints a duration, given in seconds. */
export function reportDuration(seconds: number): void {
  console.log("took", seconds < 1 ? siQuantity(seconds, "s") : formatDuration(seconds));
}
