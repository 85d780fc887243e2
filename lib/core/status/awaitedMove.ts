/** Movements that a notebook cell awaits: their progress is shown, and the cell can be interrupted. */

import { formatValue } from "../../display/formatValue";
import { currentHost } from "../../display/host";
import { withUnits } from "../../display/number";
import { errorText } from "../../errors";
import { anyPlanRuns } from "../protocols/planStep";
import { isStoppable, type StatusLike, type WatcherUpdate } from "../protocols/protocols";

/** A movement with a name and progress, for its display. */
export interface AwaitedMove extends StatusLike {
  readonly name: string;
  watch(fn: (update: WatcherUpdate) => void): void;
}

let show: ((move: AwaitedMove) => void) | undefined;

/** Sets how the progress of awaited movements is shown in cells. */
export function onAwaitedMove(fn: (move: AwaitedMove) => void): void {
  show = fn;
}

/**
 * The promise of a movement for the code that awaits it. In a cell the movement shows its progress; when the
 * user interrupts the cell, the promise rejects and says that the movement goes on, and what ends it.
 *
 * A plan deals with interrupts itself, so nothing is changed while one runs.
 */
export function interruptible<T>(
  move: AwaitedMove,
  device: object | undefined,
  last: () => WatcherUpdate | undefined,
  promise: Promise<T>,
): Promise<T> {
  const signal = anyPlanRuns() ? undefined : currentHost().currentSignal();
  if (!signal) return promise;
  show?.(move);
  return new Promise<T>((resolve, reject) => {
    const abort = () => {
      const error = new Error(`${errorText(signal.reason)}: ${goesOn(move, device, last())}`, { cause: signal.reason });
      error.name = "KeyboardInterrupt";
      reject(error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    const settle = () => signal.removeEventListener("abort", abort);
    promise.then(resolve, reject).finally(settle);
  });
}

function goesOn(move: AwaitedMove, device: object | undefined, last: WatcherUpdate | undefined): string {
  const name = (device && writtenName(device)) || move.name || "the device";
  const to = last ? ` to ${withUnits(formatValue(last.target, { precision: last.precision }), last.unit)}` : "";
  return `${name} goes on${to}${isStoppable(device) ? `; ${name}.stop() ends it` : ""}`;
}

/** A device or a part of one, with its place in the tree of devices. */
interface InTree {
  readonly name: string;
  readonly parent?: InTree | null;
  children?(): Iterable<readonly [string, unknown]>;
}

/**
 * How code of the notebook writes a device: `lab.cryo`; its name with dots if no variable of the
 * notebook holds it.
 */
function writtenName(device: object): string {
  const path: string[] = [];
  for (let one: InTree | null | undefined = device as InTree; one; one = one.parent) {
    const variable = currentHost().nameOf?.(one);
    if (variable) return [variable, ...path].join(".");
    const child = one;
    const key = [...(one.parent?.children?.() ?? [])].find(([, other]) => other === child)?.[0];
    if (key === undefined) break;
    path.unshift(key);
  }
  return (device as InTree).name.replaceAll("-", ".");
}
