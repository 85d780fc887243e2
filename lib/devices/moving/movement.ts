/** The movement of a Drivable to one target; `activity` decides when it has ended, also after a late BUSY. */

import type { HasName, SetOptions, WatcherUpdate } from "../../core/protocols/protocols";
import type { SignalR } from "../../core/signal/signal";
import { type Arrival, isPlausible, offTarget, settled } from "../../core/standard/arrival";
import { withDeadline } from "../../core/status/deadline";
import { WatchableStatus } from "../../core/status/status";
import { causedByUs } from "../../core/status/unwatchedFailures";
import { wayDone } from "../../core/status/wayDone";
import { CommunicationFailedError, ImpossibleError } from "../../errors";
import type { CacheItem } from "../../secop/cache/cacheItem";
import { withSignals } from "../../withSignals";
import { precisionOf } from "../module/dataKey";
import type { ModuleHandle } from "../module/moduleHandle";
import { Activity } from "./activity";
import { isAt, toleranceOf } from "./isAt";

/** What a movement needs of its device. */
export interface MovementParts {
  /** The device that moves, for progress and messages. */
  readonly device: HasName;
  readonly readback: SignalR;
  readonly arrival: Arrival;
}

/** Sets the target of a module, reports progress, and is done when the module is there. */
export class Movement<T> {
  readonly status: WatchableStatus<void, T>;
  readonly #handle: ModuleHandle;
  readonly #target: T;
  readonly #name: string;
  readonly #initial: unknown;
  readonly #parts: MovementParts;
  /** Aborted when the movement is interrupted after the module has arrived. */
  readonly #settling = new AbortController();
  #activity: Activity | undefined;
  /** The target as the node has accepted it, maybe rounded or clamped. */
  #accepted: { readonly target: unknown } | undefined;
  #report: (update: WatcherUpdate<T>) => void = () => {};

  constructor(handle: ModuleHandle, target: T, options: SetOptions, parts: MovementParts) {
    const { name } = parts.device;
    this.#handle = handle;
    this.#target = target;
    this.#name = name;
    this.#parts = parts;
    this.#initial = handle.known("value")?.value;
    const { client } = handle;
    const goal = handle.shown("target", target);
    const order = {
      goal: { infinitive: `reach ${goal}`, past: `reached ${goal}` },
      send: () => this.#send(options),
      isThere: () => this.#isThere(),
      fallsShort: () => this.#fallsShort(),
    };
    this.status = new WatchableStatus<void, T>(
      (resolve, reject, report) => {
        this.#report = report;
        const offValue = client.onUpdate(handle.name, "value", (item) => this.#onValue(item));
        const offTarget = client.onUpdate(handle.name, "target", (item) => this.#onTarget(item));
        this.#activity = new Activity(handle, order, options, (error) => {
          offValue();
          offTarget();
          if (error) reject(error);
          else
            this.#settle(options)
              .then(() => this.#reportArrival())
              .then(resolve, reject);
        });
      },
      name,
      parts.device,
    );
  }

  /**
   * Ends the waiting as a failure. `verb` says what happened, as in "cryo was stopped before it reached 20
   * K", and `who` did it.
   */
  interrupt(verb: string, who: "us" | "others"): void {
    if (!this.#activity?.ended) {
      this.#activity?.interrupt(verb, who);
      return;
    }
    const error = new ImpossibleError(`${this.#handle.name} ${verb} before it had settled`);
    this.#settling.abort(who === "us" ? causedByUs(error) : error);
  }

  async #isThere(): Promise<boolean> {
    const { value } = await this.#handle.client.read(this.#handle.name, "value");
    return isAt(this.#handle, value, this.#accepted?.target, this.#initial, this.#parts.arrival.tolerance);
  }

  /** The module is idle, but not at its target. @throws if that counts as a failure. */
  async #fallsShort(): Promise<void> {
    const handle = this.#handle;
    const { arrival } = this.#parts;
    const isKnown = (arrival.tolerance ?? toleranceOf(handle)) !== undefined;
    const { value } = await handle.client.read(handle.name, "value");
    const target = this.#accepted?.target;
    const isFine = isKnown
      ? isAt(handle, value, target, this.#initial, arrival.tolerance)
      : isPlausible(value, target, this.#initial);
    if (isFine || typeof value !== "number" || typeof target !== "number") return;
    const [there, aim] = [handle.shown("value", value), handle.shown("target", target)];
    const short = `${handle.name} is idle at ${there}, but did not reach ${aim}`;
    offTarget(
      this.#name,
      arrival.offTarget ?? (isKnown ? "fail" : "warn"),
      new ImpossibleError(short, { module: handle.name }),
    );
  }

  /** Waits until the module has settled. */
  async #settle(options: SetOptions): Promise<void> {
    const { arrival, readback } = this.#parts;
    if (!arrival.holdTime && !arrival.settleTime) return;
    const isThere = (value: unknown) =>
      isAt(this.#handle, value, this.#accepted?.target, this.#initial, arrival.tolerance);
    const interrupted = this.#settling;
    const offLost = this.#handle.link.onLost((reason) => {
      const words = `lost the connection before ${this.#handle.name} had settled: ${reason}`;
      interrupted.abort(new CommunicationFailedError(words, { module: this.#handle.name }));
    });
    try {
      const work = (signal: AbortSignal) =>
        withSignals([signal, interrupted.signal], (either) => settled(readback, isThere, arrival, either));
      await withDeadline(work, options, `${this.#handle.name} to settle`);
      interrupted.signal.throwIfAborted();
    } catch (error) {
      throw interrupted.signal.aborted ? interrupted.signal.reason : error;
    } finally {
      offLost();
    }
  }

  async #send({ signal }: SetOptions): Promise<void> {
    const { client, name } = this.#handle;
    const { value } = await client.change(name, "target", this.#target, { signal });
    // It was stopped in the meantime, and must not start after that.
    if (this.#activity?.ended) return;
    if (this.#handle.hasCommand("go")) await client.do(name, "go", undefined, { signal });
    this.#accepted = { target: value };
  }

  /** The last update has the value at which the module has arrived. */
  #reportArrival(): void {
    const newest = this.#handle.known("value");
    if (newest) this.#onValue(newest, { fraction: 1, time_remaining: 0 });
  }

  #onValue(item: CacheItem, end: Pick<WatcherUpdate, "fraction" | "time_remaining"> = {}): void {
    if (item.error) return;
    const handle = this.#handle;
    const { datainfo } = handle.parameter("value") ?? {};
    const [current, initial, target] = [item.value, this.#initial ?? item.value, this.#target];
    const unit = handle.mainUnit();
    const precision = datainfo && precisionOf(datainfo);
    const remaining = handle.known("time_to_target")?.value;
    // Values and targets of a Drivable have the same type in practice, hence the casts.
    this.#report({
      name: this.#name,
      current: current as T,
      initial: initial as T,
      target,
      ...(unit === "" ? {} : { unit }),
      ...(precision === undefined ? {} : { precision }),
      // If it was at its target from the beginning, only the node knows how far it is.
      ...(target === initial ? {} : wayDone(initial, current, target)),
      ...(typeof remaining === "number" ? { time_remaining: remaining } : {}),
      ...end,
    });
  }

  /** Fails when another client or the module itself chooses another target: ours would never be reached. */
  #onTarget(item: CacheItem): void {
    const accepted = this.#accepted;
    const isOurs = (value: unknown) => isAt(this.#handle, value, accepted?.target, undefined, undefined);
    if (!accepted || item.error || isOurs(item.value)) return;
    // Updates of two connections may come in the wrong order: ask the node before believing one.
    this.#handle.client.read(this.#handle.name, "target").then(
      ({ value }) => {
        if (!isOurs(value)) this.interrupt(`got another target, ${this.#handle.shown("target", value)},`, "others");
      },
      () => {},
    );
  }
}
