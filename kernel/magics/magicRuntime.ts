/** The functions that the TypeScript of expanded magics calls. */

import { counted, siQuantity } from "../../lib/display/number";
import { formatDuration } from "../../lib/display/time";
import { currentCell } from "../output/index";
import { KERNEL_API } from "./magicRegistry";
import { type LoopOptions, loopText, measureLoops } from "./measuredLoops";
import { rememberAddress } from "./nodeAddresses";
import { checkLock, type LockableNode } from "./notebookLocks";
import { failureOf, runShell, type ShellOptions } from "./shellCommand";
import { withValues } from "./shellText";

export { whereAll } from "./whereAll";

/** How generated TypeScript refers to the library, independently of the names in the notebook. */
export const LAB = '(await import("secop-lab"))';
/** How generated TypeScript refers to this module. */
export const RUNTIME = `${KERNEL_API}.magicRuntime`;

/**
 * Prints what `%connect` or `%%devices` connected to, and what has changed in it since it was locked.
 * Remembers its address for completion.
 */
export function reportConnected(
  name: string,
  device: ConnectedNode | ConnectedTango | ConnectedIoc,
  { accept = false }: { readonly accept?: boolean } = {},
): void {
  const [uri, members] =
    "modules" in device
      ? [device.uri, counted(device.modules.size, "module")]
      : "prefix" in device
        ? [device.prefix, counted([...device.children()].length, "PV")]
        : tangoFacts(device);
  if (!/\.simulated(?::|$)/.test(uri)) rememberAddress(uri);
  console.log(`${name}: ${members} at ${uri}`);
  if ("modules" in device) checkLock(name, device, accept);
}

interface ConnectedNode extends LockableNode {
  readonly modules: { readonly size: number };
}

interface ConnectedIoc {
  readonly prefix: string;
  children(): Iterable<readonly [string, object]>;
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

/** Prints a duration, given in seconds. */
export function reportDuration(seconds: number): void {
  console.log("took", durationText(seconds));
}

function durationText(seconds: number): string {
  return seconds < 1 ? siQuantity(seconds, "s") : formatDuration(seconds);
}

/** Runs `!command`, with the values of the expressions in its braces. */
export async function shellLine(command: string, values: Readonly<Record<string, unknown>>): Promise<void> {
  const filled = withValues(command, new Map(Object.entries(values)));
  const failed = failureOf(await runShell(filled.command, { parameters: filled.parameters }));
  if (failed !== undefined) console.error(failed);
  else if (/^cd(?:\s[^;&|]*)?$/.test(command)) console.error(`cd lasts for its command only: write %${command}`);
}

/** Runs `const lines = !command`: resolves with the lines that it wrote to stdout. */
export async function shellLines(command: string, values: Readonly<Record<string, unknown>>): Promise<string[]> {
  const filled = withValues(command, new Map(Object.entries(values)));
  let text = "";
  const stdout = (part: string): void => {
    text += part;
  };
  const failed = failureOf(await runShell(filled.command, { parameters: filled.parameters, stdout }));
  if (failed !== undefined) console.error(failed);
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** Runs the body of `%%bash` or `%%sh`. Rejects if it fails. */
export async function shellCell(body: string, options: ShellOptions): Promise<void> {
  const failed = failureOf(await runShell(body, options));
  if (failed !== undefined) throw new CommandFailed(failed);
}

/** The error of a cell whose commands failed. */
class CommandFailed extends Error {
  override readonly name = "CommandFailed";
}

/** Prints how long the code of this cell took, when it has ended. */
export function timeCell(): void {
  const cell = currentCell();
  const startMs = performance.now();
  cell?.atEnd(() =>
    cell.stream("stdout", `took ${durationText(((cell.codeEndMs ?? performance.now()) - startMs) / 1000)}\n`),
  );
}

/** Measures a function and prints its mean duration. */
export async function timeit(fn: () => unknown, options: LoopOptions): Promise<void> {
  console.log(loopText(await measureLoops(fn, { ...options, signal: currentCell()?.signal })));
}
