/** Plays a plan through without moving anything, to find out what it would do. */

import type { Msg, Plan } from "../../core/protocols/msg";
import { duringStep, type PlanStep } from "../../core/protocols/planStep";
import {
  type HasName,
  hasHints,
  isCheckable,
  isLocatable,
  isReadable,
  type Reading,
  type StatusLike,
  type SyncOrAsync,
} from "../../core/protocols/protocols";
import { UnstartedPlans } from "../../core/protocols/unstartedPlans";
import { deviceName } from "../../engine/planErrors";
import { errorText } from "../../errors";

/** The members that a device may offer, so that the time of a plan can be estimated. */
export interface HasDuration {
  /**
   * Seconds that an action takes, or undefined if that is not known.
   * @param command "set" for a move from `from`, or from where the device
   * is, to `value`; "trigger" for a measurement
   */
  expectedDuration(command: "set" | "trigger", value?: unknown, from?: unknown): SyncOrAsync<number | undefined>;
}

/** The moves of one device in a plan. */
export interface PlannedMoves {
  /** The name of the device. */
  readonly device: string;
  /** The number of moves. */
  readonly count: number;
  /** The first position. */
  readonly first: unknown;
  /** The last position. */
  readonly last: unknown;
  /** The lowest position; null if the positions are not all numbers. */
  readonly low: number | null;
  /** The highest position; null if the positions are not all numbers. */
  readonly high: number | null;
}

/** The findings about a plan that was played through without moving anything. */
export interface PlayedPlan {
  /** All messages of the plan. */
  readonly messages: readonly Msg[];
  /** The number of events of all runs. */
  readonly points: number;
  /** The moves of each device, in the order in which the devices first move. */
  readonly moves: readonly PlannedMoves[];
  /**
   * The errors that would happen, one line each: positions that a device refuses, and errors of the plan
   * itself.
   */
  readonly problems: readonly string[];
  /** Names of devices that can't say whether a position is allowed. */
  readonly unchecked: readonly string[];
  /** The known part of the duration in seconds: sleeps, and actions of devices that offer their duration. */
  readonly seconds: number;
  /** The number of moves and triggers of unknown duration. */
  readonly unknownDurations: number;
}

/** The status of an action in played time. */
class PlayedStatus implements StatusLike {
  readonly success = true;
  readonly #end: number;
  readonly #clock: () => number;
  #lastRead = Number.NEGATIVE_INFINITY;

  constructor(end: number, clock: () => number) {
    this.#end = end;
    this.#clock = clock;
  }

  /**
   * Whether the end has come. It is also true when it is read twice at the same time, since a plan that waits
   * for it without letting time pass would wait for ever.
   */
  get done(): boolean {
    const now = this.#clock();
    const again = now === this.#lastRead;
    this.#lastRead = now;
    return again || now >= this.#end;
  }

  exception(): null {
    return null;
  }

  addCallback(fn: (status: this) => void): void {
    fn(this);
  }
}

/**
 * Answers the messages of a plan without doing anything, on a clock that
 * runs by the durations that devices offer.
 */
export class PlanPlayer implements PlanStep {
  readonly unstarted = new UnstartedPlans();
  readonly time = (): number => this.#seconds;
  readonly messages: Msg[] = [];
  readonly problems: string[] = [];
  readonly #positions = new Map<unknown, unknown>();
  readonly #moves = new Map<HasName, unknown[]>();
  readonly #unchecked = new Set<string>();
  /** The time at which all actions of a group are done. */
  readonly #ends = new Map<unknown, number>();
  #points = 0;
  #seconds = 0;
  #unknown = 0;

  /** Asks the plan for its next message, with the answer to the last one. */
  next<T>(plan: Plan<T>, answer?: unknown): IteratorResult<Msg, T> {
    return duringStep(this, () => plan.next(answer));
  }

  /** The answer to a message, as if it had been done. */
  async answer(msg: Msg): Promise<unknown> {
    this.messages.push(msg);
    switch (msg.command) {
      case "set":
        return await this.#set(msg.obj as HasName, msg.args[0], msg.kwargs.group);
      case "trigger":
        return this.#begin(msg.kwargs.group, await (msg.obj as Partial<HasDuration>).expectedDuration?.("trigger"));
      case "wait":
        return this.#wait(msg);
      case "sleep":
        this.#seconds += Number(msg.args[0]);
        return undefined;
      case "save":
        this.#points += 1;
        return undefined;
      case "locate":
        return await this.#locate(msg.obj);
      case "read":
        return await this.#read(msg.obj);
      default:
        return undefined;
    }
  }

  /** The findings so far. */
  result(): PlayedPlan {
    const moves = [...this.#moves].map(([device, positions]) => plannedMoves(device, positions));
    return {
      messages: this.messages,
      problems: this.problems,
      points: this.#points,
      moves,
      unchecked: [...this.#unchecked],
      seconds: this.#seconds,
      unknownDurations: this.#unknown,
    };
  }

  async #set(device: HasName, value: unknown, group: unknown): Promise<StatusLike> {
    const positions = this.#moves.get(device) ?? [];
    this.#moves.set(device, positions);
    positions.push(value);
    const from = this.#positions.get(device);
    this.#positions.set(device, value);
    await this.#check(device, value);
    return this.#begin(group, await (device as Partial<HasDuration>).expectedDuration?.("set", value, from));
  }

  async #check(device: HasName, value: unknown): Promise<void> {
    if (!isCheckable(device)) {
      this.#unchecked.add(deviceName(device));
      return;
    }
    try {
      await device.checkValue(value);
    } catch (error) {
      this.problems.push(errorText(error));
    }
  }

  /** Begins an action that takes `duration` seconds; one of unknown duration is done at once. */
  #begin(group: unknown, duration: number | undefined): StatusLike {
    if (duration === undefined) this.#unknown += 1;
    const end = this.#seconds + (duration ?? 0);
    this.#ends.set(group, Math.max(end, this.#ends.get(group) ?? 0));
    return new PlayedStatus(end, () => this.#seconds);
  }

  #wait({ args, kwargs }: Msg): boolean {
    const group = args[0] ?? kwargs.group;
    const left = Math.max(0, (this.#ends.get(group) ?? 0) - this.#seconds);
    const { timeout } = kwargs;
    if (kwargs.error_on_timeout === false && typeof timeout === "number" && timeout < left) {
      this.#seconds += timeout;
      return false;
    }
    this.#seconds += left;
    this.#ends.delete(group);
    return true;
  }

  async #locate(device: unknown): Promise<unknown> {
    if (this.#positions.has(device)) {
      const position = this.#positions.get(device);
      return { setpoint: position, readback: position };
    }
    return isLocatable(device) ? await device.locate() : undefined;
  }

  async #read(device: unknown): Promise<unknown> {
    if (!isReadable(device)) return undefined;
    const readings = await device.read();
    const position = this.#positions.get(device);
    if (position === undefined) return readings;
    const planned: Record<string, Reading> = { ...readings };
    // The hinted fields of a device that can be set show where it is.
    for (const field of hasHints(device) ? (device.hints.fields ?? []) : [device.name]) {
      const own = planned[field];
      if (own && typeof own.value === typeof position) planned[field] = { ...own, value: position };
    }
    return planned;
  }
}

function plannedMoves(device: HasName, positions: readonly unknown[]): PlannedMoves {
  const numbers = positions.every((position) => typeof position === "number") ? (positions as readonly number[]) : [];
  return {
    device: deviceName(device),
    count: positions.length,
    first: positions[0],
    last: positions.at(-1),
    low: numbers.length > 0 ? numbers.reduce((a, b) => Math.min(a, b)) : null,
    high: numbers.length > 0 ? numbers.reduce((a, b) => Math.max(a, b)) : null,
  };
}
