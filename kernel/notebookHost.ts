/** What the library asks of the place where it runs (lib/display/host.ts), answered by the cells of this process. */

import { type Host, registerHost } from "../lib/display/host";
import { bindToCell, currentCell } from "./cell";
import { onTslabDisplay } from "./tslabAdapter";

/** Disposers must be done within this time, or the process ends without them. */
const SHUTDOWN_MS = 500;

const disposers = new Set<() => void | Promise<void>>();

/** Makes the cells of this process the place where views of the library appear; `tslab.display` of cells goes the same way. */
export function registerNotebookHost(): void {
  const host: Host = {
    rich: true,
    display: (data, { id, update } = {}) =>
      currentCell()?.publish(update ? "update_display_data" : "display_data", {
        data,
        metadata: {},
        transient: id === undefined ? {} : { display_id: id },
      }),
    currentSignal: () => currentCell()?.signal,
    bind: bindToCell,
    hold: (work) => currentCell()?.hold(work),
    onShutdown: (fn) => {
      disposers.add(fn);
      return () => disposers.delete(fn);
    },
  };
  registerHost(host);
  onTslabDisplay((data, update) => currentCell()?.publish(update ? "update_display_data" : "display_data", data));
}

/** Runs what asked to run before the process ends, all of it, and gives up on what takes longer than half a second. */
export async function runShutdown(): Promise<void> {
  const running = [...disposers].reverse().map(async (fn) => fn());
  disposers.clear();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, SHUTDOWN_MS);
  });
  await Promise.race([Promise.allSettled(running), deadline]);
  clearTimeout(timer);
}
