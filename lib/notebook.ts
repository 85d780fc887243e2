/** A RunEngine for notebooks: its runs are shown and kept. */

import { onAwaitedMove } from "./core/status/awaitedMove";
import { provenance } from "./engine/documents/provenance";
import { suspensionText } from "./engine/result/notices";
import { makeRunEngine } from "./engine/runEngine";
import { ENGINE_OPTIONS, type RunEngine, type RunEngineOptions } from "./engine/runEngineMembers";
import { UsageError } from "./errors";
import { BestEffortCallback } from "./live/bestEffortCallback";
import type { LiveOptions } from "./live/liveOptions";
import { showAwaitedMove } from "./live/progress/awaitedMoveLine";
import { checkOptions, type OptionNames } from "./options";
import { type ExportTarget, RunExporter } from "./store/export/runExporter";
import { keepRuns, type RunStore } from "./store/keepRuns";
import type { PublishTarget } from "./store/publish/publisher";
import { DocumentPublisher, publishTarget } from "./store/publish/publishRuns";
import { keptRun } from "./store/runs/measuredRuns";

onAwaitedMove(showAwaitedMove);

/** Options of `createRunEngine`: those of the engine, and what a notebook adds. */
export interface NotebookOptions extends RunEngineOptions {
  /**
   * Whether and how each run shows its table, plot and progress. Default true, by the hints of the devices.
   */
  readonly live?: boolean | LiveOptions;
  /**
   * Where runs are kept: a folder, `folder("runs", {onFailure: "pause"})`, `tiled("http://tiled.lab:8000")`,
   * or a list of them. Default true: the folder `dir`. A folder is always written first, also beside a
   * server.
   */
  readonly store?: boolean | RunStore | readonly RunStore[];
  /**
   * Brokers that get the documents as they are made: `nats("nats://broker:4222")`, `zmq("tcp://proxy:5577")`,
   * or their addresses. Default: none.
   */
  readonly publish?: string | PublishTarget | readonly (string | PublishTarget)[];
  /**
   * Files of other formats that each run gets when it has ended: a path with metadata in braces, such as
   * `"out/{plan}-{scan_id}.nxs"`, with options `{ path: "out/{uid}.nxs", images: "copy" }`, or a list of
   * them. A path without `{scan_id}` or `{uid}` gets both appended. Default: none.
   */
  readonly export?: string | ExportTarget | readonly (string | ExportTarget)[];
  /** Folder of the run files. Default `runs` in the working directory. */
  readonly dir?: string;
}

const OPTIONS: OptionNames<NotebookOptions> = {
  live: true,
  store: true,
  publish: true,
  export: true,
  dir: true,
  ...ENGINE_OPTIONS,
};

/**
 * A RunEngine with live table, plot, progress and run files: `const RE = createRunEngine()`, then `await
 * RE(scan([det], motor, 0, 1, 11))`. In a notebook the views grow in the cell of the run. Elsewhere the table
 * is printed as text.
 */
export function createRunEngine(options: NotebookOptions = {}): RunEngine {
  checkOptions("createRunEngine", options, OPTIONS);
  const { live = true, store = true, dir, publish = [], export: exported = [], ...engineOptions } = options;
  const RE = makeRunEngine({ provenance: provenance(), ...engineOptions });
  // Files are subscribed before the views, so that a document is kept before it is shown.
  const countsRuns = engineOptions.scanIdSource === undefined;
  const files = store === false ? undefined : keepRuns(RE, store === true ? [] : store, dir, countsRuns);
  for (const target of [exported].flat() as (string | ExportTarget)[]) {
    if (store === false) throw new UsageError("runs are exported from their files, and store: false writes none");
    RE.subscribe(new RunExporter(target, keptRun).receive);
  }
  for (const target of [publish].flat() as (string | PublishTarget)[])
    RE.subscribe(new DocumentPublisher(publishTarget(target)).receive);
  if (live) {
    const views = new BestEffortCallback({ ...(live === true ? {} : live), fileOf: (uid) => files?.pathOf(uid) });
    RE.subscribe(views);
    RE.waiting$.subscribe((statuses) => views.waiting(statuses));
    RE.state$.subscribe((state) => views.engineState(state, RE.suspensions.map(suspensionText)));
  }
  return RE;
}
