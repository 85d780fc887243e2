/** What the text that magics become calls as it runs. */

import { siQuantity } from "../../lib/display/number";
import { formatDuration } from "../../lib/display/time";
import { rememberAddress } from "./nodeAddresses";

export { whereAll } from "./whereAll";

/** The library and this module, as generated text reaches them whatever names the notebook has. */
export const LAB = '(await import("secop-lab"))';
export const RUNTIME = '(globalThis as any)[Symbol.for("secop-lab.kernel")].magicRuntime';

/** Tells what `%connect` and `%%devices` found; its address is offered the next time. */
export function reportConnected(
  name: string,
  node: { readonly uri: string; readonly modules: { readonly size: number } },
): void {
  const { uri, modules } = node;
  rememberAddress(uri);
  console.log(`${name}: ${modules.size} module${modules.size === 1 ? "" : "s"} at ${uri}`);
}

/** Tells a duration in seconds. */
export function reportDuration(seconds: number): void {
  console.log("took", seconds < 1 ? siQuantity(seconds, "s") : formatDuration(seconds));
}
