/** One of several values that a transformation derives from raw members. */

import type { Checkable, SetOptions, Stoppable } from "../protocols/protocols";
import type { WatchableStatus } from "../status/status";
import { DerivedBackend, type DerivedOptions } from "./derivedSignal";
import { followedSet } from "./followedSet";
import type { RawMembers, ValuesOf } from "./rawMember";
import { type NumberList, SignalRW } from "./signal";
import type { Transform, Transformation } from "./transformation";

/**
 * A derived value that is moved like a motor: setting it moves the raw members and keeps the other values of
 * its transformation, and several that are set together move together.
 */
export class DerivedAxis<T = unknown> extends SignalRW<T> implements Checkable<T>, Stoppable {
  readonly #check: (value: T) => Promise<void>;
  readonly #stop: (success?: boolean) => Promise<void>;
  readonly #call: (value: T) => Promise<void>;

  constructor(
    parts: {
      readonly backend: DerivedBackend<RawMembers, T>;
      readonly check: (value: T) => Promise<void>;
      readonly stop: (success?: boolean) => Promise<void>;
      readonly call: (value: T) => Promise<void>;
    },
    name = "",
  ) {
    super(parts.backend, name);
    this.#check = parts.check;
    this.#stop = parts.stop;
    this.#call = parts.call;
  }

  /**
   * Done when the raw members have arrived; reports the derived value on the way. Fails if a raw member
   * refuses or fails, and if the value is sent elsewhere before.
   */
  override set(value: T | NumberList<T>, options?: SetOptions): WatchableStatus<void, T> {
    return followedSet<T>(this, value as T, super.set(value, options));
  }

  /** Rejects if a raw member would refuse its part, with its reason. */
  async checkValue(value: T): Promise<void> {
    await this.#check(value);
  }

  /**
   * From now on the present position has this value; nothing moves. The positions of the raw members are set,
   * so all of them that count for this value need `setCurrentPosition`. Rejects while one of the values
   * moves.
   */
  async setCurrentPosition(value: T): Promise<void> {
    await this.#call(value);
  }

  /** Stops the raw members, where they can be stopped, and so all values of the transformation. */
  async stop(success?: boolean): Promise<void> {
    await this.#stop(success);
  }
}

/** The derived value `key` of a transformation. */
export function derivedAxis<R extends RawMembers, D extends Record<string, unknown>, K extends keyof D>(
  raw: R,
  transform: Transform<ValuesOf<R>, D>,
  transformation: Transformation<R, D>,
  key: K,
  options: DerivedOptions,
): DerivedAxis<D[K]> {
  // TypeScript gives a computed key the type string, not K.
  const change = (value: D[K]): Partial<D> => ({ [key]: value }) as unknown as Partial<D>;
  const setpoint = {
    set: (value: D[K], setOptions: object, name: string) => transformation.demand(change(value), setOptions, name),
    get: async () => (await transformation.setpoints())[key],
  };
  const backend = new DerivedBackend<RawMembers, D[K]>(
    raw,
    (values) => transform.toDerived(values as ValuesOf<R>)[key],
    setpoint,
    options,
  );
  const check = (value: D[K]) => transformation.check(change(value));
  const call = (value: D[K]) => transformation.setCurrentPosition(change(value));
  return new DerivedAxis({ backend, check, stop: (success) => transformation.stop(success), call }, options.name);
}
