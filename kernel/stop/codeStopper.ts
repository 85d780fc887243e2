/** Stops JavaScript that runs on the main thread, from another thread and by force, through V8's inspector; the process goes on. */

import { type Debugger, type Runtime, Session } from "node:inspector";
import { RUNS_A_CELL } from "./interruption";
import { evaluateOnMainThread } from "./mainThread";

/**
 * The frames that are stopped are gone without `finally`, Node's own among them; else it ends the process: "async hook stack has
 * become corrupted". Node clears its stack after an error that was caught at last, so it is told of one.
 */
const CLEAR_ASYNC_CONTEXTS = `{
  const caught = process.hasUncaughtExceptionCaptureCallback();
  if (!caught) process.setUncaughtExceptionCaptureCallback(() => {});
  process._fatalException();
  if (!caught) process.setUncaughtExceptionCaptureCallback(null);
}`;
/** In the frame of Node's loop over immediates: the stopped one counts as run, the rest of the loop follows. */
const IMMEDIATE_IS_DONE =
  "immediate._onImmediate = () => {}; immediate._destroyed = false; immediateInfo[kCount]++; outstandingQueue.head = immediate;";

const RUNS_A_CELL_CALL = `globalThis[Symbol.for(${JSON.stringify(RUNS_A_CELL.description)})]()`;
/**
 * Code that seems to be of no cell (a server's own connection, say) is stopped where it blocked so many attempts. It may also be ours,
 * and the blocking code have ended just before.
 */
const ATTEMPTS = 4;

/** How much of the memory was in use when code was stopped because of it. */
export interface MemoryUse {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

export interface CodeStopperParts {
  /** Of the main thread. */
  readonly heapLimitBytes: number;
  /** Whether what runs now may be stopped half way. */
  mayStop(): boolean;
  /** Code was stopped; `memory` is there if it was because of it. */
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

  get stopping(): boolean {
    return this.#stopping;
  }

  /**
   * Stops the code of a cell that runs, or that runs next. Resolves with whether it did: not where what runs is no code of a cell or
   * may not be stopped now, or is being stopped already.
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

  /** What blocked before the attempts to stop it has ended by itself. */
  forget(): void {
    this.#attempts = 0;
  }

  /**
   * Resolves with the value of an expression of ours, evaluated on the main thread in the middle of what runs there; with undefined while
   * that is being stopped. The two exclude each other: code paused within an evaluation waits for ever, since Node takes no
   * message in that pause if one came before it.
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
   * From now on V8 stops by itself where the heap is full, and tells us; it has room for some more then. Asynchronous code is
   * slower meanwhile, so this is for a heap that fills up.
   */
  guardHeap(): void {
    if (!this.#stopping) this.#attached();
  }

  /** Ends the guard. */
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
    // A `debugger` statement is nobody's business here.
    session.post("Debugger.setSkipAllPauses", { skip: true });
    return session;
  }

  /** The pause comes when JavaScript runs next, which may be some time after it was asked for. */
  #onPaused(
    session: Session,
    paused: Debugger.PausedEventDataType,
    memory: MemoryUse | undefined,
    stopped: (did: boolean) => void,
  ): void {
    session.post("Runtime.evaluate", { expression: RUNS_A_CELL_CALL }, (_, given) => {
      const runsACell = (given as Runtime.EvaluateReturnType | undefined)?.result.value === true;
      const blocks = !memory && ++this.#attempts >= ATTEMPTS;
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
      // It may use the room. Attached anew, V8 tells again when code goes on to fill it.
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

  /** Also gives the heap its old limit back, or what it needs now. */
  #detach(session: Session, then?: () => void): void {
    this.#session = undefined;
    session.post("Debugger.disable", () => {
      session.disconnect();
      then?.();
    });
  }
}
