/** Actions under way: `Status`, and `WatchableStatus` which also reports its progress. */

import { inspect } from "node:util";
import { monotonicTime } from "../../clock";
import { $changesWithin, $display, type MimeBundle } from "../../display/mimeBundle";
import { errorText, UsageError } from "../../errors";
import { reportError } from "../../log";
import type { StatusLike, WatcherUpdate } from "../protocols/protocols";
import { type AwaitedMove, interruptible } from "./awaitedMove";
import { type DeadlineOptions, deadline } from "./deadline";
import { displayStatus } from "./statusDisplay";
import { reportUnlessWatched } from "./unwatchedFailures";

type Resolve<T> = (value: T) => void;
type Reject = (error: unknown) => void;

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(errorText(error)));

/**
 * An action under way. It can be awaited, and read without awaiting (`done`, `success`, `exception()`).
 *
 * The promise behind `then` is made at its first use: a scan makes several statuses for each point and awaits
 * few of them. So a failure that nobody awaits is not an unhandled rejection. If nobody listens or looks
 * either, it is reported: at the end of the cell, in a script at the next turn of the event loop.
 */
export class Status<T = void> implements StatusLike<T>, PromiseLike<T> {
  /** The device the action belongs to, for messages. */
  readonly name: string;
  #state: "pending" | "success" | "failure" = "pending";
  #value: T | undefined;
  #error: Error | null = null;
  /** The argument has no type here, so that a `WatchableStatus` can be used as a `Status`. */
  #callbacks: ((status: never) => void)[] | undefined;
  #promise: Promise<T> | undefined;
  /** Whether somebody awaits the action, listens to its end or has looked at its outcome. */
  #watched = false;

  /**
   * Runs `executor` at once, like a Promise. An exception in it fails the status, and further calls of
   * `resolve` and `reject` are ignored. `name` is that of the device, for messages.
   */
  constructor(executor: (resolve: Resolve<T>, reject: Reject) => void, name = "") {
    this.name = name;
    try {
      executor(
        (value) => this.#settle("success", value, null),
        (error) => this.#settle("failure", undefined, asError(error)),
      );
    } catch (error) {
      this.#settle("failure", undefined, asError(error));
    }
  }

  /** A status that has succeeded already, with `value` as its result. */
  static completed(name?: string): Status;
  static completed<T>(name: string, value: T): Status<T>;
  static completed<T>(name = "", value?: T): Status<T | undefined> {
    return new Status<T | undefined>((resolve) => resolve(value), name);
  }

  /** A status that has failed already, with `error`. */
  static failed<T = void>(error: unknown, name = ""): Status<T> {
    return new Status<T>((_resolve, reject) => reject(error), name);
  }

  /** The status of a promise, or of a function that is called at once and may return a promise. */
  static from<T>(work: PromiseLike<T> | (() => PromiseLike<T> | T), name = ""): Status<T> {
    return new Status<T>((resolve, reject) => {
      const pending = typeof work === "function" ? work() : work;
      if (isPromiseLike(pending)) pending.then(resolve, reject);
      else resolve(pending);
    }, name);
  }

  /** Succeeds when all have succeeded, and fails with the first failure. */
  static all(statuses: Iterable<StatusLike>, name = ""): Status {
    return new Status((resolve, reject) => {
      let open = 1;
      const close = () => {
        open -= 1;
        if (open === 0) resolve();
      };
      for (const status of statuses) {
        open += 1;
        status.addCallback((s) => (s.success ? close() : reject(s.exception())));
      }
      close();
    }, name);
  }

  /** Succeeds with the first success. Fails when all have failed, with the last failure. */
  static any(statuses: Iterable<StatusLike>, name = ""): Status {
    return new Status((resolve, reject) => {
      const all = [...statuses];
      let open = all.length;
      if (open === 0) reject(new UsageError("Status.any needs at least one status"));
      for (const status of all) {
        status.addCallback((s) => {
          open -= 1;
          if (s.success) resolve();
          else if (open === 0) reject(s.exception());
        });
      }
    }, name);
  }

  /**
   * A status that ends as this one, or fails when `timeout` seconds pass or the signal aborts. The action
   * itself goes on.
   */
  within(options: DeadlineOptions): Status<T> {
    return new Status<T>((resolve, reject) => {
      const disarm = deadline(options, this.name || "the action", reject);
      this.addCallback((s) => {
        disarm();
        if (s.success) resolve(s.result);
        else reject(s.exception());
      });
    }, this.name);
  }

  /** Whether the action has ended. */
  get done(): boolean {
    return this.#state !== "pending";
  }

  /** Whether it has ended well. */
  get success(): boolean {
    this.#watched ||= this.done;
    return this.#state === "success";
  }

  /** The error of a failed action; null while it runs and after success. */
  exception(): Error | null {
    this.#watched ||= this.done;
    return this.#error;
  }

  /** The result of the action. Throws while the action runs, and throws the action's error if it failed. */
  get result(): T {
    this.#watched ||= this.done;
    if (this.#error) throw this.#error;
    if (!this.done) throw new Error(`${this.name || "the action"} is not done yet: await it first`);
    return this.#value as T;
  }

  /** Calls `fn` when the action has ended, also if it has already. */
  addCallback(fn: (status: this) => void): void {
    this.#watched = true;
    this.atEnd(fn);
  }

  /** Like `addCallback`, for the device itself: a failure is still reported if nobody else watches. */
  atEnd(fn: (status: this) => void): void {
    if (this.done) {
      this.#tell(fn);
      return;
    }
    this.#callbacks ??= [];
    this.#callbacks.push(fn);
  }

  // biome-ignore lint/suspicious/noThenProperty: a status is awaitable by contract
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#promise ??= new Promise<T>((resolve, reject) => {
      this.addCallback((s) => (s.success ? resolve(this.#value as T) : reject(this.#error)));
    });
    return this.#promise.then(onFulfilled, onRejected);
  }

  catch<B = never>(onRejected: (reason: unknown) => B | PromiseLike<B>): Promise<T | B> {
    return this.then(undefined, onRejected);
  }

  finally(fn: () => void): Promise<T> {
    return this.then(
      (value) => {
        fn();
        return value;
      },
      (error) => {
        fn();
        throw error;
      },
    );
  }

  /** One line for `console.log`. */
  [inspect.custom](): string {
    return this[$display]()["text/plain"];
  }

  /** One line: who moves, and how far it is. */
  toString(): string {
    return this[$display]()["text/plain"];
  }

  [$display](): MimeBundle {
    return displayStatus(this.name, this);
  }

  /** While the action is under way, what it shows changes. */
  [$changesWithin](): number | undefined {
    return this.done ? undefined : 0.3;
  }

  #settle(state: "success" | "failure", value: T | undefined, error: Error | null): void {
    if (this.#state !== "pending") return;
    this.#state = state;
    this.#value = value;
    this.#error = error;
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    if (callbacks) for (const fn of callbacks) this.#tell(fn);
    if (error && !this.#watched) reportUnlessWatched(error, () => this.#watched);
  }

  /** Calls one listener. Its exception must not keep the other listeners from being called. */
  #tell(fn: (status: never) => void): void {
    try {
      fn(this as never);
    } catch (error) {
      reportError(`a callback on the end of ${this.name || "an action"} failed`, error);
    }
  }
}

/** Whether a value can be awaited. Functions with a `then` do not count. */
export function isPromiseLike<T>(value: unknown): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

/**
 * A status that reports its progress: to watchers, to `for await`, and in its display. `device` is the object
 * that moves, so that an interrupted cell can say what stops it.
 */
export class WatchableStatus<T = void, V = unknown> extends Status<T> {
  readonly #watchers: Set<(update: WatcherUpdate<V>) => void>;
  readonly #last: { update?: WatcherUpdate<V> };
  readonly #device: object | undefined;

  constructor(
    executor: (resolve: Resolve<T>, reject: Reject, report: (update: WatcherUpdate<V>) => void) => void,
    name = "",
    device?: object,
  ) {
    const watchers = new Set<(update: WatcherUpdate<V>) => void>();
    const last: { update?: WatcherUpdate<V> } = {};
    const started = monotonicTime();
    super((resolve, reject) => {
      executor(resolve, reject, (update) => {
        last.update = { time_elapsed: monotonicTime() - started, ...update };
        for (const fn of watchers) fn(last.update);
      });
    }, name);
    this.#watchers = watchers;
    this.#last = last;
    this.#device = device;
    this.atEnd(() => watchers.clear());
  }

  // biome-ignore lint/suspicious/noThenProperty: a status is awaitable by contract
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (this.done) return super.then(onFulfilled, onRejected);
    const promise = interruptible(this as AwaitedMove, this.#device, () => this.#last.update, super.then());
    return promise.then(onFulfilled, onRejected);
  }

  /** Calls `fn` with the latest update, if there is one, and with every further one until the action ends. */
  watch(fn: (update: WatcherUpdate<V>) => void): void {
    if (this.#last.update) fn(this.#last.update);
    if (!this.done) this.#watchers.add(fn);
  }

  override [$display](): MimeBundle {
    return displayStatus(this.name, this, this.#last.update);
  }

  /**
   * The updates until the action ends: `for await (const update of status)`. A slow loop sees the newest
   * update and misses those before it. Throws the action's error if it fails.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<WatcherUpdate<V>, void, undefined> {
    let fresh: WatcherUpdate<V> | undefined;
    let wake: () => void = () => {};
    this.watch((update) => {
      fresh = update;
      wake();
    });
    this.addCallback(() => wake());
    while (true) {
      const update: WatcherUpdate<V> | undefined = fresh;
      fresh = undefined;
      if (update) yield update;
      else if (this.done) break;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    const error = this.exception();
    if (error) throw error;
  }
}
