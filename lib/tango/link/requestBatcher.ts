/** Collects requests about the attributes of one device, so that one call answers many of them. */

import { type DeadlineOptions, deadline } from "../../core/status/deadline";
import type { InvokeResult } from "../giop/remoteObject";

/** Makes one call about several attributes; its results are in the order of the names. */
type Ask<V, G> = (names: readonly string[], group: G, signal: AbortSignal) => Promise<InvokeResult<readonly V[]>>;

/** The result for one attribute; undefined if the server sent too few results. */
export type BatchResult<V> = InvokeResult<V | undefined>;

/** A caller that waits for its attribute. */
interface Waiting<V, G> {
  readonly name: string;
  readonly group: G;
  readonly limit: SharedLimit<V, G>;
  readonly resolve: (result: BatchResult<V>) => void;
  readonly reject: (error: unknown) => void;
  /** Why the caller has given up; undefined while it waits. */
  givenUp?: Error;
  /** Called when the caller gives up. */
  onGivenUp?: (error: Error) => void;
}

/** The deadline of callers that began to wait in the same turn and give up together: they share a timer. */
class SharedLimit<V, G> {
  readonly #options: DeadlineOptions;
  readonly #waiting = new Set<Waiting<V, G>>();
  readonly #disarm: () => void;
  #over = false;

  constructor(options: DeadlineOptions, what: string) {
    this.#options = options;
    this.#disarm = deadline(options, what, (error) => {
      this.#over = true;
      for (const waiting of this.#waiting) {
        waiting.givenUp = error;
        waiting.reject(error);
        waiting.onGivenUp?.(error);
      }
    });
  }

  /** Whether a caller with these options can share the limit. */
  serves({ timeout, signal }: DeadlineOptions): boolean {
    return !this.#over && this.#options.timeout === timeout && this.#options.signal === signal;
  }

  add(waiting: Waiting<V, G>): void {
    this.#waiting.add(waiting);
  }

  /** Called when the caller has its answer. */
  done(waiting: Waiting<V, G>): void {
    this.#waiting.delete(waiting);
    if (this.#waiting.size > 0) return;
    this.#over = true;
    this.#disarm();
  }
}

/**
 * Sends the requests of one turn of the event loop together, and those that arrive during a call together
 * after it: a server handles one call per device, and refuses calls that have waited for 3 s.
 */
export class RequestBatcher<V, G> {
  readonly #ask: Ask<V, G>;
  /** Whether a call that failed as a whole may succeed for a part of its attributes. */
  readonly #splits: (error: unknown) => boolean;
  #waiting: Waiting<V, G>[] = [];
  /** The limit of the last caller of this turn. */
  #lastLimit: SharedLimit<V, G> | undefined;
  #busy = false;

  constructor(ask: Ask<V, G>, splits: (error: unknown) => boolean) {
    this.#ask = ask;
    this.#splits = splits;
  }

  /**
   * Requests one attribute. Requests of the same group share a call. Rejects with the error of the call, or
   * with that of the deadline, whose message ends with `what`.
   */
  request(name: string, group: G, options: DeadlineOptions, what: string): Promise<BatchResult<V>> {
    const limit = this.#limitOf(options, what);
    return new Promise((resolve, reject) => {
      const waiting: Waiting<V, G> = { name, group, limit, resolve, reject };
      limit.add(waiting);
      this.#waiting.push(waiting);
      if (!this.#busy) this.#begin();
    });
  }

  #limitOf(options: DeadlineOptions, what: string): SharedLimit<V, G> {
    if (this.#lastLimit?.serves(options)) return this.#lastLimit;
    const limit = new SharedLimit<V, G>(options, what);
    this.#lastLimit = limit;
    setImmediate(() => {
      if (this.#lastLimit === limit) this.#lastLimit = undefined;
    });
    return limit;
  }

  #begin(): void {
    this.#busy = true;
    // The timers of one turn, for example those of polls, run before an immediate.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    const waiting = this.#waiting.filter(({ givenUp }) => !givenUp);
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
    const places = new Map<string, number>();
    for (const { name } of batch) if (!places.has(name)) places.set(name, places.size);
    const names = [...places.keys()];
    try {
      const { value: values, session } = await this.#ask(names, first.group, whenAllGiveUp(batch));
      for (const waiting of batch) {
        waiting.limit.done(waiting);
        waiting.resolve({ value: values[places.get(waiting.name) ?? -1], session });
      }
    } catch (error) {
      if (names.length > 1 && this.#splits(error)) {
        const half = new Set(names.slice(0, names.length / 2));
        await this.#answer(batch.filter(({ name }) => half.has(name)));
        await this.#answer(batch.filter(({ name }) => !half.has(name)));
      } else {
        for (const waiting of batch) {
          waiting.limit.done(waiting);
          waiting.reject(error);
        }
      }
    }
  }
}

/** A signal that aborts when all callers have given up, since the call is then no longer needed. */
function whenAllGiveUp<V, G>(batch: readonly Waiting<V, G>[]): AbortSignal {
  const all = new AbortController();
  const check = (error: Error) => {
    if (batch.every(({ givenUp }) => givenUp)) all.abort(error);
  };
  for (const waiting of batch) waiting.onGivenUp = check;
  const [first] = batch;
  if (first?.givenUp) check(first.givenUp);
  return all.signal;
}
