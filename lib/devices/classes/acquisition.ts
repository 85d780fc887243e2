/** The interface classes of SECoP 2.0 that acquire data, as devices. */

import type {
  Pausable,
  Preparable,
  Readings,
  SetOptions,
  Stoppable,
  Subscribable,
  Triggerable,
} from "../../core/protocols/protocols";
import type { SignalR, SignalRW } from "../../core/signal/signal";
import { Status } from "../../core/status/status";
import { UsageError } from "../../errors";
import { handleOf, ModuleDevice } from "../module/moduleDevice";
import { waitForIdle } from "../module/waitForIdle";
import { AcquisitionRun } from "../moving/acquisitionRun";
import { measure } from "./measure";
import { ReadableDevice } from "./readableDevice";

/**
 * Goals by the role of the channel, in the unit of the channel; null for none. The role "t" is the time in
 * seconds.
 */
export type AcquisitionGoals<R extends string = string> = Readonly<Partial<Record<R, number | null>>>;

let channelsOf: (controller: AcquisitionControllerDevice) => ModuleDevice[];
let linkChannel: (controller: AcquisitionControllerDevice, role: string, channel: ModuleDevice) => void;
let prepareRun: (device: AcquiringDevice, options: SetOptions) => Promise<void>;

/** One value that an acquisition collects. A goal for it can end the acquisition. */
export class AcquisitionChannelDevice<V = unknown> extends ReadableDevice<V> {}

/** A module that acquires until a goal is reached or it is stopped. */
export class AcquiringDevice extends ModuleDevice implements Triggerable, Stoppable, Pausable {
  static {
    prepareRun = (device, options) => device.#run.prepare(options);
  }

  declare readonly status: SignalR;
  readonly #run = new AcquisitionRun(handleOf(this));

  /**
   * Starts an acquisition; done when it has ended and its values have arrived. Fails like `set` of a
   * Drivable.
   */
  trigger(options: SetOptions = {}): Status {
    return Status.from<void>(async () => {
      await this.#run.start(options, this.name);
      // The status may report the end before the last values arrive.
      await Promise.all(collectedBy(this).map(measure));
    }, this.name);
  }

  /** Ends the acquisition, where the module can; `trigger()` is then done with the data collected so far. */
  stop(_success = true): Promise<void> {
    return this.#run.stop();
  }

  /** Holds the acquisition, where the module can; `trigger()` continues to wait. */
  pause(): Promise<void> {
    return this.#run.hold();
  }

  /** Continues the acquisition that `pause` has held; does nothing if there is none. */
  resume(): Promise<void> {
    return this.#run.goOn();
  }

  /** Done when the module is not busy; fails when it is in error or disabled. */
  waitForIdle(options?: SetOptions): Status {
    return waitForIdle(handleOf(this), options);
  }
}

/**
 * Starts acquisitions of its channels (SECoP 2.0). `trigger()` runs one acquisition and `read()` reads the
 * channels, so a scan needs only the controller, as in `count([controller])`. The type R has the roles of the
 * channels.
 */
export class AcquisitionControllerDevice<R extends string = string>
  extends AcquiringDevice
  implements Preparable<AcquisitionGoals<R>>
{
  static {
    channelsOf = (controller) => [...controller.#channels.values()];
    linkChannel = (controller, role, channel) => {
      if (controller.#channels.get(role) === channel) return;
      controller.#channels.set(role, channel);
      controller.addReadables([channel], "child");
    };
  }

  readonly #channels = new Map<string, ModuleDevice>();

  /** Seconds that an acquisition takes at most, for `preview`; undefined if no goal is a time. */
  expectedDuration(command: "set" | "trigger"): number | undefined {
    const times = [...this.#channels.values()].flatMap((channel) => timeGoal(channel) ?? []);
    return command === "trigger" && times.length > 0 ? Math.min(...times) : undefined;
  }

  /**
   * Sets the goals of channels and prepares the next acquisition. A goal of null means that the channel does
   * not end it. Fails when the module is not ready within `timeout` seconds (default: never).
   */
  prepare(goals: AcquisitionGoals<R>, options: SetOptions = {}): Status {
    return Status.from(async () => {
      const wanted = new Map<string, number | null | undefined>(Object.entries(goals));
      for (const role of wanted.keys()) {
        if (this.#channels.has(role)) continue;
        throw new UsageError(`${this.name} has no channel "${role}", only ${[...this.#channels.keys()].join(", ")}`);
      }
      await Promise.all([...this.#channels].map(([role, channel]) => setGoal(channel, wanted.get(role), options)));
      await prepareRun(this, options);
    }, this.name);
  }
}

/** Controller and only channel in one module (SECoP 2.0). */
export class AcquisitionDevice<V = unknown>
  extends AcquiringDevice
  implements Preparable<number | null>, Subscribable<V>
{
  /** The acquired value. */
  declare readonly value: SignalR<V>;

  /** Seconds that an acquisition takes, for `preview`; undefined if its goal is not a time. */
  expectedDuration(command: "set" | "trigger"): number | undefined {
    return command === "trigger" ? timeGoal(this) : undefined;
  }

  /**
   * Sets the goal (null for none) and prepares the next acquisition. Fails when the module is not ready
   * within `timeout` seconds (default: never).
   */
  prepare(goal: number | null, options: SetOptions = {}): Status {
    return Status.from(async () => {
      await setGoal(this, goal, options);
      await prepareRun(this, options);
    }, this.name);
  }

  /** Calls `fn` with the readings of `value`, now and at every update. */
  subscribe(fn: (readings: Readings<V>) => void): void {
    this.value.subscribe(fn);
  }

  clearSub(fn: (readings: Readings<V>) => void): void {
    this.value.clearSub(fn);
  }
}

/** The modules whose values an acquisition collects, without those that are not recorded. */
function collectedBy(device: AcquiringDevice): ModuleDevice[] {
  if (!(device instanceof AcquisitionControllerDevice)) return [device];
  return channelsOf(device).filter((channel) => device.formatOf(channel) !== "omit");
}

/** Connects each controller with the devices of its channels. */
export function linkChannels(modules: ReadonlyMap<string, ModuleDevice>): void {
  for (const controller of modules.values()) {
    if (!(controller instanceof AcquisitionControllerDevice)) continue;
    for (const [role, name] of controller.description.acquisition_channels ?? []) {
      const channel = modules.get(name);
      if (channel) linkChannel(controller, role, channel);
    }
  }
}

/** frappy puts an underscore before the names that its version of SECoP does not define. */
const parameterName = (channel: ModuleDevice, name: "goal" | "goal_enable"): string =>
  channel.accessibles.has(name) ? name : `_${name}`;

async function setGoal(
  channel: ModuleDevice,
  goal: number | null | undefined,
  { signal: abort }: SetOptions,
): Promise<void> {
  if (goal === undefined) return;
  const options = abort ? { signal: abort } : {};
  // SECoP declares both as settable parameters, so their members are signals of this kind.
  const settable = (name: "goal" | "goal_enable") =>
    channel.accessibles.get(parameterName(channel, name)) as SignalRW | undefined;
  if (goal !== null) {
    const signal = settable("goal");
    if (!signal) throw new UsageError(`${channel.name} has no goal that could be set`);
    await signal.set(goal, options);
  }
  await settable("goal_enable")?.set(goal !== null, options);
}

/** The goal of a channel in seconds; undefined if the channel has another unit or no goal. */
function timeGoal(channel: ModuleDevice): number | undefined {
  const handle = handleOf(channel);
  const goal = handle.known(parameterName(channel, "goal"))?.value;
  const isEnabled = handle.known(parameterName(channel, "goal_enable"))?.value !== false;
  return handle.mainUnit() === "s" && isEnabled && typeof goal === "number" ? goal : undefined;
}
