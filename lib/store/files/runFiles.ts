/** Writes every run of an engine into a file of its own. */

import { join, resolve } from "node:path";
import { type ClockTimer, realClock } from "../../clock";
import { diskErrorText } from "../../disk";
import { currentHost } from "../../display/host";
import { DocumentRuns } from "../../engine/documents/documentRuns";
import type { DocumentName, DocumentTypes, RunStart } from "../../engine/documents/documents";
import { errorText, UsageError } from "../../errors";
import { checkOptions } from "../../options";
import { checkFileName, DEFAULT_FILE_NAME, fileNameOf } from "./fileName";
import { rememberPath } from "./keptPaths";
import { RunFileWriter } from "./runFileWriter";

/** What happens when a run cannot be written: a warning only, a pause of the plan, or its failure. */
export type FailurePolicy = "warn" | "pause" | "fail";

/** Options of run files. */
export interface RunFilesOptions {
  /** A template such as `{proposal}/{sample}/{plan}-{scan_id}`; default by date and time. */
  readonly fileName?: string;
  /**
   * What happens when a run cannot be written; default "warn". The engine of `createRunEngine` does it. In
   * each case documents wait in memory and are written as soon as the disk takes them.
   */
  readonly onFailure?: FailurePolicy;
  /** Called with one line when a run cannot be written; by default the line is printed. */
  readonly failed?: (problem: string) => void;
}

const POLICIES: readonly FailurePolicy[] = ["warn", "pause", "fail"];
/** Milliseconds between attempts to write runs that wait. */
const RETRY_MS = 1000;

/**
 * Keeps every run in a file of its own, one document a line (`{"name":..., "doc":...}`), which bluesky's
 * tools can read: `RE.subscribe(new RunFiles("runs").receive)`. A document is in the file before `receive`
 * returns. If the disk refuses, this is reported once for each run; the documents wait in memory (128 MB a
 * run at most) and are written as soon as the disk takes them.
 */
export class RunFiles {
  /** The folder of the run files. */
  readonly dir: string;
  readonly onFailure: FailurePolicy;
  /** The folder as it was named at the start: the working folder may change, or be deleted. */
  readonly #root: string;
  readonly #template: string;
  readonly #report: (problem: string) => void;
  /** The runs that are open, or that still wait to be written. */
  readonly #files = new Map<string, KeptRun>();
  readonly #runs = new DocumentRuns();
  #last: KeptRun | undefined;
  #takeBack: (() => void) | undefined;
  #timer: ClockTimer | undefined;
  readonly #atExit = () => this.close();

  /**
   * @param dir the folder for the files. Default: `runs` in the working directory.
   * @throws UsageError for a wrong template or policy.
   */
  constructor(dir = "runs", options: RunFilesOptions = {}) {
    checkOptions("RunFiles", options, { fileName: true, onFailure: true, failed: true });
    const { fileName = DEFAULT_FILE_NAME, onFailure = "warn", failed } = options;
    checkFileName(fileName);
    if (!POLICIES.includes(onFailure))
      throw new UsageError(`onFailure is ${POLICIES.join(", ")}, not ${JSON.stringify(onFailure)}`);
    this.dir = dir;
    this.#root = resolve(dir);
    this.onFailure = onFailure;
    this.#template = fileName;
    this.#report = failed ?? ((problem) => console.error(problem));
  }

  /** The file of the newest run. */
  get lastPath(): string | undefined {
    return this.#last?.file.path;
  }

  /** The first problem of a run that is not completely written now; undefined if all is in its files. */
  get problem(): string | undefined {
    for (const run of this.#files.values()) if (run.problem !== undefined) return run.problem;
    return undefined;
  }

  /** The file of a run that is open, or of the newest run; undefined for others. */
  pathOf(uid: string): string | undefined {
    const run = this.#files.get(uid) ?? (this.#last?.uid === uid ? this.#last : undefined);
    return run?.begun ? run.file.path : undefined;
  }

  /** Takes a document; pass it to `RE.subscribe`. */
  readonly receive = <N extends DocumentName>(name: N, doc: DocumentTypes[N]): void => {
    const uid = this.#runs.of(name, doc);
    if (uid === undefined) return;
    if (name === "start") this.#begin(doc as RunStart);
    const run = this.#files.get(uid);
    if (!run) return;
    this.#attempt(run, () => run.file.append(name, doc));
    if (name !== "stop") return;
    run.ended = true;
    if (run.file.complete) this.#forget(run);
  };

  /** Tries again to write what waits, without waiting for the next attempt. */
  retry(): void {
    for (const run of this.#files.values()) {
      if (run.problem === undefined) continue;
      this.#attempt(run, () => run.file.retry());
      if (run.ended && run.file.complete) this.#forget(run);
    }
  }

  /** Writes and closes the files of all open runs, as happens before the process ends. */
  close(): void {
    this.retry();
    for (const run of this.#files.values()) this.#forget(run);
  }

  #begin(start: RunStart): void {
    const name = fileNameOf(this.#template, start);
    const path = (attempt: number) => join(this.#root, `${name}${attempt ? `-${attempt}` : ""}.jsonl`);
    if (this.#files.size === 0) this.#watchExit();
    const run = new KeptRun(start, new RunFileWriter(path));
    this.#files.set(start.uid, run);
    this.#last = run;
  }

  /** Does something with the disk, and reports the first failure and the end of a failure. */
  #attempt(run: KeptRun, work: () => void): void {
    try {
      work();
      run.begun ||= run.file.complete;
      if (run.problem === undefined || !run.file.complete) return;
      run.problem = undefined;
      const lost = run.file.lost;
      const missing = lost > 0 ? `, but ${lost} documents are lost: there was no memory for them` : "";
      console.warn(`${run.words}: the disk takes it again, ${run.file.path} is complete${missing}`);
    } catch (error) {
      if (error instanceof RangeError) {
        if (!run.unwritable)
          this.#report(`a document of ${run.words} is not kept (the run goes on): ${errorText(error)}`);
        run.unwritable = true;
        return;
      }
      if (run.problem !== undefined) return;
      const what = run.begun
        ? `the rest of the run is not kept: ${run.file.path} could not be written`
        : `${run.words} is not kept: no file could be made in ${this.dir}`;
      run.problem = `${what} (${CONSEQUENCE[this.onFailure]}): ${diskErrorText(error)}`;
      this.#report(`${run.problem}; its documents wait in memory until the disk takes them`);
      this.#timer ??= realClock.interval(RETRY_MS / 1000, () => this.retry()).unref();
    }
  }

  #forget(run: KeptRun): void {
    run.file.close();
    if (run.ended && run.file.complete && !run.unwritable) rememberPath(run.uid, resolve(run.file.path));
    if (this.#files.get(run.uid) === run) this.#files.delete(run.uid);
    this.#runs.forget(run.uid);
    if (this.#files.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    process.off("exit", this.#atExit);
    this.#takeBack?.();
    this.#takeBack = undefined;
  }

  #watchExit(): void {
    process.on("exit", this.#atExit);
    this.#takeBack = currentHost().onShutdown(this.#atExit);
  }
}

const CONSEQUENCE: Readonly<Record<FailurePolicy, string>> = {
  warn: "the run goes on",
  pause: "the plan is paused",
  fail: "the plan fails",
};

/** A run that is written, or that waits to be. */
class KeptRun {
  readonly uid: string;
  readonly file: RunFileWriter;
  /** For messages: `run 3f9a2c41`. */
  readonly words: string;
  /** Why the run is not completely on the disk now. */
  problem: string | undefined;
  /** Whether its file was made. */
  begun = false;
  /** Whether its stop document came. */
  ended = false;
  /** Whether a document could not be encoded. */
  unwritable = false;

  constructor(start: RunStart, file: RunFileWriter) {
    this.uid = start.uid;
    this.file = file;
    this.words = `run ${String(start.uid).slice(0, 8)}`;
  }
}
