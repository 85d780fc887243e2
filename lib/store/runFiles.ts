/** Writes every run of an engine into a file of its own. */

import { currentHost } from "../display/host";
import type { DocumentName, DocumentTypes, EventDescriptor, RunStart, RunStop } from "../engine/documents/documents";
import { reportError } from "../log";
import { RunFile } from "./runFile";

/**
 * Keeps every run in a file of its own, one document a line (`{"name":..., "doc":...}`), which bluesky's
 * tools can read: `RE.subscribe(new RunFiles("runs").receive)`. A failure of the disk is reported once for
 * each run and does not end the run.
 */
export class RunFiles {
  /** The folder that has folders for years, months and days. */
  readonly dir: string;
  readonly #open = new Map<string, RunFile>();
  /** The run of each descriptor, resource and stream resource, for documents that name only those. */
  readonly #runs = new Map<string, string>();
  #last: { readonly uid: string; readonly path: string } | undefined;
  #takeBack: (() => void) | undefined;
  readonly #atExit = () => this.close();

  /** @param dir the folder for the files. Default: `runs` in the working directory. */
  constructor(dir = "runs") {
    this.dir = dir;
  }

  /** The file of the newest run. */
  get lastPath(): string | undefined {
    return this.#last?.path;
  }

  /** The file of a run that is open, or of the newest run; undefined for others. */
  pathOf(uid: string): string | undefined {
    return this.#open.get(uid)?.path ?? (this.#last?.uid === uid ? this.#last.path : undefined);
  }

  /** Takes a document; pass it to `RE.subscribe`. */
  readonly receive = <N extends DocumentName>(name: N, doc: DocumentTypes[N]): void => {
    const uid = this.#runOf(name, doc);
    if (uid === undefined) return;
    if (name === "start") this.#begin(doc as RunStart);
    const file = this.#open.get(uid);
    if (!file) return;
    try {
      file.append(name, doc);
      if (name === "stop") this.#end(uid, file);
    } catch (error) {
      this.#failed(uid, file, error);
    }
  };

  /** Writes and closes the files of all open runs, as happens before the process ends. */
  close(): void {
    for (const [uid, file] of this.#open) {
      try {
        this.#end(uid, file);
      } catch (error) {
        this.#failed(uid, file, error);
      }
    }
  }

  #begin(start: RunStart): void {
    try {
      const file: RunFile = new RunFile(this.dir, start, (error) => this.#failed(start.uid, file, error));
      if (this.#open.size === 0) this.#watchExit();
      this.#open.set(start.uid, file);
      this.#last = { uid: start.uid, path: file.path };
    } catch (error) {
      reportError(
        `run ${start.uid.slice(0, 8)} is not kept: no file could be made in ${this.dir} (the run goes on)`,
        error,
      );
    }
  }

  #end(uid: string, file: RunFile): void {
    this.#forget(uid);
    file.close();
  }

  #failed(uid: string, file: RunFile, error: unknown): void {
    this.#forget(uid);
    try {
      file.close();
    } catch {
      // Most likely the same error again. The file keeps all that was written before.
    }
    reportError(`the rest of the run is not kept: ${file.path} could not be written (the run goes on)`, error);
  }

  #forget(uid: string): void {
    this.#open.delete(uid);
    for (const [reference, run] of this.#runs) if (run === uid) this.#runs.delete(reference);
    if (this.#open.size > 0) return;
    process.off("exit", this.#atExit);
    this.#takeBack?.();
    this.#takeBack = undefined;
  }

  #watchExit(): void {
    process.on("exit", this.#atExit);
    this.#takeBack = currentHost().onShutdown(this.#atExit);
  }

  #runOf<N extends DocumentName>(name: N, doc: DocumentTypes[N]): string | undefined {
    switch (name) {
      case "start":
        return (doc as RunStart).uid;
      case "stop":
        return (doc as RunStop).run_start;
      case "event":
      case "event_page":
        return this.#runs.get((doc as DocumentTypes["event"]).descriptor);
      case "datum":
        return this.#runs.get((doc as DocumentTypes["datum"]).resource);
      case "stream_datum":
        return this.#runs.get((doc as DocumentTypes["stream_datum"]).stream_resource);
      default: {
        const { uid, run_start } = doc as EventDescriptor;
        if (run_start !== undefined) this.#runs.set(uid, run_start);
        return run_start;
      }
    }
  }
}
