/** Stubs that set devices and move them to positions. */

import { Msg, type Plan } from "../../core/protocols/msg";
import type { NotInferred } from "../../core/protocols/notInferred";
import type { Movable, StatusLike } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { notDevice } from "../arguments/notDevice";
import { plan } from "../plan";
import { uniqueGroup } from "../uniqueGroup";
import type { GroupOptions } from "./flowStubs";

/** Options of a set; further members go to the device's `set`. */
export interface SetGroupOptions extends GroupOptions {
  /** Seconds until the set fails; default: never. */
  readonly timeout?: number | null;
}

/** Options of moves, the last argument. */
export interface MoveOptions {
  /** The group of the moves; default: one of their own. */
  readonly group?: unknown;
  /** Seconds until waiting for the moves fails, though the devices go on; default: never. */
  readonly timeout?: number | null;
}

/** Sets a device to a value. Goes on at once unless `wait` is true. */
export const absSet = plan("absSet", function* <
  T,
>(device: Movable<T>, value: NotInferred<T>, options: SetGroupOptions & Readonly<Record<string, unknown>> = {}): Plan<StatusLike> {
  const { group: wanted = null, wait: waits = false, ...kwargs } = options;
  const group = waits && wanted === null ? uniqueGroup("set") : wanted;
  const status = (yield Msg("set", device, [value], { group, ...kwargs })) as StatusLike;
  if (waits) yield Msg("wait", null, [], { group });
  return status;
});

type To<T> = [device: Movable<T>, position: NotInferred<T>];
/** `device, position, device, position, ..., options?` for up to five devices. */
export interface Move {
  <A>(...args: [...pair: To<A>, options?: MoveOptions]): Plan<StatusLike[]>;
  <A, B>(...args: [...pair: To<A>, ...pair: To<B>, options?: MoveOptions]): Plan<StatusLike[]>;
  <A, B, C>(...args: [...pair: To<A>, ...pair: To<B>, ...pair: To<C>, options?: MoveOptions]): Plan<StatusLike[]>;
  <A, B, C, D>(
    ...args: [...pair: To<A>, ...pair: To<B>, ...pair: To<C>, ...pair: To<D>, options?: MoveOptions]
  ): Plan<StatusLike[]>;
  <A, B, C, D, E>(
    ...args: [...pair: To<A>, ...pair: To<B>, ...pair: To<C>, ...pair: To<D>, ...pair: To<E>, options?: MoveOptions]
  ): Plan<StatusLike[]>;
}

/** Moves one or several devices together and waits until all have arrived: `mv(motor, 3, other, 5)`. */
export const mv = plan("mv", function* (...args: readonly unknown[]): Plan<StatusLike[]> {
  const { pairs, options } = movePairs("mv", args);
  return yield* moveTogether(pairs, options);
}) as Move;

/** Bluesky's short name of `mv`. */
export const mov = mv;

type DevicePair = readonly [device: Movable, value: unknown];

/** Splits `device, value, device, value, ..., options?`; throws if a device can't be moved or comes twice. */
export function movePairs(
  what: string,
  args: readonly unknown[],
): { readonly pairs: readonly DevicePair[]; readonly options: MoveOptions } {
  const odd = args.length % 2 === 1;
  const last = args.at(-1);
  if (args.length < 2 || (odd && (typeof last !== "object" || last === null))) {
    throw new UsageError(`${what} takes pairs of device and position: ${what}(motor, 3, other, 5)`);
  }
  const pairs: DevicePair[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) {
    const device = args[i] as Movable;
    if (typeof device?.set !== "function") {
      throw notDevice(
        `${what}: argument ${i + 1}`,
        device,
        "can't be moved: it is read-only, or measures only",
        "can't be moved; pairs are device, position, device, position ...",
      );
    }
    if (pairs.some(([other]) => other === device)) {
      throw new UsageError(`${what}: ${device.name} is moved to two places`);
    }
    pairs.push([device, args[i + 1]]);
  }
  return { pairs, options: odd ? (last as MoveOptions) : {} };
}

/**
 * Starts the moves of all pairs in one group and waits for it.
 * @param target makes the position of a device from the value in its pair; default: the value itself
 */
export function* moveTogether(
  pairs: readonly DevicePair[],
  { group: wanted, timeout = null, ...kwargs }: MoveOptions,
  target?: (device: Movable, value: unknown) => Plan<unknown>,
): Plan<StatusLike[]> {
  const group = wanted ?? uniqueGroup("mv");
  const statuses: StatusLike[] = [];
  for (const [device, value] of pairs) {
    const position = target ? yield* target(device, value) : value;
    statuses.push((yield Msg("set", device, [position], { group, ...kwargs })) as StatusLike);
  }
  yield Msg("wait", null, [], { group, timeout });
  return statuses;
}
