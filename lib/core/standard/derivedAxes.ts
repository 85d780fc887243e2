/** Several values derived from the same raw members, moved together. */

import { inspect } from "node:util";
import { UsageError } from "../../errors";
import type { Checkable, Locatable, Location, SetOptions, Stoppable } from "../protocols/protocols";
import { type DerivedAxis, derivedAxis } from "../signal/derivedAxis";
import type { DerivedOptions } from "../signal/derivedSignal";
import { followedSets } from "../signal/followedSet";
import type { Locatables, RawMembers, ValuesOf } from "../signal/rawMember";
import { type Transform, Transformation } from "../signal/transformation";
import { checkSetOptions } from "../status/setOptions";
import { Status, type WatchableStatus } from "../status/status";
import { StandardReadable } from "./standardReadable";

/** The derived values of one transformation: each is a signal, and `set` moves several of them together. */
export type DerivedSignals<D> = DerivedAxes<D> & { readonly [K in keyof D]: DerivedAxis<D[K]> };

/** A device whose children are derived values. Made by `derivedSignals`. */
export class DerivedAxes<D>
  extends StandardReadable
  implements Locatable<Partial<D>>, Checkable<Partial<D>>, Stoppable
{
  readonly #axes: ReadonlyMap<string, DerivedAxis>;
  readonly #transformation: Transformation<RawMembers, Record<string, unknown>>;

  /** @throws UsageError if an axis has the name of a member that every device has. */
  constructor(
    axes: ReadonlyMap<string, DerivedAxis>,
    transformation: Transformation<RawMembers, Record<string, unknown>>,
  ) {
    super();
    this.#axes = axes;
    this.#transformation = transformation;
    for (const [key, axis] of axes) {
      if (key in this) throw new UsageError(`derivedSignals: every device has a member "${key}": use another name`);
      Object.defineProperty(this, key, { value: axis, enumerable: true });
    }
    this.addReadables(axes.values());
  }

  /**
   * Moves one or several of the values together and keeps the others: `mirror.set({ height: 10, tilt: 2 })`.
   * Done when the raw members have arrived; reports these values by key on the way. Fails for an unknown key,
   * if a raw member refuses or fails, and if one of the values is sent elsewhere before.
   */
  set(values: Partial<D>, options: SetOptions = {}): WatchableStatus<void, Partial<D>> {
    checkSetOptions(this, options);
    return followedSets(this, this.#axes, values, this.#demand(values, options));
  }

  #demand(values: Partial<D>, options: SetOptions): Status {
    if (typeof values !== "object" || values === null || Object.values(values).includes(undefined)) {
      const [key] = this.#axes.keys();
      const usage = `${this.name || "the device"} is set to values by name, { ${key}: 1 }, not to ${inspect(values)}`;
      return Status.failed(new UsageError(usage), this.name);
    }
    const unknown = Object.keys(values).find((key) => !this.#axes.has(key));
    if (unknown === undefined) return this.#transformation.demand(values, options, this.name);
    const known = [...this.#axes.keys()].join(", ");
    return Status.failed(new UsageError(`${this.name || "the device"} has no "${unknown}", only ${known}`), this.name);
  }

  /** The setpoints that were last demanded, and the present values. */
  async locate(): Promise<Location<D>> {
    const read = async ([key, axis]: [string, DerivedAxis]) => [key, await axis.getValue()] as const;
    const [setpoint, readback] = await Promise.all([
      this.#transformation.setpoints(),
      Promise.all([...this.#axes].map(read)),
    ]);
    return { setpoint: setpoint as D, readback: Object.fromEntries(readback) as D };
  }

  /** Rejects if a raw member would refuse its part, with its reason. */
  async checkValue(values: Partial<D>): Promise<void> {
    await this.#transformation.check(values);
  }

  /**
   * Gives other values to the present positions of these axes; nothing moves. See
   * `DerivedAxis.setCurrentPosition`.
   */
  async setCurrentPosition(values: Partial<D>): Promise<void> {
    await this.#transformation.setCurrentPosition(values);
  }

  /** Stops the raw members, where they can be stopped. */
  async stop(success?: boolean): Promise<void> {
    await this.#transformation.stop(success);
  }
}

/**
 * Several values derived from the same raw signals or motors: height and tilt of a mirror on jacks, energy
 * and width of a beam behind a monochromator.
 *
 * Setting one keeps what was last demanded of the others. Those that are set together move together, in
 * `mv(height, 10, tilt, 2)`, in scans of both, and in `set({ height: 10, tilt: 2 })` of the returned device.
 *
 * ```ts
 * const { height, tilt } = derivedSignals(
 *   { left, right },
 *   {
 *     toDerived: ({ left, right }) => ({ height: (left + right) / 2, tilt: right - left }),
 *     toRaw: ({ height, tilt }) => ({ left: height - tilt / 2, right: height + tilt / 2 }),
 *   },
 *   { height: { units: "mm" }, tilt: { units: "mm" } },
 * );
 * ```
 *
 * @param raw signals that can be set, motors, or any other devices that can be located.
 * @param derived one entry for each derived value, with the keys of the derived side of the transformation.
 */
export function derivedSignals<const R extends Locatables, D extends Record<string, unknown>>(
  raw: R,
  transform: Transform<ValuesOf<R>, D>,
  derived: { readonly [K in keyof D]: DerivedOptions },
): DerivedSignals<D> {
  if (typeof derived !== "object" || derived === null)
    throw new UsageError('derivedSignals: argument 3 names the values, with their units: { height: { units: "mm" } }');
  const keys = Object.keys(derived) as (keyof D & string)[];
  const units = Object.fromEntries(keys.map((key) => [key, derived[key].units])) as Partial<Record<keyof D, string>>;
  const transformation = new Transformation<R, D>(raw, transform, units);
  const axes = new Map(keys.map((key) => [key, derivedAxis(raw, transform, transformation, key, derived[key])]));
  // The class needs only the names of the values, while `DerivedSignals<D>` has the type of each.
  return new DerivedAxes<D>(
    axes as unknown as ReadonlyMap<string, DerivedAxis>,
    transformation as unknown as Transformation<RawMembers, Record<string, unknown>>,
  ) as DerivedSignals<D>;
}
