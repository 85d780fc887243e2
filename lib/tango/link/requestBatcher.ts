/** Collects requests about the attributes of one device, so that one call answers many of them. */

import { type DeadlineOptions, withDeadline } from "../../core/status/deadline";
import type { InvokeResult } from "../giop/remoteObject";

/** Makes one call about several attributes; its results are in the order of the names. */
type Ask<V, G> = (names: readonly string[], group: G, signal: AbortSignal) => Promise<InvokeResult<readonly V[]>>;

/** The result about one attribute; undefined if the server sent too few. */
export type BatchResult<V> = InvokeResult<V | undefined>;

interface Waiting<V, G> {
  readonly name: string;
  readonly group: G;
  readonly signal: AbortSignal;
  readonly resolve: (result: BatchResult<V>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends the requests of one turn of the event loop together, and those that come during a call together
 * after it: a server handles one call per device, and refuses calls that have waited for 3 s.
 */
export class RequestBatcher<V, G> {
  readonly #ask: Ask<V, G>;
  /** Whether a call that failed as a whole may succeed for a part of its attributes. */
  readonly #splits: (error: unknown) => boolean;
  #waiting: Waiting<V, G>[] = [];
  #busy = false;

  constructor(ask: Ask<V, G>, splits: (error: unknown) => boolean) {
    this.#ask = ask;
    this.#splits = splits;
  }

  /**
   * Requests one attribute. Requests of the same group share a call. Rejects with the error of the call, and
   * with that of the deadline, whose message ends with `what`.
   */
  request(name: string, group: G, options: DeadlineOptions, what: string): Promise<BatchResult<V>> {
    const work = (signal: AbortSignal) =>
      new Promise<BatchResult<V>>((resolve, reject) => {
        this.#waiting.push({ name, group, signal, resolve, reject });
        if (!this.#busy) this.#begin();
      });
    return withDeadline(work, options, what);
  }

  #begin(): void {
    this.#busy = true;
    // The timers of one turn, for example those of polls, run before an immediate.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    const waiting = this.#waiting.filter(({ signal }) => !signal.aborted);
    const group = waiting[0]?.group;
    const batch = waiting.filter((request) => request.group === group);
    this.#waiting = waiting.filter((request) => request.group !== group);
    if (batch.length > 0) await this.#answer(batch);
    this.#busy = false;
    if (this.#waiting.length > 0) this.#begin();
  }

  /** Never rejects: each request gets its own result or error. */
  async #answer(batch: readonly Waiting<V, G>[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    const names = [...new Set(batch.map(({ name }) => name))];
    const { signal, disarm } = whenAllAbort(batch.map((request) => request.signal));
    try {
      const { value: values, session } = await this.#ask(names, first.group, signal);
      for (const { name, resolve } of batch) resolve({ value: values[names.indexOf(name)], session });
    } catch (error) {
      if (names.length > 1 && this.#splits(error)) {
        const half = new Set(names.slice(0, names.length / 2));
        await this.#answer(batch.filter(({ name }) => half.has(name)));
        await this.#answer(batch.filter(({ name }) => !half.has(name)));
      } else for (const { reject } of batch) reject(error);
    } finally {
      disarm();
    }
  }
}

/** A signal that aborts when all the others have aborted: only then nobody waits for the call any more. */
function whenAllAbort(signals: readonly AbortSignal[]): { readonly signal: AbortSignal; readonly disarm: () => void } {
  const all = new AbortController();
  const check = () => {
    if (signals.every(({ aborted }) => aborted)) all.abort(signals[0]?.reason);
  };
  for (const signal of signals) signal.addEventListener("abort", check);
  check();
  const disarm = () => {
    for (const signal of signals) signal.removeEventListener("abort", check);
  };
  return { signal: all.signal, disarm };
}
