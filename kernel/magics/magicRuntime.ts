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
export function reportConnected(name: string, device: ConnectedNode | ConnectedTango): void {
  const [uri, members] =
    "modules" in device ? [device.uri, counted(device.modules.size, "module")] : tangoFacts(device);
  rememberAddress(uri);
  console.log(`${name}: ${members} at ${uri}`);
}

interface ConnectedNode {
  readonly uri: string;
  readonly modules: { readonly size: number };
}

interface ConnectedTango {
  readonly trl: string;
  children(): Iterable<readonly [string, object]>;
}

function tangoFacts(device: ConnectedTango): readonly [string, string] {
  const members = [...device.children()].map(([, member]) => member);
  const commands = members.filter((member) => "execute" in member).length;
  return [device.trl, `${counted(members.length - commands, "attribute")}, ${counted(commands, "command")}`];
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Prints a duration, given in seconds. */
export function reportDuration(seconds: number): void {
  console.log("took", seconds < 1 ? siQuantity(seconds, "s") : formatDuration(seconds));
}
