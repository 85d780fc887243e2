/**
 * Makes the notebook the host of the library (lib/display/host.ts): its views appear in
 * the cells of this process.
 */

import { type CodeOrigin, type Host, registerHost } from "../../lib/display/host";
import { inTime } from "../../lib/timeLimit";
import { onTslabDisplay } from "../tslabAdapter";
import { askingCell, bindToCell, type Cell, currentCell } from "./cell";
import { isJupyterConsole } from "./jupyterConsole";

/**
 * Seconds that plans may take to end, and then connections to close: in all less than the 2.5 s that Jupyter
 * waits for a kernel.
 */
const SHUTDOWN_STEP = 0.7;

type Disposer = () => void | Promise<void>;

const activities = new Set<Disposer>();
const resources = new Set<Disposer>();
const stopListeners = new Set<() => void>();

/**
 * Makes views of the library, and what cells show by `tslab.display`, appear in the
 * cells whose code shows them.
 *
 * @param values the names of the notebook and their values
 * @param originOf where the code of a cell comes from
 * @param interrupt interrupts the running cells
 */
export function registerNotebookHost(
  values: () => ReadonlyMap<string, unknown>,
  originOf: (cell: Cell) => CodeOrigin,
  interrupt: () => void,
): void {
  const host: Host = {
    get rich() {
      return !isJupyterConsole();
    },
    display: (data, { id, update } = {}) =>
      currentCell()?.publish(update ? "update_display_data" : "display_data", {
        data,
        metadata: {},
        transient: id === undefined ? {} : { display_id: id },
      }),
    currentSignal: () => {
      const cell = currentCell();
      return cell?.ended ? undefined : cell?.signal;
    },
    bind: bindToCell,
    ask: (prompt) => askingCell()?.ask(prompt, false),
    hold: (work) => currentCell()?.hold(work),
    atCellEnd: (fn) => {
      const cell = currentCell();
      if (!cell || cell.ended) return false;
      cell.atEnd(bindToCell(fn));
      return true;
    },
    onShutdown: (fn, kind) => {
      const disposers = kind === "activity" ? activities : resources;
      disposers.add(fn);
      return () => disposers.delete(fn);
    },
    onCodeStopped,
    interrupt,
    nameOf: (object) => {
      for (const [name, value] of values()) if (value === object) return name;
      return undefined;
    },
    codeOrigin: () => {
      const cell = currentCell();
      return cell && originOf(cell);
    },
  };
  registerHost(host);
  onTslabDisplay((data, update) => currentCell()?.publish(update ? "update_display_data" : "display_data", data));
}

/** Calls `fn` after code was stopped by force. Returns a function that unregisters it. */
export function onCodeStopped(fn: () => void): () => void {
  stopListeners.add(fn);
  return () => stopListeners.delete(fn);
}

/** Notifies the kernel and the library that code was stopped by force. */
export function notifyCodeStopped(): void {
  for (const listener of [...stopListeners]) listener();
}

/**
 * Runs everything registered by `onShutdown`, before the process ends: first plans end, then what they need
 * is closed. A step that takes too long is given up.
 */
export async function runShutdown(): Promise<void> {
  for (const disposers of [activities, resources]) {
    const running = [...disposers].reverse().map(async (fn) => fn());
    disposers.clear();
    await inTime(Promise.allSettled(running), SHUTDOWN_STEP, undefined, { real: true });
  }
}
