/** A RunEngine for notebooks: its runs are shown and kept. */

import { onAwaitedMove } from "./core/status/awaitedMove";
import { suspensionText } from "./engine/result/notices";
import { makeRunEngine, type RunEngine, type RunEngineOptions } from "./engine/runEngine";
import { BestEffortCallback } from "./live/bestEffortCallback";
import type { LiveOptions } from "./live/liveOptions";
import { showAwaitedMove } from "./live/progress/awaitedMoveLine";
import { type FolderStore, folder, keepInFolder } from "./store/folderStore";

onAwaitedMove(showAwaitedMove);

export interface NotebookOptions extends RunEngineOptions {
  /** Whether and how each run shows its table, plot and progress. Default true, by the hints of the devices. */
  readonly live?: boolean | LiveOptions;
  /**
   * Where runs are kept: a folder, or one with options: `folder("runs", {onFailure: "pause"})`. Default true.
   */
  readonly store?: boolean | string | FolderStore;
  /** Folder of the run files. Default `runs` in the working directory. */
  readonly dir?: string;
}

/**
 * A RunEngine with live table, plot, progress and run files: `const RE = createRunEngine()`, then `await
 * RE(scan([det], motor, 0, 1, 11))`. In a notebook the views grow in the cell of the run. Elsewhere the table
 * is printed as text.
 */
export function createRunEngine(options: NotebookOptions = {}): RunEngine {
  const { live = true, store = true, dir, ...engineOptions } = options;
  const RE = makeRunEngine(engineOptions);
  const kept = store === true ? folder(dir) : typeof store === "string" ? folder(store) : store;
  // Files are subscribed before the views, so that a document is kept before it is shown.
  const files = kept ? keepInFolder(RE, kept, engineOptions.scanIdSource === undefined) : undefined;
  if (live) {
    const views = new BestEffortCallback({ ...(live === true ? {} : live), fileOf: (uid) => files?.pathOf(uid) });
    RE.subscribe(views);
    RE.waiting$.subscribe((statuses) => views.waiting(statuses));
    RE.state$.subscribe((state) => views.engineState(state, RE.suspensions.map(suspensionText)));
  }
  return RE;
}
