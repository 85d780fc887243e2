/** The movement of a Drivable to one target; `activity` decides when it has ended, also after a late BUSY. */

import type { SetOptions, WatcherUpdate } from "../../core/protocols/protocols";
import { WatchableStatus } from "../../core/status/status";
import type { CacheItem } from "../../secop/cache/cacheItem";
import { precisionOf } from "../module/dataKey";
import type { ModuleHandle } from "../module/moduleHandle";
import { Activity } from "./activity";
import { isAt } from "./isAt";

/** Sets the target of a module, reports progress, and is done when the module is there. */
export class Movement<T> {
  readonly status: WatchableStatus<void, T>;
  readonly #handle: ModuleHandle;
  readonly #target: T;
  readonly #name: string;
  readonly #initial: unknown;
  #activity: Activity | undefined;
  /** The target as the node has accepted it, maybe rounded or clamped. */
  #accepted: { readonly target: unknown } | undefined;
  #report: (update: WatcherUpdate<T>) => void = () => {};

  /** `name` is the name of the device, for progress. */
  constructor(handle: ModuleHandle, target: T, options: SetOptions, name: string) {
    this.#handle = handle;
    this.#target = target;
    this.#name = name;
    this.#initial = handle.known("value")?.value;
    const { client } = handle;
    const goal = handle.shown("target", target);
    const order = {
      goal: { infinitive: `reach ${goal}`, past: `reached ${goal}` },
      send: () => this.#send(options),
      isThere: async () => {
        const value = await client.read(handle.name, "value");
        return isAt(handle, value.value, this.#accepted?.target, this.#initial);
      },
    };
    this.status = new WatchableStatus<void, T>((resolve, reject, report) => {
      this.#report = report;
      const offValue = client.onUpdate(handle.name, "value", (item) => this.#onValue(item));
      const offTarget = client.onUpdate(handle.name, "target", (item) => this.#onTarget(item));
      this.#activity = new Activity(handle, order, options, (error) => {
        offValue();
        offTarget();
        if (error) reject(error);
        else resolve();
      });
    }, name);
  }

  /**
   * Ends the waiting as a failure. `verb` says what happened, as in "cryo was stopped before it reached 20
   * K".
   */
  interrupt(verb: string): void {
    this.#activity?.interrupt(verb);
  }

  async #send({ signal }: SetOptions): Promise<void> {
    const { client, name } = this.#handle;
    const { value } = await client.change(name, "target", this.#target, { signal });
    if (this.#handle.hasCommand("go")) await client.do(name, "go", undefined, { signal });
    this.#accepted = { target: value };
  }

  #onValue(item: CacheItem): void {
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
      ...fractionOf(current, initial, target),
      ...(typeof remaining === "number" ? { time_remaining: remaining } : {}),
    });
  }

  /** Fails when another client or the module itself chooses another target: ours would never be reached. */
  #onTarget(item: CacheItem): void {
    const accepted = this.#accepted;
    const isOurs = (value: unknown) => isAt(this.#handle, value, accepted?.target, undefined);
    if (!accepted || item.error || isOurs(item.value)) return;
    // Updates of two connections may come in the wrong order: ask the node before believing one.
    this.#handle.client.read(this.#handle.name, "target").then(
      ({ value }) => {
        if (!isOurs(value)) this.interrupt(`got another target, ${this.#handle.shown("target", value)},`);
      },
      () => {},
    );
  }
}

function fractionOf(current: unknown, initial: unknown, target: unknown): { fraction?: number } {
  if (typeof current !== "number" || typeof initial !== "number" || typeof target !== "number") return {};
  if (target === initial) return {};
  return { fraction: Math.min(1, Math.max(0, (current - initial) / (target - initial))) };
}
