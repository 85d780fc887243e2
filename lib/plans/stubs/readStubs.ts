/** Stubs that ask devices for values. */

import { Msg, type Plan } from "../../core/protocols/msg";
import {
  hasHints,
  isLocatable,
  type Locatable,
  type Location,
  type Readable,
  type Readings,
} from "../../core/protocols/protocols";
import type { OneValue, RecordedValue } from "../../core/standard/recordedValue";
import { deviceName } from "../../engine/planErrors";
import { UsageError } from "../../errors";
import { plan } from "../plan";

/** Reads a device; between `create` and `save` its readings become part of the event. */
export const read = plan("read", function* <const D extends Readable>(device: D): Plan<Readings<RecordedValue<D>>> {
  return (yield Msg("read", device)) as Readings<RecordedValue<D>>;
});

/**
 * The type of a device's one value: of its readback, of its updates, of its signal `value`, else of its
 * readings.
 */
export type ValueRead<D extends Readable> = OneValue<D>;

type ReadValue = <D extends Readable>(
  device: D,
  options?: { readonly defaultValue?: ValueRead<D> | null },
) => Plan<ValueRead<D>>;

/**
 * The one value of a device: its readback if it can be located, else its hinted or
 * only reading. Throws if there are several.
 *
 * Where nothing is read, as in a simulation, the result is `defaultValue`, which is 0 unless it is given.
 */
export const rd = plan("rd", function* <T>(device: Readable<T>, options: { readonly defaultValue?: T } = {}): Plan<T> {
  const fallback = (options.defaultValue === undefined ? 0 : options.defaultValue) as T;
  if (isLocatable(device)) {
    const location = (yield Msg("locate", device)) as Location<T> | undefined;
    return location ? location.readback : fallback;
  }
  const hints = hasHints(device) ? (device.hints.fields ?? []) : [];
  if (hints.length > 1) throw severalValues(device, hints);
  const readings = (yield Msg("read", device)) as Readings<T> | undefined;
  if (!readings) return fallback;
  const keys = hints.length === 1 ? hints : Object.keys(readings);
  const [key] = keys;
  const reading = key === undefined ? undefined : readings[key];
  if (keys.length !== 1 || !reading) throw severalValues(device, keys);
  return reading.value;
}) as ReadValue;

function severalValues(device: Readable, keys: readonly string[]): UsageError {
  const all = keys.length === 0 ? "none" : keys.join(", ");
  return new UsageError(
    `rd needs a device with one value, but ${deviceName(device)} has ${all}: rd one of its signals`,
  );
}

interface Locate {
  <T>(device: Locatable<T>): Plan<Location<T>>;
  <T>(...devices: readonly [...Locatable<T>[], LocateOptions]): Plan<Location<T>[]>;
  <T>(first: Locatable<T>, ...more: readonly Locatable<T>[]): Plan<Location<T>[]>;
}

/** Options of `locate`, the last argument. */
export interface LocateOptions {
  /** With false, the result is a list even for one device. */
  readonly squeeze: false;
}

/** Setpoint and readback of a device; a list of them for several devices. */
export const locate = plan("locate", function* (...args: readonly (Locatable | LocateOptions)[]): Plan<unknown> {
  const last = args.at(-1);
  const squeeze = (last as Partial<LocateOptions> | null | undefined)?.squeeze === undefined;
  const devices = squeeze ? args : args.slice(0, -1);
  return yield Msg("locate", devices[0], devices.slice(1), { squeeze });
}) as Locate;
