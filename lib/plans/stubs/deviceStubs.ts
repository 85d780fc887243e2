/** Stubs for devices: read, move, trigger, stage, configure. */

import { Msg, type Plan } from "../../core/protocols/msg";
import {
  hasHints,
  isLocatable,
  isStatus,
  type Locatable,
  type Location,
  type Movable,
  type Preparable,
  type Readable,
  type Readings,
  type Stageable,
  type StatusLike,
  type Stoppable,
  type Subscribable,
  type Triggerable,
} from "../../core/protocols/protocols";
import { deviceName } from "../../engine/planErrors";
import { UsageError } from "../../errors";
import { notDevice } from "../notDevice";
import { plan } from "../plan";
import { uniqueGroup } from "../uniqueGroup";
import { wait } from "./flowStubs";

/** How an action that takes time is waited for. */
export interface GroupOptions {
  /** What a later `wait` names; default none. */
  readonly group?: unknown;
  /** Waits until done; default false. */
  readonly wait?: boolean;
}

/** Further members go to the device's `set`. */
export interface SetGroupOptions extends GroupOptions {
  /** Seconds until the set fails. */
  readonly timeout?: number | null;
}

/** What a device reads now; inside a bundle it becomes part of the event. */
export const read = plan("read", function* <T>(device: Readable<T>): Plan<Readings<T>> {
  return (yield Msg("read", device)) as Readings<T>;
});

/** The type of the one value of a device: of its readback, of its updates, else of what it reads. */
export type ValueRead<D extends Readable> =
  D extends Locatable<infer T> ? T : D extends Subscribable<infer T> ? T : D extends Readable<infer T> ? T : never;

type ReadValue = <D extends Readable>(
  device: D,
  options?: { readonly defaultValue?: ValueRead<D> },
) => Plan<ValueRead<D>>;

/** The one value of a device: its readback if it can be located, else its hinted or only reading. */
export const rd = plan("rd", function* <T>(device: Readable<T>, options: { readonly defaultValue?: T } = {}): Plan<T> {
  const fallback = (options.defaultValue ?? 0) as T;
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
  /** False: a list for one device, too. */
  readonly squeeze: false;
}

/** Setpoint and readback; of several devices at once as a list. */
export const locate = plan("locate", function* (...args: readonly (Locatable | LocateOptions)[]): Plan<unknown> {
  const last = args.at(-1);
  const squeeze = (last as Partial<LocateOptions> | null | undefined)?.squeeze === undefined;
  const devices = squeeze ? args : args.slice(0, -1);
  return yield Msg("locate", devices[0], devices.slice(1), { squeeze });
}) as Locate;

/** Sets a value; goes on at once unless `wait`. */
export const absSet = plan("absSet", function* <
  T,
>(device: Movable<T>, value: ValueOf<T>, options: SetGroupOptions & Readonly<Record<string, unknown>> = {}): Plan<StatusLike> {
  const { group: wanted = null, wait: waits = false, ...kwargs } = options;
  const group = waits && wanted === null ? uniqueGroup("set") : wanted;
  const status = (yield Msg("set", device, [value], { group, ...kwargs })) as StatusLike;
  if (waits) yield Msg("wait", null, [], { group });
  return status;
});

/** Options of moves, the last argument. */
export interface MoveOptions {
  readonly group?: unknown;
  /** Seconds until waiting fails; the devices go on. */
  readonly timeout?: number | null;
}

/** T as the device says: the value has no part in finding it out. (`NoInfer` is newer than the TypeScript of stock tslab.) */
export type ValueOf<T> = [T][T extends unknown ? 0 : never];

/** Positions by device. */
interface Move {
  <A>(a: Movable<A>, toA: ValueOf<A>, options?: MoveOptions): Plan<StatusLike[]>;
  <A, B>(a: Movable<A>, toA: ValueOf<A>, b: Movable<B>, toB: ValueOf<B>, options?: MoveOptions): Plan<StatusLike[]>;
  <A, B, C>(
    a: Movable<A>,
    toA: ValueOf<A>,
    b: Movable<B>,
    toB: ValueOf<B>,
    c: Movable<C>,
    toC: ValueOf<C>,
    options?: MoveOptions,
  ): Plan<StatusLike[]>;
  <A, B, C, D>(
    a: Movable<A>,
    toA: ValueOf<A>,
    b: Movable<B>,
    toB: ValueOf<B>,
    c: Movable<C>,
    toC: ValueOf<C>,
    d: Movable<D>,
    toD: ValueOf<D>,
    options?: MoveOptions,
  ): Plan<StatusLike[]>;
  <A, B, C, D, E>(
    a: Movable<A>,
    toA: ValueOf<A>,
    b: Movable<B>,
    toB: ValueOf<B>,
    c: Movable<C>,
    toC: ValueOf<C>,
    d: Movable<D>,
    toD: ValueOf<D>,
    e: Movable<E>,
    toE: ValueOf<E>,
    options?: MoveOptions,
  ): Plan<StatusLike[]>;
}

export type { Move };

/** Splits `device, value, device, value, ..., options?`. */
export function movePairs(
  what: string,
  args: readonly unknown[],
): { pairs: [Movable, unknown][]; options: MoveOptions } {
  const odd = args.length % 2 === 1;
  const last = args.at(-1);
  if (args.length < 2 || (odd && (typeof last !== "object" || last === null)))
    throw new UsageError(`${what} takes pairs of device and position: ${what}(motor, 3, other, 5)`);
  const pairs: [Movable, unknown][] = [];
  for (let i = 0; i + 1 < args.length; i += 2) {
    const device = args[i] as Movable;
    if (typeof device?.set !== "function")
      throw notDevice(
        `${what}: argument ${i + 1}`,
        device,
        "can't be moved: it is read-only, or measures only",
        "can't be moved; pairs are device, position, device, position ...",
      );
    if (pairs.some(([other]) => other === device))
      throw new UsageError(`${what}: ${device.name} is moved to two places`);
    pairs.push([device, args[i + 1]]);
  }
  return { pairs, options: odd ? (last as MoveOptions) : {} };
}

/** Starts the moves of all pairs in one group and waits for it. */
export function* moveTogether(
  pairs: readonly (readonly [Movable, unknown])[],
  { group: wanted, timeout = null, ...kwargs }: MoveOptions,
): Plan<StatusLike[]> {
  const group = wanted ?? uniqueGroup("mv");
  const statuses: StatusLike[] = [];
  for (const [device, value] of pairs) {
    statuses.push((yield Msg("set", device, [value], { group, ...kwargs })) as StatusLike);
  }
  yield Msg("wait", null, [], { group, timeout });
  return statuses;
}

/** Moves one or several devices together and waits until all have arrived: `mv(motor, 3, other, 5)`. */
export const mv = plan("mv", function* (...args: readonly unknown[]): Plan<StatusLike[]> {
  const { pairs, options } = movePairs("mv", args);
  return yield* moveTogether(pairs, options);
}) as Move;

/** Bluesky's short name of `mv`. */
export const mov = mv;

/** Stops a device at once, as a part of the plan; a move of it that is waited for fails. */
export const stop = plan("stop", function* (device: Stoppable): Plan<void> {
  yield Msg("stop", device);
});

/** Starts a measurement; with `wait` until it is done. Fails as the device fails. */
export const trigger = plan("trigger", function* (device: Triggerable, options: GroupOptions = {}): Plan<StatusLike> {
  const { group = null, wait: waits = false } = options;
  const status = (yield Msg("trigger", device, [], { group })) as StatusLike;
  if (waits) yield Msg("wait", null, [], { group });
  return status;
});

/** Tells a device what will be wanted of it; fails as the device fails. */
export const prepare = plan("prepare", function* <
  T,
>(device: Preparable<T>, value: ValueOf<T>, options: GroupOptions = {}): Plan<StatusLike> {
  const { group = null, wait: waits = false } = options;
  const status = (yield Msg("prepare", device, [value], { group })) as StatusLike;
  if (waits) yield* wait(group);
  return status;
});

/** What a device needs to be configured by a plan. */
export interface Configure<A extends readonly unknown[] = readonly unknown[], R = unknown> {
  configure(...args: A): R;
}

/** Calls the device's `configure`; in a run its streams get new descriptors. @returns what it returns, bluesky's [old, new] */
export const configure = plan("configure", function* <
  A extends readonly unknown[],
  R,
>(device: Configure<A, R>, ...args: A): Plan<Awaited<R>> {
  return (yield Msg("configure", device, args)) as Awaited<R>;
});

/** Prepares a device for measuring; the engine undoes it at the end if the plan doesn't. */
export const stage = plan(
  "stage",
  function* (
    device: Partial<Stageable>,
    options: { readonly group?: unknown; readonly wait?: boolean | null } = {},
  ): Plan<unknown> {
    return yield* stageOne("stage", device, options);
  },
);

/** Undoes `stage`; what a plan leaves staged is unstaged at its end. */
export const unstage = plan(
  "unstage",
  function* (
    device: Partial<Stageable>,
    options: { readonly group?: unknown; readonly wait?: boolean | null } = {},
  ): Plan<unknown> {
    return yield* stageOne("unstage", device, options);
  },
);

/** Stages devices in one group and waits for it. Fails as any of them fails. */
export const stageAll = plan("stageAll", function* (...args: readonly object[]): Plan<void> {
  yield* all("stage", args);
});

/** Unstages devices in one group and waits for it. */
export const unstageAll = plan("unstageAll", function* (...args: readonly object[]): Plan<void> {
  yield* all("unstage", args);
});

function* stageOne(
  command: "stage" | "unstage",
  device: unknown,
  { group = null, wait: waits = null }: { readonly group?: unknown; readonly wait?: boolean | null },
): Plan<unknown> {
  const result = yield Msg(command, device, [], { group });
  if (!isStatus(result)) {
    if (waits === false)
      throw new UsageError(`${command} of ${deviceName(device)} is done at once: it can't be waited for later`);
  } else if (waits) {
    yield Msg("wait", null, [], { group });
  }
  return result;
}

function* all(command: "stage" | "unstage", devices: readonly object[]): Plan<void> {
  const group = uniqueGroup(command);
  let pending = false;
  for (const device of devices) {
    const result = yield Msg(command, device, [], { group });
    pending ||= isStatus(result);
  }
  if (pending) yield Msg("wait", null, [], { group });
}
