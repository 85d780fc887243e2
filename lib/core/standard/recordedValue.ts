/** The type of what a device records, as far as the class of the device says it. */

import type { Device } from "../device/device";
import type { DataValue } from "../protocols/dataValue";
import type { Locatable, Readable, Subscribable } from "../protocols/protocols";
import type { SignalR } from "../signal/signal";

/** T, or any recorded value if T is unknown. */
type Known<T> = [T] extends [never] ? DataValue : unknown extends T ? DataValue : T;

/** The types of the signals below a device. Its `parent` is not below it. */
type BelowDevice<D> = {
  [K in Exclude<keyof D, "parent">]-?: Exclude<D[K], undefined> extends infer C
    ? C extends SignalR<infer V>
      ? V
      : C extends Device
        ? RecordedValue<C>
        : never
    : never;
}[Exclude<keyof D, "parent">];

/**
 * The type of the values in the readings of a device: that of its `read`, else that of its signals, else any
 * recorded value.
 */
export type RecordedValue<D> =
  D extends Readable<infer T>
    ? unknown extends T
      ? D extends Device
        ? Known<BelowDevice<D>>
        : DataValue
      : T
    : DataValue;

/**
 * The one value of a device: of its readback, of its updates, of its signal `value`, else of its readings.
 */
export type OneValue<D> =
  D extends Locatable<infer T>
    ? T
    : D extends Subscribable<infer T>
      ? T
      : D extends { readonly value: SignalR<infer T> }
        ? T
        : RecordedValue<D>;
