/** What the library asks of the place where it runs (lib/display/host.ts), answered by the cells of this process. */

import { setTimeout } from "node:timers/promises";
import { type Host, registerHost } from "../../lib/display/host";
import { onTslabDisplay } from "../tslabAdapter";
import { bindToCell, currentCell } from "./cell";
import { isJupyterConsole } from "./jupyterConsole";

/** Plans may take so long to end, and then connections to close: Jupyter waits 2.5 s for a kernel. */
const STEP_MS = 700;

type Disposer = () => void | Promise<void>;

const activities = new Set<Disposer>();
const resources = new Set<Disposer>();
const stopListeners = new Set<() => void>();

/** Makes the cells of this process the place where views of the library appear; `tslab.display` of cells goes the same way. */
export function registerNotebookHost(): void {
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
    hold: (work) => currentCell()?.hold(work),
    onShutdown: (fn, kind) => {
      const disposers = kind === "activity" ? activities : resources;
      disposers.add(fn);
      return () => disposers.delete(fn);
    },
    onCodeStopped: (fn) => {
      stopListeners.add(fn);
      return () => stopListeners.delete(fn);
    },
  };
  registerHost(host);
  onTslabDisplay((data, update) => currentCell()?.publish(update ? "update_display_data" : "display_data", data));
}

/** Tells that code was stopped by force. */
export function tellCodeStopped(): void {
  for (const listener of [...stopListeners]) listener();
}

/** Runs what asked to run before the process ends: plans are ended before what they need is closed. What takes too long is given up. */
export async function runShutdown(): Promise<void> {
  for (const disposers of [activities, resources]) {
    const running = [...disposers].reverse().map(async (fn) => fn());
    disposers.clear();
    await atMost(STEP_MS, Promise.allSettled(running));
  }
}

async function atMost(limitMs: number, work: Promise<unknown>): Promise<void> {
  const end = new AbortController();
  const limit = setTimeout(limitMs, undefined, { signal: end.signal });
  await Promise.race([work, limit]);
  end.abort();
  await limit.catch(() => undefined);
}
