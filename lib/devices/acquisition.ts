import type { Pausable, Preparable, SetOptions, Stoppable, Triggerable } from "../core/protocols";
import type { SignalR, SignalRW } from "../core/signal";
import { Status } from "../core/status";
import { UsageError } from "../errors";
import { isBusy } from "../secop/status";
import { Activity } from "./activity";
import { handleOf, ModuleDevice } from "./moduleDevice";
import type { ModuleHandle } from "./moduleHandle";
import { ReadableDevice } from "./readableDevice";
import { waitForIdle } from "./waitForIdle";

/** Goals by channel role, in the unit of the channel; null for none. The role "t" is the time in seconds. */
export type AcquisitionGoals = Readonly<Record<string, number | null>>;

let linkChannel: (controller: AcquisitionControllerDevice, role: string, channel: ModuleDevice) => void;

/** One value that an acquisition collects, with a goal at which the acquisition ends. */
export class AcquisitionChannelDevice<V = unknown> extends ReadableDevice<V> {}

/**
 * Starts acquisitions of its channels (SECoP 2.0). `trigger()` is one acquisition, `read()` gives the channels, so that
 * `count([controller])` is all a scan needs.
 */
export class AcquisitionControllerDevice
  extends ModuleDevice
  implements Triggerable, Preparable<AcquisitionGoals>, Stoppable, Pausable
{
  static {
    linkChannel = (controller, role, channel) => {
      if (controller.#channels.get(role) === channel) return;
      controller.#channels.set(role, channel);
      controller.addReadables([channel], "child");
    };
  }

  declare readonly status: SignalR;
  readonly #channels = new Map<string, ModuleDevice>();

  /** One acquisition: starts it and is done at its end. Fails like `set` of a Drivable. */
  trigger(options: SetOptions = {}): Status {
    return acquire(handleOf(this), options, this.name);
  }

  /** Sets the goals of channels and prepares the next acquisition. A goal of null means that the channel does not end it. */
  prepare(goals: AcquisitionGoals): Status {
    return Status.from(async () => {
      for (const role of Object.keys(goals)) {
        if (this.#channels.has(role)) continue;
        throw new UsageError(`${this.name} has no channel "${role}", only ${[...this.#channels.keys()].join(", ")}`);
      }
      await Promise.all([...this.#channels].map(([role, channel]) => setGoal(channel, goals[role])));
      await prepare(handleOf(this));
    }, this.name);
  }

  /** Ends an acquisition under way, where the module can; `trigger()` is done then, with what was collected. */
  stop(_success = true): Promise<void> {
    return stop(handleOf(this));
  }

  /** Holds the acquisition, where the module can. */
  pause(): Promise<void> {
    return hold(handleOf(this));
  }

  /** Goes on with an acquisition that is held. */
  resume(): Promise<void> {
    return goOn(handleOf(this));
  }

  waitForIdle(options?: SetOptions): Status {
    return waitForIdle(handleOf(this), options);
  }
}

/** Controller and only channel in one module (SECoP 2.0). */
export class AcquisitionDevice<V = unknown>
  extends ReadableDevice<V>
  implements Preparable<number | null>, Stoppable, Pausable
{
  /** One acquisition: starts it and is done at its end. */
  override trigger(options: SetOptions = {}): Status {
    return acquire(handleOf(this), options, this.name);
  }

  /** Sets the goal, null for none, and prepares the next acquisition. */
  prepare(goal: number | null): Status {
    return Status.from(async () => {
      await setGoal(this, goal);
      await prepare(handleOf(this));
    }, this.name);
  }

  /** Ends an acquisition under way, where the module can; `trigger()` is done then, with what was collected. */
  stop(_success = true): Promise<void> {
    return stop(handleOf(this));
  }

  /** Holds the acquisition, where the module can. */
  pause(): Promise<void> {
    return hold(handleOf(this));
  }

  /** Goes on with an acquisition that is held. */
  resume(): Promise<void> {
    return goOn(handleOf(this));
  }
}

/** Gives each controller the devices of its channels. */
export function linkChannels(modules: ReadonlyMap<string, ModuleDevice>): void {
  for (const controller of modules.values()) {
    if (!(controller instanceof AcquisitionControllerDevice)) continue;
    for (const [role, name] of controller.description.acquisitionChannels ?? []) {
      const channel = modules.get(name);
      if (channel) linkChannel(controller, role, channel);
    }
  }
}

function acquire(handle: ModuleHandle, options: SetOptions, name: string): Status {
  if (handle.link.mocked) return Status.completed(name);
  return new Status((resolve, reject) => {
    const order = {
      goal: { infinitive: "finish the acquisition", past: "finished the acquisition" },
      send: async () => void (await handle.client.do(handle.name, "go")),
      // What was acquired too fast to be seen BUSY is told by nothing but time.
      isThere: async (busySeen: boolean) => busySeen,
    };
    new Activity(handle, order, options, (error) => (error ? reject(error) : resolve()));
  }, name);
}

/** frappy puts an underscore before names its version of SECoP does not have. */
async function setGoal(channel: ModuleDevice, goal: number | null | undefined): Promise<void> {
  if (goal === undefined) return;
  const settable = (name: string) =>
    (channel.accessibles.get(name) ?? channel.accessibles.get(`_${name}`)) as SignalRW | undefined;
  if (goal !== null) {
    const signal = settable("goal");
    if (!signal) throw new UsageError(`${channel.name} has no goal that could be set`);
    await signal.set(goal);
  }
  await settable("goal_enable")?.set(goal !== null);
}

async function prepare(handle: ModuleHandle): Promise<void> {
  if (handle.link.mocked || !handle.hasCommand("prepare")) return;
  await handle.client.do(handle.name, "prepare");
  await waitForIdle(handle);
}

async function stop(handle: ModuleHandle): Promise<void> {
  const status = handle.status();
  if (handle.link.mocked || !status || !isBusy(status.code) || !handle.hasCommand("stop")) return;
  await handle.client.do(handle.name, "stop");
}

async function hold(handle: ModuleHandle): Promise<void> {
  const command = ["hold", "_hold"].find((name) => handle.hasCommand(name));
  const status = handle.status();
  if (!handle.link.mocked && command && status && isBusy(status.code)) await handle.client.do(handle.name, command);
}

async function goOn(handle: ModuleHandle): Promise<void> {
  if (!handle.link.mocked && (handle.hasCommand("hold") || handle.hasCommand("_hold"))) {
    await handle.client.do(handle.name, "go");
  }
}
