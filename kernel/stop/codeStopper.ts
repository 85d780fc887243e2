/**
 * Stops JavaScript on the main thread by force, from another thread, through V8's
 * inspector; the process continues.
 */

import { type Debugger, type Runtime, Session } from "node:inspector";
import { RUNS_A_CELL } from "./interruption";
import { evaluateOnMainThread } from "./mainThread";

/**
 * Makes Node clear its stack of async contexts, by reporting an uncaught error that a callback handles.
 *
 * The stopped frames end without running `finally`, including Node's own frames. Without this, Node would
 * find its stack uneven and end the process: "async hook stack has become corrupted".
 */
const CLEAR_ASYNC_CONTEXTS = `{
  const caught = process.hasUncaughtExceptionCaptureCallback();
  if (!caught) process.setUncaughtExceptionCaptureCallback(() => {});
  process._fatalException();
  if (!caught) process.setUncaughtExceptionCaptureCallback(null);
}`;
/**
 * Runs in the frame of Node's loop over immediates: marks the stopped immediate as done, so that the
 * rest of the loop runs later.
 */
const IMMEDIATE_IS_DONE =
  "immediate._onImmediate = () => {}; immediate._destroyed = false; immediateInfo[kCount]++; outstandingQueue.head = immediate;";

const RUNS_A_CELL_CALL = `globalThis[Symbol.for(${JSON.stringify(RUNS_A_CELL.description)})]()`;
/**
 * Code that seems to belong to no cell (for instance a listener of a server's connection) is stopped at this
 * attempt only: it may also be the kernel's own code, running just after the blocking code has ended.
 */
const ATTEMPTS_OUTSIDE_CELLS = 4;

/** How much memory was in use when code was stopped because memory was nearly full. */
export interface MemoryUse {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

export interface CodeStopperParts {
  /** The limit of the main thread's heap. */
  readonly heapLimitBytes: number;
  /** Whether the code that runs now may be stopped half-way. */
  mayStop(): boolean;
  /** Called when code was stopped; with `memory` if it was stopped because memory was nearly full. */
  onStopped(memory: MemoryUse | undefined): void;
}

export class CodeStopper {
  readonly #parts: CodeStopperParts;
  #session: Session | undefined;
  #stopping = false;
  #evaluating = false;
  #attempts = 0;

  constructor(parts: CodeStopperParts) {
    this.#parts = parts;
  }

  /** Whether an attempt to stop code has begun and has not ended. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /**
   * Stops the code of a cell that runs now, or that runs next. Resolves to whether it did. It does
   * not stop code that belongs to no cell or that may not be stopped now, nor begin a second
   * attempt while one is pending.
   */
  async stop(memory?: MemoryUse): Promise<boolean> {
    if (this.#stopping || !this.#mayStop()) return false;
    this.#stopping = true;
    const session = this.#attached();
    session.removeAllListeners("Debugger.paused");
    return new Promise((resolve) => {
      session.once("Debugger.paused", ({ params }) => this.#onPaused(session, params, memory, resolve));
      session.post("Debugger.setSkipAllPauses", { skip: false });
      session.post("Debugger.pause");
    });
  }

  /** Forgets earlier attempts: the code that blocked has ended by itself. */
  forget(): void {
    this.#attempts = 0;
  }

  /**
   * Evaluates an expression on the main thread, in the middle of the code that runs there, and resolves with
   * its value. Resolves with undefined while code is being stopped: code that is paused during an evaluation
   * would wait forever, since Node handles no inspector message in that pause if one came before it.
   */
  async evaluate(expression: string): Promise<unknown> {
    if (this.#stopping) return undefined;
    this.#evaluating = true;
    try {
      return await evaluateOnMainThread(expression);
    } finally {
      this.#evaluating = false;
    }
  }

  /**
   * From now on V8 pauses by itself when the heap is full, with some room left, and notifies us. Asynchronous
   * code is slower meanwhile, so use this only while the heap fills up.
   */
  guardHeap(): void {
    if (!this.#stopping) this.#attached();
  }

  /** Ends what `guardHeap` began. */
  release(): void {
    if (this.#session && !this.#stopping) this.#detach(this.#session);
  }

  #mayStop(): boolean {
    return !this.#evaluating && this.#parts.mayStop();
  }

  #attached(): Session {
    if (this.#session) return this.#session;
    const session = new Session();
    this.#session = session;
    session.connectToMainThread();
    session.on("Debugger.paused", ({ params }) => this.#onHeapFull(session, params));
    session.post("Debugger.enable", { maxScriptsCacheSize: 0 });
    // Ignore `debugger` statements: no debugger is attached.
    session.post("Debugger.setSkipAllPauses", { skip: true });
    return session;
  }

  /**
   * Called when JavaScript runs next, which may be some time after the pause was requested: decides
   * whether to stop that code.
   */
  #onPaused(
    session: Session,
    paused: Debugger.PausedEventDataType,
    memory: MemoryUse | undefined,
    stopped: (did: boolean) => void,
  ): void {
    session.post("Runtime.evaluate", { expression: RUNS_A_CELL_CALL }, (_, given) => {
      const runsACell = (given as Runtime.EvaluateReturnType | undefined)?.result.value === true;
      const blocks = !memory && ++this.#attempts >= ATTEMPTS_OUTSIDE_CELLS;
      const stops = this.#parts.mayStop() && (runsACell || blocks);
      if (stops) {
        this.#end(session, paused, () => memory);
      } else {
        session.post("Debugger.resume");
        this.#detach(session, () => {
          this.#stopping = false;
        });
      }
      stopped(stops);
    });
  }

  #onHeapFull(session: Session, paused: Debugger.PausedEventDataType): void {
    if (!this.#mayStop()) {
      // Let the code use the remaining room. After attaching again, V8 notifies us once more if the heap
      // fills up further.
      session.post("Debugger.resume");
      this.#detach(session);
      this.#attached();
      return;
    }
    this.#stopping = true;
    const { heapLimitBytes: limitBytes } = this.#parts;
    let usedBytes = limitBytes;
    session.post("Runtime.getHeapUsage", (_, usage) => {
      usedBytes = (usage as { readonly usedSize: number }).usedSize;
    });
    this.#end(session, paused, () => ({ usedBytes, limitBytes }));
  }

  #end(session: Session, { callFrames }: Debugger.PausedEventDataType, memory: () => MemoryUse | undefined): void {
    for (const { callFrameId, functionName } of callFrames) {
      if (functionName === "processImmediate") {
        session.post("Debugger.evaluateOnCallFrame", { callFrameId, expression: IMMEDIATE_IS_DONE });
      }
    }
    session.post("Runtime.evaluate", { expression: CLEAR_ASYNC_CONTEXTS });
    session.post("Runtime.terminateExecution");
    this.#detach(session, () => {
      this.#stopping = false;
      this.#attempts = 0;
      this.#parts.onStopped(memory());
    });
  }

  /** Also restores the old limit of the heap, or raises it to what the heap needs now. */
  #detach(session: Session, then?: () => void): void {
    this.#session = undefined;
    session.post("Debugger.disable", () => {
      session.disconnect();
      then?.();
    });
  }
}
