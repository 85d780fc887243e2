/** One execution of one cell, and how code finds the cell that it belongs to. */

// Code finds its cell by async context, so that a timer or a promise of an earlier cell still belongs to that
// cell.

import { AsyncLocalStorage } from "node:async_hooks";
import type { Interruption } from "../../lib/display/host";
import { inTime } from "../../lib/timeLimit";
import type { PublishOptions, StreamName } from "../protocol/index";
import { type MemoryUse, RUNS_A_CELL } from "../stop/index";
import type { CellError } from "./cellError";

/** Where the output of a cell goes: to a front-end or, for a silent request, nowhere. */
export interface OutputSink {
  stream(name: StreamName, text: string): void;
  /** Publishes any other message of Jupyter's iopub channel, by its type. Throws if `content` is not JSON. */
  publish(type: string, content: object, options?: PublishOptions): void;
  /** Whether the output is discarded, since the code is not a cell of the notebook. Default false. */
  readonly isSilent?: boolean;
  /** Whether the front-end can ask the user for a line of text. Default true. */
  readonly canAsk?: boolean;
  /** Asks the user for a line of text. Rejects if the front-end cannot ask, and when `signal` is aborted. */
  ask(prompt: string, password: boolean, signal: AbortSignal): Promise<string>;
}

/** The facts about a cell that a front-end may give in the metadata of its request. */
export interface CellMetadata {
  /** The id of the cell in the notebook. */
  readonly cellId?: unknown;
  readonly tags?: unknown;
}

/** The reason of a cell's AbortSignal after an interrupt. For its members see `Interruption`. */
export class KeyboardInterrupt extends Error implements Interruption {
  override readonly name = "KeyboardInterrupt";
  // Private, because an error is shown with its fields, and these say nothing to the user.
  readonly #interruption: Required<Interruption>;

  constructor(message: string, interruption: Required<Interruption>) {
    super(message);
    this.#interruption = interruption;
  }

  get final(): boolean {
    return this.#interruption.final;
  }

  get serving(): Required<Interruption>["serving"] {
    return this.#interruption.serving;
  }

  get accepted(): Required<Interruption>["accepted"] {
    return this.#interruption.accepted;
  }

  /** The error of a cell whose child process was ended by an interrupt while the cell waited for it. */
  static ofChild(cell: string): KeyboardInterrupt {
    const ignored = { final: false, serving: () => {}, accepted: () => {} };
    return new KeyboardInterrupt(`${cell} was interrupted`, ignored);
  }
}

/** The reason of a cell's AbortSignal after its code was stopped because memory was nearly full. */
export class OutOfMemory extends Error {
  override readonly name = "OutOfMemory";

  constructor({ usedBytes, limitBytes }: MemoryUse) {
    const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
    super(
      `the code was stopped: the notebook holds ${gigabytes(usedBytes)}, and this kernel may use ${gigabytes(limitBytes)}. ` +
        "Keep less data, or restart the kernel; the environment variable NODE_OPTIONS=--max-old-space-size=8192 (MB) gives objects more room",
    );
  }
}

/** One execution of one cell: its output, its interrupt, and what it still waits for. */
export class Cell {
  /** The number in `In[n]`. */
  readonly count: number;
  readonly code: string;
  readonly metadata: CellMetadata;
  readonly #output: OutputSink;
  readonly #abort = new AbortController();
  readonly #held = new Set<Promise<unknown>>();
  readonly #endings: (() => void)[] = [];
  #ended = false;
  #lateOutputMarked = false;
  #uncaught: CellError | undefined;

  constructor(count: number, code: string, output: OutputSink, metadata: CellMetadata = {}) {
    this.count = count;
    this.code = code;
    this.metadata = metadata;
    this.#output = output;
  }

  get name(): string {
    return `In[${this.count}]`;
  }

  /** Whether its code is not a cell of the notebook, so that its output is discarded. */
  get isSilent(): boolean {
    return this.#output.isSilent ?? false;
  }

  /** Aborted when the user interrupts the cell. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Aborts the signal. */
  interrupt(reason: Error): void {
    this.#abort.abort(reason);
  }

  /** Output after the interrupt is wanted, so it is not marked as late. */
  expectLateOutput(): void {
    this.#lateOutputMarked = true;
  }

  /** When the code of the cell had ended (ms, by `performance.now`); undefined while it runs. */
  codeEndMs: number | undefined;

  /** Whether the reply was sent; output from now on is late. */
  get ended(): boolean {
    return this.#ended;
  }

  end(): void {
    for (const fn of this.#endings.splice(0)) fn();
    this.#ended = true;
  }

  /** Calls `fn` when the cell ends, before its reply. */
  atEnd(fn: () => void): void {
    this.#endings.push(fn);
  }

  stream(name: StreamName, text: string): void {
    this.#markLate();
    this.#output.stream(name, text);
  }

  publish(type: string, content: object, options?: PublishOptions): void {
    this.#markLate();
    this.#output.publish(type, content, options);
  }

  /** Shows an error that nobody caught. The cell fails if it has not ended yet. */
  publishUncaught(error: CellError): void {
    this.#uncaught ??= error;
    this.publish("error", error);
  }

  /** The first error of its code that nobody caught, for instance of a promise without `await`. */
  get uncaught(): CellError | undefined {
    return this.#uncaught;
  }

  /** Whether `ask` can be answered. */
  get canAsk(): boolean {
    return this.#output.canAsk !== false;
  }

  ask(prompt: string, password: boolean): Promise<string> {
    return this.#output.ask(prompt, password, this.signal);
  }

  /**
   * Makes the cell wait for `work` after its code has ended: output that comes a little later than the code.
   */
  hold(work: Promise<unknown>): void {
    this.#held.add(work);
    const done = (): void => void this.#held.delete(work);
    work.then(done, done);
  }

  /** Resolves when all held work is settled, after `limit` seconds, or when the user interrupts. */
  async released(limit: number): Promise<void> {
    if (this.#held.size === 0) return;
    // If the user has interrupted already, the cell ends because of that, but still waits for what its end
    // shows.
    const interrupted = this.signal.aborted ? undefined : this.signal;
    await inTime(Promise.allSettled(this.#held), limit, interrupted, { real: true });
  }

  /** Marks output of code that continues after its cell was interrupted, once. */
  #markLate(): void {
    if (!this.#ended || this.#lateOutputMarked || !this.signal.aborted) return;
    this.#lateOutputMarked = true;
    this.#output.stream("stderr", `\n${this.name} was interrupted, but its code continues:\n`);
  }
}

const storage = new AsyncLocalStorage<Cell>();
let latest: Cell | undefined;

/** Runs `fn` as code of `cell`: everything that it starts, now or later, belongs to the cell. */
export function runInCell<T>(cell: Cell, fn: () => T): T {
  latest = cell;
  return storage.run(cell, fn);
}

// The control thread calls this through the inspector, in the middle of the running code.
Object.defineProperty(globalThis, RUNS_A_CELL, { value: () => storage.getStore() !== undefined, configurable: true });

/**
 * The cell whose code calls this. For code that belongs to no cell (for instance of a server's
 * connection), the latest cell.
 */
export function currentCell(): Cell | undefined {
  return storage.getStore() ?? latest;
}

/**
 * The cell in which code can ask the user: its own, or the latest one if its own has ended. For instance, a
 * plan that was paused goes on in another cell. Undefined if neither can ask.
 */
export function askingCell(): Cell | undefined {
  return [currentCell(), latest].find((cell) => cell?.canAsk && !cell.ended);
}

/**
 * Binds a callback to the cell whose code calls this, so that a later call from elsewhere
 * still belongs to that cell.
 */
export function bindToCell<F extends (...args: never[]) => unknown>(fn: F): F {
  const cell = currentCell();
  if (!cell) return fn;
  return ((...args: never[]) => storage.run(cell, () => fn(...args))) as F;
}
