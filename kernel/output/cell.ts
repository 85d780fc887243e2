/** One execution of one cell, and how code finds the cell it belongs to: by async context, not by what runs at the moment. */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Interruption } from "../../lib/display/host";
import type { PublishOptions, StreamName } from "../protocol/index";
import { type MemoryUse, RUNS_A_CELL } from "../stop/index";

/** Where the output of a cell goes: a front-end, or a notebook file. */
export interface OutputSink {
  stream(name: StreamName, text: string): void;
  /** Any other message of Jupyter's iopub channel, by its type. Throws if `content` is not JSON. */
  publish(type: string, content: object, options?: PublishOptions): void;
  /** Asks the person for a line. Rejects where nobody can answer. */
  ask(prompt: string, password: boolean): Promise<string>;
}

/** The reason of a cell's AbortSignal after an interrupt. */
export class KeyboardInterrupt extends Error implements Interruption {
  override readonly name = "KeyboardInterrupt";
  readonly final: boolean;
  readonly serving: (until: Promise<unknown>, again: () => boolean) => void;
  readonly accepted: () => void;

  constructor(message: string, { final, serving, accepted }: Required<Interruption>) {
    super(message);
    this.final = final;
    this.serving = serving;
    this.accepted = accepted;
  }
}

/** The reason of a cell's AbortSignal after its code was stopped because memory was nearly full. */
export class OutOfMemory extends Error {
  override readonly name = "OutOfMemory";

  constructor({ usedBytes, limitBytes }: MemoryUse) {
    const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
    super(
      `the code was stopped: the notebook holds ${gigabytes(usedBytes)}, and this kernel may use ${gigabytes(limitBytes)}. ` +
        "Keep less, or restart the kernel; the environment variable NODE_OPTIONS=--max-old-space-size=8192 (MB) gives objects more room",
    );
  }
}

export class Cell {
  /** The number in `In[n]`. */
  readonly count: number;
  readonly code: string;
  readonly #output: OutputSink;
  readonly #abort = new AbortController();
  readonly #held = new Set<Promise<unknown>>();
  #ended = false;
  #lateMarked = false;

  constructor(count: number, code: string, output: OutputSink) {
    this.count = count;
    this.code = code;
    this.#output = output;
  }

  get name(): string {
    return `In[${this.count}]`;
  }

  /** Aborted when the person interrupts the cell. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Aborts the signal. */
  interrupt(reason: Error): void {
    this.#abort.abort(reason);
  }

  /** Output that comes after the interrupt is as wanted as before. */
  expectLateOutput(): void {
    this.#lateMarked = true;
  }

  /** Whether the reply went out: what comes now is late. */
  get ended(): boolean {
    return this.#ended;
  }

  end(): void {
    this.#ended = true;
  }

  stream(name: StreamName, text: string): void {
    this.#markLate();
    this.#output.stream(name, text);
  }

  publish(type: string, content: object, options?: PublishOptions): void {
    this.#markLate();
    this.#output.publish(type, content, options);
  }

  ask(prompt: string, password: boolean): Promise<string> {
    return this.#output.ask(prompt, password);
  }

  /** Output that comes a little after the code: the cell ends after it. */
  hold(work: Promise<unknown>): void {
    this.#held.add(work);
    const done = () => this.#held.delete(work);
    work.then(done, done);
  }

  /** Resolves when all that was held is settled, or after `limitMs`, or when the person interrupts. */
  async released(limitMs: number): Promise<void> {
    if (this.#held.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => {
      timer = setTimeout(resolve, limitMs);
      this.signal.addEventListener("abort", resolve, { once: true });
    });
    await Promise.race([Promise.allSettled(this.#held), limit]);
    clearTimeout(timer);
  }

  /** Code that went on after its cell was interrupted should not look as if it was still wanted. */
  #markLate(): void {
    if (!this.#ended || this.#lateMarked || !this.signal.aborted) return;
    this.#lateMarked = true;
    this.#output.stream("stderr", `\n${this.name} was interrupted, but its code goes on:\n`);
  }
}

const storage = new AsyncLocalStorage<Cell>();
let latest: Cell | undefined;

/** Runs `fn` as code of `cell`: whatever it starts, now or later, belongs to it. */
export function runInCell<T>(cell: Cell, fn: () => T): T {
  latest = cell;
  return storage.run(cell, fn);
}

// The control thread asks in the middle of what runs.
Object.defineProperty(globalThis, RUNS_A_CELL, { value: () => storage.getStore() !== undefined, configurable: true });

/** The cell whose code asks; for code of no cell (a server's own connection, say) the one that started last. */
export function currentCell(): Cell | undefined {
  return storage.getStore() ?? latest;
}

/** Binds a callback to the cell that asks, so that a later call from elsewhere is still its code. */
export function bindToCell<F extends (...args: never[]) => unknown>(fn: F): F {
  const cell = currentCell();
  if (!cell) return fn;
  return ((...args: never[]) => storage.run(cell, () => fn(...args))) as F;
}
