/** Stubs for flyers: devices that measure by themselves. */

import { Msg, type Plan } from "../../core/protocols/msg";
import { type Collectable, type Flyable, isFlyable, type StatusLike } from "../../core/protocols/protocols";
import { unfitDevice } from "../../engine/planErrors";
import { plan } from "../plan";
import { uniqueGroup } from "../uniqueGroup";
import { type GroupOptions, wait } from "./flowStubs";

/** Starts a flyer. Goes on at once unless `wait` is true. */
export const kickoff = plan("kickoff", function* (flyer: Flyable, options: GroupOptions = {}): Plan<StatusLike> {
  return yield* commandFlyer("kickoff", flyer, options);
});

/** Asks a flyer to finish. Goes on at once unless `wait` is true. */
export const complete = plan("complete", function* (flyer: Flyable, options: GroupOptions = {}): Plan<StatusLike> {
  return yield* commandFlyer("complete", flyer, options);
});

/** Starts flyers together and waits until all have started; goes on at once if `wait` is false. */
export const kickoffAll = plan(
  "kickoffAll",
  function* (...args: [...flyers: Flyable[], options: GroupOptions] | Flyable[]): Plan<StatusLike[]> {
    return yield* commandFlyers("kickoff", args, true);
  },
);

/** Asks flyers to finish together. Goes on at once unless `wait` is true. */
export const completeAll = plan(
  "completeAll",
  function* (...args: [...flyers: Flyable[], options: GroupOptions] | Flyable[]): Plan<StatusLike[]> {
    return yield* commandFlyers("complete", args, false);
  },
);

/** The options of `collect`: the kind of its result, and the stream of its events. */
export interface CollectOptions {
  /** The declared stream to fill; default: the one that the device describes. */
  readonly name?: string | null;
  /** Bluesky's option to emit events one by one, which is not supported. */
  readonly stream?: false;
  /** Whether the events are also returned; default true. */
  readonly returnPayload?: boolean;
}

/** Emits what devices have recorded since the last `collect`. */
export const collect = plan(
  "collect",
  function* (...args: [...devices: Collectable[], options: CollectOptions] | Collectable[]): Plan<unknown> {
    const { devices, options } = splitOptions<CollectOptions>(args);
    const { stream = false, returnPayload = true, name = null } = options;
    return yield Msg("collect", devices[0], devices.slice(1), { stream, return_payload: returnPayload, name });
  },
);

/** Options of `collectWhileCompleting`, the last argument. */
export interface CollectWhileCompletingOptions {
  /** Seconds between collections; default: only at the end. */
  readonly flushPeriod?: number | null;
  /** The declared stream to fill; default: the one that the detectors describe. */
  readonly streamName?: string | null;
  /** Groups whose failure ends the plan. */
  readonly watch?: readonly unknown[];
}

/** Asks flyers to finish, and collects from detectors until they have. */
export const collectWhileCompleting = plan(
  "collectWhileCompleting",
  function* (
    flyers: readonly Flyable[],
    detectors: readonly Collectable[],
    options: CollectWhileCompletingOptions = {},
  ): Plan<void> {
    const { flushPeriod = null, streamName = null, watch = [] } = options;
    const group = uniqueGroup("complete");
    yield* completeAll(...flyers, { group, wait: false });
    let done = false;
    while (!done) {
      done = yield* wait(group, { timeout: flushPeriod, errorOnTimeout: false, watch });
      yield* collect(...detectors, { name: streamName });
    }
  },
);

function* commandFlyer(command: "kickoff" | "complete", flyer: Flyable, options: GroupOptions): Plan<StatusLike> {
  const { group = null, wait: waits = false } = options;
  const status = (yield Msg(command, flyer, [], { group })) as StatusLike;
  if (waits) yield* wait(group);
  return status;
}

function* commandFlyers(
  command: "kickoff" | "complete",
  args: readonly unknown[],
  waitsByDefault: boolean,
): Plan<StatusLike[]> {
  const { devices, options } = splitOptions<GroupOptions>(args);
  for (const flyer of devices) {
    if (!isFlyable(flyer)) throw unfitDevice(command, flyer, "fly: it has no kickoff() and complete()");
  }
  const { group = uniqueGroup(command), wait: waits = waitsByDefault } = options;
  const statuses: StatusLike[] = [];
  for (const flyer of devices) statuses.push((yield Msg(command, flyer, [], { group })) as StatusLike);
  if (waits) yield* wait(group);
  return statuses;
}

/**
 * Splits devices from the options, which are a plain object at the end
 * that can't fly and has nothing to collect.
 */
function splitOptions<O extends object>(
  args: readonly unknown[],
): { devices: readonly unknown[]; options: Partial<O> } {
  const last = args.at(-1);
  const isOptions =
    typeof last === "object" &&
    last !== null &&
    Object.getPrototypeOf(last) === Object.prototype &&
    !("describeCollect" in last || "kickoff" in last);
  return isOptions ? { devices: args.slice(0, -1), options: last as Partial<O> } : { devices: args, options: {} };
}
