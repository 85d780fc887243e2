/** The result of `await RE(plan)`. */

import { currentHost } from "../../display/host";
import { $display, type Displayable, type MimeBundle } from "../../display/mimeBundle";
import { UsageError } from "../../errors";
import type { Document, ExitStatus, RunStart, RunStop } from "../documents/documents";
import type { RowData } from "./dataTable";
import { configurationOf, type RunConfiguration } from "./runConfiguration";
import { runBundle } from "./runDisplay";
import { type ExportOptions, type ImageFrame, type MeasuredRun, runExports } from "./runExports";
import { documentsOfRun, type RecordedRun, type RunRecord } from "./runRecord";
import type { RunTable } from "./runTable";
import { type RunPeaks, runViews } from "./runViews";

/**
 * How a plan ended, and what it measured. A plan that failed has no result: `await RE(plan)` rejects, and
 * `handle.table()` has its data.
 */
export class RunResult<T = unknown> implements Displayable {
  /** uids of the start documents, in the order in which the plan opened its runs. */
  readonly runStartUids: readonly string[];
  /** The return value of the plan; undefined if it was stopped, aborted or halted. */
  readonly planResult: T;
  /**
   * "success", also after `RE.stop()`; "abort" after `RE.abort()`, `RE.halt()` or a pause that could not be
   * resumed.
   */
  readonly exitStatus: ExitStatus;
  /** Whether the plan was ended from outside. */
  readonly interrupted: boolean;
  /** Why the plan was aborted; "" if no reason was given. */
  readonly reason: string;
  readonly #record: RunRecord;
  readonly #engineName: () => string;

  constructor(
    fields: Pick<RunResult<T>, "runStartUids" | "planResult" | "exitStatus" | "interrupted" | "reason">,
    record: RunRecord,
    engineName: () => string,
  ) {
    this.runStartUids = fields.runStartUids;
    this.planResult = fields.planResult;
    this.exitStatus = fields.exitStatus;
    this.interrupted = fields.interrupted;
    this.reason = fields.reason;
    this.#record = record;
    this.#engineName = engineName;
  }

  /**
   * The data of a stream, typed and with units.
   * @param stream default "primary"
   * @param uid the uid of one of the runs, or its first characters; default the latest run that has the
   * stream
   */
  table<R extends object = RowData>(stream?: string, uid?: string): RunTable<R> {
    return this.#record.table<R>(stream, uid);
  }

  /** The start document of the latest run: `run.start.sample`. @throws UsageError if there was no run */
  get start(): RunStart {
    const run = this.#record.runs.at(-1);
    if (!run) throw new UsageError("this plan has opened no run, so there is no start document");
    return run.start;
  }

  /** The stop document of the latest run; undefined if the plan opened none. */
  get stop(): RunStop | undefined {
    return this.#record.runs.at(-1)?.stop ?? undefined;
  }

  /** The names of the streams of the latest run, in their order. */
  streams(): string[] {
    return [...(this.#record.runs.at(-1)?.tables.keys() ?? [])];
  }

  /** The documents of the runs, in the order in which the plan opened them. */
  *documents(): Generator<Document, void, undefined> {
    for (const run of this.#record.runs) yield* documentsOfRun(run);
  }

  /** The peaks of the latest run: `run.peaks.cen.det`. Empty if it had no motor. */
  get peaks(): RunPeaks {
    const run = this.#record.runs.at(-1);
    return runViews().peaks(run ? documentsOfRun(run) : []);
  }

  /**
   * The plot of the latest run, to be the last expression of a cell.
   * @param options what to plot, for example `{ y: "det", x: "time", log: true }`; default: as during the run
   */
  plot(options: object = {}): Displayable {
    const run = this.#record.runs.at(-1);
    return runViews().plot([() => (run ? documentsOfRun(run) : [])], options);
  }

  /**
   * The configuration of the devices of a stream of the latest run, default `primary`, by device and key:
   * `run.config().cryo["cryo-ramp"]`. Empty if there is no such stream.
   */
  config(stream = "primary"): RunConfiguration {
    return configurationOf((this.#record.runs.at(-1)?.descriptors ?? []).filter(({ name }) => name === stream));
  }

  /** The readings before and after the latest run, of a plan with a baseline; undefined without one. */
  baseline(): RunTable | undefined {
    return this.#record.runs.at(-1)?.tables.get("baseline");
  }

  /**
   * Writes the runs into files of another format, which the ending tells: `.nxs` or `.h5` (NeXus),
   * `.parquet`, `.arrow`, `.csv`, `.json`, `.png` (the plot). Resolves with the paths of the files: one for
   * each stream where the format holds one table only, and for each run of a plan with several. Runs that
   * were kept are read from their files; of others, images and the times of single values are not known.
   * Rejects if the format is unknown, its library is not installed, or the plan opened no run.
   */
  export(path: string, options: ExportOptions = {}): Promise<string[]> {
    return runExports().export(this.#record.runs.map(measured), path, options);
  }

  /**
   * The images of a data key of the latest run one by one, read from the files of the detector (TIFF or
   * HDF5); default the first one that has images: `for await (const image of run.images("camera")) ...`.
   * Throws if the plan has opened no run; the first step rejects if the run was not kept in a folder.
   */
  images(key?: string): AsyncGenerator<ImageFrame, void, undefined> {
    const run = this.#record.runs.at(-1);
    if (!run) throw new UsageError("this plan has opened no run, so there are no images");
    return runExports().images(measured(run), key);
  }

  [$display](): MimeBundle {
    const name = currentHost().nameOf?.(this) ?? this.#engineName();
    return runBundle(this.#record, this.exitStatus, this.reason, name);
  }
}

function measured(run: RecordedRun): MeasuredRun {
  return { start: run.start, stop: run.stop ?? undefined, documents: () => documentsOfRun(run) };
}
