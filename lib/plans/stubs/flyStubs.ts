/** Stubs for devices that measure by themselves. */
import { Msg, type Plan } from "../../core/protocols/msg";
import { type Collectable, type Flyable, isFlyable, type StatusLike } from "../../core/protocols/protocols";
import { deviceName } from "../../engine/planErrors";
import { UsageError } from "../../errors";
import { plan } from "../plan";
import { uniqueGroup } from "../uniqueGroup";
import type { GroupOptions } from "./deviceStubs";
import { wait } from "./flowStubs";

/** Starts a flyer; goes on at once unless `wait`. */
export const kickoff = plan("kickoff", function* (flyer: Flyable, options: GroupOptions = {}): Plan<StatusLike> {
  return yield* one("kickoff", flyer, options);
});

/** Tells a flyer to finish; goes on at once unless `wait`. */
export const complete = plan("complete", function* (flyer: Flyable, options: GroupOptions = {}): Plan<StatusLike> {
  return yield* one("complete", flyer, options);
});

/** Starts flyers together and waits until all have started, unless `wait` is false. */
export const kickoffAll = plan(
  "kickoffAll",
  function* (...args: [...flyers: Flyable[], options: GroupOptions] | Flyable[]): Plan<StatusLike[]> {
    return yield* all("kickoff", args, true);
  },
);

/** Tells flyers to finish; with `wait` true it waits until all have. */
export const completeAll = plan(
  "completeAll",
  function* (...args: [...flyers: Flyable[], options: GroupOptions] | Flyable[]): Plan<StatusLike[]> {
    return yield* all("complete", args, false);
  },
);

/** What `collect` gives and where it goes. */
export interface CollectOptions {
  /** The declared stream to fill. */
  readonly name?: string | null;
  readonly stream?: false;
  /** Whether the events are returned, too; default true. */
  readonly returnPayload?: boolean;
}

/** Emits what devices have recorded since the last time. */
export const collect = plan(
  "collect",
  function* (...args: [...devices: Collectable[], options: CollectOptions] | Collectable[]): Plan<unknown> {
    const { rest, options } = split<CollectOptions>(args);
    const { stream = false, returnPayload = true, name = null } = options;
    return yield Msg("collect", rest[0], rest.slice(1), { stream, return_payload: returnPayload, name });
  },
);

/** Options of `collectWhileCompleting`. */
export interface CollectWhileCompletingOptions {
  /** Seconds between collections; default: only at the end. */
  readonly flushPeriod?: number | null;
  readonly streamName?: string | null;
  /** Groups whose failure ends it. */
  readonly watch?: readonly unknown[];
}

/** Tells flyers to finish and collects from detectors until they have. */
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

function* one(command: "kickoff" | "complete", flyer: Flyable, options: GroupOptions): Plan<StatusLike> {
  const { group = null, wait: waits = false } = options;
  const status = (yield Msg(command, flyer, [], { group })) as StatusLike;
  if (waits) yield* wait(group);
  return status;
}

function* all(command: "kickoff" | "complete", args: readonly unknown[], waitsByDefault: boolean): Plan<StatusLike[]> {
  const { rest, options } = split<GroupOptions>(args);
  for (const flyer of rest)
    if (!isFlyable(flyer)) throw new UsageError(`${deviceName(flyer)} can't fly: it has no kickoff() and complete()`);
  const { group = uniqueGroup(command), wait: waits = waitsByDefault } = options;
  const statuses: StatusLike[] = [];
  for (const flyer of rest) statuses.push((yield Msg(command, flyer, [], { group })) as StatusLike);
  if (waits) yield* wait(group);
  return statuses;
}

/** Devices first, options last: a plain object that can't fly and has nothing to collect. */
function split<O extends object>(args: readonly unknown[]): { rest: readonly unknown[]; options: Partial<O> } {
  const last = args.at(-1);
  const isOptions =
    typeof last === "object" &&
    last !== null &&
    Object.getPrototypeOf(last) === Object.prototype &&
    !("describeCollect" in last || "kickoff" in last);
  return isOptions ? { rest: args.slice(0, -1), options: last as Partial<O> } : { rest: args, options: {} };
}
