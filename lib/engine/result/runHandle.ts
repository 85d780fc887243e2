/** What `RE(plan)` returns at once: it can be awaited, and it controls the plan while it runs. */

import type { Observable } from "rxjs";
import { $changesWithin, $display, type Changing, type MimeBundle } from "../../display/mimeBundle";
import type { Document } from "../documents/documents";
import type { RunEngineState } from "../engineSettings";
import type { RowData } from "./dataTable";
import type { RunResult } from "./runResult";
import type { RunTable } from "./runTable";

/** The parts of a handle. */
export interface HandleParts<T> {
  readonly result: Promise<RunResult<T>>;
  readonly documents$: Observable<Document>;
  readonly control: RunControl;
  readonly state: () => RunEngineState;
  readonly table: <R extends object>(stream?: string, uid?: string) => RunTable<R>;
  readonly documents: () => Iterable<Document>;
  readonly display: () => MimeBundle;
  /** Called when code awaits the handle: it gets the error of a plan that fails, so no notice is needed. */
  readonly onAwaited: () => void;
}

/** The verbs of a running plan. All can be called at any time and from any code. */
export interface RunControl {
  /** Pauses now, or with `defer` at the next checkpoint. The result stays awaited. */
  pause(defer?: boolean): void;
  /** Goes on after a pause: back to the last checkpoint, then forward. */
  resume(): void;
  /** Ends the plan, lets it clean up and marks its runs "abort". Resolves when idle. */
  abort(reason?: string): Promise<RunResult>;
  /** Ends the plan early, lets it clean up and marks its runs "success". Resolves when idle. */
  stop(): Promise<RunResult>;
  /**
   * Ends the plan without letting it clean up; moving devices are stopped, runs are marked "abort", or as
   * given. Resolves when idle.
   */
  halt(exitStatus?: "abort" | "success"): Promise<RunResult>;
}

/**
 * Resolves when the plan ends, also if it was stopped, aborted or halted (`interrupted`, `exitStatus`),
 * however often it was paused. Rejects with the plan's error if it failed.
 */
export class RunHandle<T = unknown> implements PromiseLike<RunResult<T>>, RunControl, Changing {
  /** The documents of this call; completes at its end. */
  readonly documents$: Observable<Document>;
  readonly #parts: HandleParts<T>;

  constructor(parts: HandleParts<T>) {
    this.#parts = parts;
    this.documents$ = parts.documents$;
  }

  /** The state of the engine while it runs this plan, then "idle". */
  get state(): RunEngineState {
    return this.#parts.state();
  }

  /** Pauses now, or with `defer` at the next checkpoint. */
  pause(defer = false): void {
    this.#parts.control.pause(defer);
  }

  /** Goes on after a pause: back to the last checkpoint, then forward. */
  resume(): void {
    this.#parts.control.resume();
  }

  /** Ends the plan, lets it clean up and marks its runs "abort". Resolves when idle. */
  abort(reason = ""): Promise<RunResult> {
    return this.#parts.control.abort(reason);
  }

  /** Ends the plan early, lets it clean up and marks its runs "success". Resolves when idle. */
  stop(): Promise<RunResult> {
    return this.#parts.control.stop();
  }

  /** Ends the plan without letting it clean up; moving devices are stopped. Resolves when idle. */
  halt(exitStatus: "abort" | "success" = "abort"): Promise<RunResult> {
    return this.#parts.control.halt(exitStatus);
  }

  /** The data measured so far, also of a plan that failed; see `RunResult.table`. */
  table<R extends object = RowData>(stream?: string, uid?: string): RunTable<R> {
    return this.#parts.table<R>(stream, uid);
  }

  /** The documents so far, also of a plan that failed. */
  documents(): Iterable<Document> {
    return this.#parts.documents();
  }

  // biome-ignore lint/suspicious/noThenProperty: a handle is awaitable by contract
  then<A = RunResult<T>, B = never>(
    onFulfilled?: ((result: RunResult<T>) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#parts.onAwaited();
    return this.#parts.result.then(onFulfilled, onRejected);
  }

  /** Like `then` with the second function only: handles the error of a plan that failed. */
  catch<B = never>(onRejected: (reason: unknown) => B | PromiseLike<B>): Promise<RunResult<T> | B> {
    return this.then(undefined, onRejected);
  }

  [$display](): MimeBundle {
    return this.#parts.display();
  }

  /** While the plan goes on, what it shows changes. */
  [$changesWithin](): number | undefined {
    return this.state === "idle" ? undefined : 0.5;
  }
}
