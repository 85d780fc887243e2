/** Stubs that measure a point. Their messages are written out: a scan consists of nothing else. */
import { Msg, type Plan } from "../../core/protocols/msg";
import { isTriggerable, type Movable, type Readable, type Readings } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { separateDevices } from "../ancestry";
import { plan } from "../plan";
import { rewindableWrapper } from "../preprocessors/rewindableWrapper";
import { uniqueGroup } from "../uniqueGroup";

/** Takes a reading of detectors and motors: `triggerAndRead`, or your own. */
export type TakeReading = (devices: readonly Readable[]) => Plan<unknown>;

/** A motor that can also be read, as a scan needs it. */
export type ReadableMotor<T = number> = Movable<T> & Readable<unknown>;

/** Triggers what can be triggered, waits, and reads all into one event. @returns the readings of all */
export const triggerAndRead = plan("triggerAndRead", function* <
  T,
>(devices: readonly Readable<T>[], name = "primary"): Plan<Readings<T>> {
  if (!Array.isArray(devices)) throw noList("triggerAndRead");
  if (devices.length === 0) yield Msg("null");
  const separate = separateDevices(devices);
  if (separate.every((device) => (device as { rewindable?: boolean }).rewindable !== false))
    return yield* measure(separate, name);
  return yield* rewindableWrapper(measure(separate, name), false);
});

function* measure<T>(devices: readonly Readable<T>[], name: string): Plan<Readings<T>> {
  let group: string | null = null;
  for (const device of devices) {
    if (!isTriggerable(device)) continue;
    group ??= uniqueGroup("trigger");
    yield Msg("trigger", device, [], { group });
  }
  if (group !== null) yield Msg("wait", null, [], { group, error_on_timeout: true, timeout: null, watch: [] });
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

/** A shot of `count`. */
export const oneShot = plan(
  "oneShot",
  function* (detectors: readonly Readable[], takeReading: TakeReading = triggerAndRead): Plan<void> {
    if (!Array.isArray(detectors)) throw noList("oneShot");
    yield Msg("checkpoint");
    yield* takeReading([...detectors]);
  },
);

/** A point of a scan with one motor. */
export const one1dStep = plan("one1dStep", function* <
  T,
>(detectors: readonly Readable[], motor: ReadableMotor<T>, step: T, takeReading: TakeReading = triggerAndRead): Plan<unknown> {
  if (!Array.isArray(detectors)) throw noList("one1dStep");
  const group = uniqueGroup("set");
  yield Msg("checkpoint");
  yield Msg("set", motor, [step], { group });
  yield Msg("wait", null, [], { group });
  return yield* takeReading([...detectors, motor]);
});

/** Positions by motor. */
export type Step = ReadonlyMap<ReadableMotor<never>, unknown>;
/** Where the motors are, as far as the plan has moved them. */
export type PositionCache = Map<unknown, unknown>;

/** Moves the motors that are not there yet, together. */
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

/** A point of a scan with any number of motors. */
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
