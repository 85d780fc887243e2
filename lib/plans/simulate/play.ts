/** What a plan would do, played through without moving anything. */
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

/** What a device may tell, so that the time of a plan can be estimated. */
export interface HasDuration {
  /** Seconds an action takes: "set" from where it is to a value, or "trigger". */
  expectedDuration(command: "set" | "trigger", value?: unknown, from?: unknown): SyncOrAsync<number | undefined>;
}

/** Where a plan sends a device. */
export interface PlannedMoves {
  readonly device: string;
  readonly count: number;
  readonly first: unknown;
  readonly last: unknown;
  /** Smallest and largest position, where they are numbers. */
  readonly low: number | null;
  readonly high: number | null;
}

/** What was found out. */
export interface PlayedPlan {
  readonly messages: readonly Msg[];
  /** Events of all runs. */
  readonly points: number;
  readonly moves: readonly PlannedMoves[];
  /** What would go wrong: positions a device refuses, an error of the plan itself. */
  readonly problems: readonly string[];
  /** Devices that can't say whether a position is allowed. */
  readonly unchecked: readonly string[];
  /** Seconds that are known: sleeps, and actions of devices that tell their duration. */
  readonly seconds: number;
  /** Number of moves and triggers of unknown duration. */
  readonly unknownDurations: number;
}

interface Moves {
  readonly positions: unknown[];
}

/** An action in simulated time. */
class PlayedStatus implements StatusLike {
  readonly success = true;
  readonly #end: number;
  readonly #clock: () => number;
  #looked = Number.NEGATIVE_INFINITY;

  constructor(end: number, clock: () => number) {
    this.#end = end;
    this.#clock = clock;
  }

  /** Also at the second look at the same time: a plan that looks without letting time pass would do so for ever. */
  get done(): boolean {
    const now = this.#clock();
    const again = now === this.#looked;
    this.#looked = now;
    return again || now >= this.#end;
  }

  exception(): null {
    return null;
  }

  addCallback(fn: (status: this) => void): void {
    fn(this);
  }
}

/** A plan's messages answered without doing anything, in time that passes as devices say. */
export class Play implements PlanStep {
  readonly unstarted = new UnstartedPlans();
  readonly time = (): number => this.#seconds;
  readonly messages: Msg[] = [];
  readonly problems: string[] = [];
  readonly #positions = new Map<unknown, unknown>();
  readonly #moves = new Map<HasName, Moves>();
  readonly #unchecked = new Set<string>();
  /** When all actions of a group are done. */
  readonly #ends = new Map<unknown, number>();
  #points = 0;
  #seconds = 0;
  #unknown = 0;

  /** The plan's next message. */
  next<T>(plan: Plan<T>, answer?: unknown): IteratorResult<Msg, T> {
    return duringStep(this, () => plan.next(answer));
  }

  /** What the plan is sent for a message. */
  async answer(msg: Msg): Promise<unknown> {
    this.messages.push(msg);
    switch (msg.command) {
      case "set":
        return await this.#set(msg.obj as HasName, msg.args[0], msg.kwargs.group);
      case "trigger":
        return this.#takes(msg.kwargs.group, await (msg.obj as Partial<HasDuration>).expectedDuration?.("trigger"));
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

  result(): PlayedPlan {
    const moves = [...this.#moves].map(([device, { positions }]) => plannedMoves(device, positions));
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
    const moves = this.#moves.get(device) ?? { positions: [] };
    this.#moves.set(device, moves);
    moves.positions.push(value);
    const from = this.#positions.get(device);
    this.#positions.set(device, value);
    if (!isCheckable(device)) this.#unchecked.add(deviceName(device));
    else {
      try {
        await device.checkValue(value);
      } catch (error) {
        this.problems.push(errorText(error));
      }
    }
    return this.#takes(group, await (device as Partial<HasDuration>).expectedDuration?.("set", value, from));
  }

  /** An action of so many seconds begins; of an unknown duration, it is done at once. */
  #takes(group: unknown, duration: number | undefined): StatusLike {
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
    // what a device that is set shows first is where it is
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
