/** A folder as the place where an engine keeps its runs. */

import type { Plan } from "../core/protocols/msg";
import { UsageError } from "../errors";
import { runsFolder } from "../journal";
import { isAddress, publicAddress } from "../publicAddress";
import { NodeDescriptions } from "./files/nodeDescriptions";
import { RunFiles, type RunFilesOptions } from "./files/runFiles";
import { ScanIds } from "./files/scanIds";
import { RunFolder } from "./search/runFolder";

/** What a store uses of a RunEngine. */
export interface KeepingEngine {
  subscribe(fn: RunFiles["receive"]): number;
  pause(): void;
  readonly state: string;
  readonly state$: { subscribe(fn: (state: string) => void): unknown };
  preprocessors: unknown[];
  scanIdSource: unknown;
}

/** A folder for runs; see `folder`. */
export interface FolderStore {
  readonly kind: "folder";
  readonly dir: string;
  readonly options: RunFilesOptions;
}

/**
 * A folder for runs, with options: `createRunEngine({ store: folder("runs", { onFailure: "pause" }) })`. A
 * string alone means a folder without options.
 */
export function folder(dir = "runs", options: RunFilesOptions = {}): FolderStore {
  if (isAddress(dir))
    throw new UsageError(`${publicAddress(dir)} is an address, not a folder: a server is tiled("http://HOST:8000")`);
  return { kind: "folder", dir, options };
}

/**
 * Makes an engine keep its runs in a folder. If they cannot be written, the engine pauses or the plan fails,
 * as the options say.
 *
 * @param countsRuns whether the folder gives the runs their `scan_id`
 */
export function keepInFolder(engine: KeepingEngine, store: FolderStore, countsRuns: boolean): RunFiles {
  const { options } = store;
  const dir = runsFolder(store.dir);
  const print = options.failed ?? ((problem: string) => console.error(problem));
  const files: RunFiles = new RunFiles(dir, {
    ...options,
    failed: (problem) => {
      print(problem);
      if (files.onFailure === "pause" && engine.state === "running") engine.pause();
    },
  });
  engine.subscribe(files.receive);
  const descriptions = new NodeDescriptions(dir);
  engine.subscribe((name) => {
    if (name === "start") descriptions.keep();
  });
  if (files.onFailure === "pause") pauseAgain(engine, files, print);
  // The outermost preprocessor sees every message of the plan.
  if (files.onFailure === "fail") {
    const failing = (plan: Plan) => failingPlan(plan, () => files.problem);
    engine.preprocessors = [...(engine.preprocessors as (typeof failing)[]), failing];
  }
  if (countsRuns) {
    const ids = new ScanIds(dir, () => largestScanId(dir));
    engine.scanIdSource = (md: Readonly<Record<string, unknown>>) => ids.next(md);
  }
  return files;
}

/** After a resume the disk is tried at once; the plan pauses again if it still refuses. */
function pauseAgain(engine: KeepingEngine, files: RunFiles, print: (problem: string) => void): void {
  let previous = engine.state;
  engine.state$.subscribe((state) => {
    const isResumed = previous === "paused" && state === "running";
    previous = state;
    if (!isResumed) return;
    files.retry();
    const { problem } = files;
    if (problem === undefined) return;
    print(problem);
    // The engine is about to go on: it can be paused when it does.
    queueMicrotask(() => {
      if (engine.state === "running") engine.pause();
    });
  });
}

/** The plan, which fails at its next message when there is a problem. */
function* failingPlan(plan: Plan, problem: () => string | undefined): Plan {
  let failed = false;
  let isDone = false;
  try {
    let step = plan.next();
    while (!step.done) {
      const text = failed ? undefined : problem();
      if (text !== undefined) {
        failed = true;
        step = plan.throw(new Error(text));
        continue;
      }
      let result: unknown;
      try {
        result = yield step.value;
      } catch (error) {
        step = plan.throw(error);
        continue;
      }
      step = plan.next(result);
    }
    isDone = true;
    return step.value;
  } finally {
    if (!isDone) plan.return(undefined);
  }
}

function largestScanId(dir: string): number {
  try {
    return RunFolder.of(dir)
      .runs()
      .reduce((most, { start: { scan_id } }) => Math.max(most, typeof scan_id === "number" ? scan_id : 0), 0);
  } catch {
    // The folder does not exist yet.
    return 0;
  }
}
