/** Exports each run when it has ended, beside the engine. */

import { currentHost } from "../../display/host";
import type { DocumentName, DocumentTypes, RunStart, RunStop } from "../../engine/documents/documents";
import type { ExportOptions, MeasuredRun } from "../../engine/result/runExports";
import { errorText, UsageError } from "../../errors";
import { checkExport, exportRuns, ownPath } from "./exportRuns";
import type { RunSource } from "./runSource";

/** Where and how each run is exported: `{ path: "out/{plan}-{scan_id}.nxs", images: "copy" }`. */
export interface ExportTarget extends ExportOptions {
  /** The path, with the metadata in braces. */
  readonly path: string;
}

/** Keys by which the names of two runs differ. */
const OWN_KEYS = /\{(uid|uid8|scan_id)\}/;

/** Gives a run from its file; undefined if that is not complete. */
export type KeptRun = (run: Pick<MeasuredRun, "start" | "stop">) => RunSource | undefined;

export class RunExporter {
  readonly #path: string;
  readonly #options: ExportOptions;
  readonly #keptRun: KeptRun;
  readonly #open = new Map<string, RunStart>();
  #last: Promise<void> = Promise.resolve();

  /** @throws UsageError for a path or options that no run can be exported with */
  constructor(target: string | ExportTarget, keptRun: KeptRun) {
    const { path, ...options } = typeof target === "string" ? { path: target } : target;
    checkExport(path, options);
    // A run never replaces the file of another one.
    this.#path = OWN_KEYS.test(path) ? path : ownPath(path);
    this.#options = options;
    this.#keptRun = keptRun;
    currentHost().onShutdown(() => this.#last);
  }

  /**
   * Takes a document; pass it to `RE.subscribe`. The promise for a stop document resolves after the export.
   */
  readonly receive = <N extends DocumentName>(name: N, doc: DocumentTypes[N]): Promise<void> | undefined => {
    if (name === "start") this.#open.set((doc as RunStart).uid, doc as RunStart);
    if (name !== "stop") return undefined;
    const stop = doc as RunStop;
    const start = this.#open.get(stop.run_start);
    this.#open.delete(stop.run_start);
    if (start) this.#last = this.#last.then(() => this.#export(start, stop));
    return this.#last;
  };

  async #export(start: RunStart, stop: RunStop): Promise<void> {
    try {
      const run = this.#keptRun({ start, stop });
      if (!run) throw new UsageError("its file is not complete");
      await exportRuns([run], this.#path, this.#options);
    } catch (error) {
      const uid = start.uid.slice(0, 8);
      console.warn(`run ${uid} is not exported to ${this.#path}: ${errorText(error)} (the run itself is kept)`);
    }
  }
}
