/** Stubs that measure a point. */

// They yield their messages themselves instead of calling smaller stubs, since a scan spends all its time
// here.

import { Msg, type Plan } from "../../core/protocols/msg";
import { isTriggerable, type Readable, type Readings } from "../../core/protocols/protocols";
import type { RecordedValue } from "../../core/standard/recordedValue";
import { UsageError } from "../../errors";
import { separateDevices } from "../ancestry";
import type { ReadableMotor } from "../arguments/deviceArguments";
import { plan } from "../plan";
import { uniqueGroup } from "../uniqueGroup";
import { withRewinding } from "./rewinding";

/** Takes a reading of detectors and motors: `triggerAndRead`, or a plan of the user. */
export type TakeReading = (devices: readonly Readable[]) => Plan<unknown>;

/**
 * Triggers all devices that can be triggered, waits for them, and reads all devices into one event.
 * @param name the stream of the event; default "primary"
 * @returns the readings of all devices
 */
export const triggerAndRead = plan("triggerAndRead", function* <
  D extends Readable,
>(devices: readonly D[], name = "primary"): Plan<Readings<RecordedValue<D>>> {
  if (!Array.isArray(devices)) throw noList("triggerAndRead");
  if (devices.length === 0) yield Msg("null");
  const separate = separateDevices(devices);
  const rewindable = separate.every((device) => (device as { rewindable?: boolean }).rewindable !== false);
  const measured = measure<RecordedValue<D>>(separate, name);
  return yield* rewindable ? measured : withRewinding(measured, false);
});

function* measure<T>(devices: readonly Readable[], name: string): Plan<Readings<T>> {
  let group: string | undefined;
  for (const device of devices) {
    if (!isTriggerable(device)) continue;
    group ??= uniqueGroup("trigger");
    yield Msg("trigger", device, [], { group });
  }
  if (group !== undefined) yield Msg("wait", null, [], { group, error_on_timeout: true, timeout: null, watch: [] });
  yield Msg("create", null, [], { name });
  const all: Record<string, Readings<T>[string]> = {};
  try {
    for (const device of devices) {
      const readings = (yield Msg("read", device)) as Readings<T> | undefined;
      if (readings) Object.assign(all, readings);
    }
  } catch (error) {
    yield Msg("drop");
    throw error;
  }
  yield Msg("save");
  return all;
}

/** One measurement of `count`: a checkpoint and a reading. */
export const oneShot = plan(
  "oneShot",
  function* (detectors: readonly Readable[], takeReading: TakeReading = triggerAndRead): Plan<void> {
    if (!Array.isArray(detectors)) throw noList("oneShot");
    yield Msg("checkpoint");
    yield* takeReading([...detectors]);
  },
);

/** One point of a scan with one motor: moves it, waits, and takes a reading. */
export const one1dStep = plan("one1dStep", function* <
  T,
>(detectors: readonly Readable[], motor: ReadableMotor<T>, step: T, takeReading: TakeReading = triggerAndRead): Plan<unknown> {
  if (!Array.isArray(detectors)) throw noList("one1dStep");
  if (motor instanceof Map)
    throw new UsageError(
      "one1dStep moves one motor, but a scan gives perStep the positions of all motors: use oneNdStep",
    );
  const group = uniqueGroup("set");
  yield Msg("checkpoint");
  yield Msg("set", motor, [step], { group });
  yield Msg("wait", null, [], { group });
  return yield* takeReading([...detectors, motor]);
});

/** A point of a scan: positions by motor. */
export type Step = ReadonlyMap<ReadableMotor<never>, unknown>;
/** Where a scan has sent its motors, so that it sends none to where it is already. */
export type PositionCache = Map<unknown, unknown>;

/** Moves all motors that are not at their position yet, together, and waits until they have arrived. */
export const movePerStep = plan("movePerStep", function* (step: Step, positions: PositionCache): Plan<void> {
  yield Msg("checkpoint");
  const group = uniqueGroup("set");
  for (const [motor, position] of step) {
    if (positions.get(motor) === position) continue;
    yield Msg("set", motor, [position], { group });
    positions.set(motor, position);
  }
  yield Msg("wait", null, [], { group });
});

/** One point of a scan with any number of motors: moves them, waits, and takes a reading. */
export const oneNdStep = plan(
  "oneNdStep",
  function* (
    detectors: readonly Readable[],
    step: Step,
    positions: PositionCache,
    takeReading: TakeReading = triggerAndRead,
  ): Plan<void> {
    if (!Array.isArray(detectors)) throw noList("oneNdStep");
    yield* movePerStep(step, positions);
    yield* takeReading([...detectors, ...(step.keys() as Iterable<Readable>)]);
  },
);

const noList = (name: string) => new UsageError(`${name}: the devices come first, as a list: ${name}([detector])`);
