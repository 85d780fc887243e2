/** A transformation between raw members and derived values, which are moved together. */

import { isDeepStrictEqual } from "node:util";
import { formatValue } from "../../display/formatValue";
import { withUnits } from "../../display/number";
import { UsageError } from "../../errors";
import {
  isCheckable,
  isMovable,
  isStoppable,
  type Movable,
  type SetOptions,
  type StatusLike,
} from "../protocols/protocols";
import { deadline } from "../status/deadline";
import { Status } from "../status/status";
import { statusOf } from "../status/statusOf";
import { causedByUs } from "../status/unwatchedFailures";
import { type RawMembers, readAll, setpointsOf, type ValuesOf } from "./rawMember";
import { callPosition } from "./shiftedBackend";
import { SignalRW } from "./signal";

/** A transformation between raw values that can be set and derived values, as many as needed. */
export interface Transform<R, D> {
  toDerived(raw: R): D;
  toRaw(derived: D): Partial<R>;
}

/** One `set` of derived values that has not ended. */
interface Demand<D> {
  readonly name: string;
  readonly changes: Partial<D>;
  readonly options: SetOptions;
  /** Whether its raw members have been sent to their targets. */
  underWay: boolean;
  /** Ends it: as a success without an error. */
  settle(error?: Error): void;
}

/** Where a raw member has been sent. */
interface Heading {
  readonly target: unknown;
  readonly status: StatusLike;
}

/**
 * Moves derived values. Sets of several of them merge into one movement of the raw members: those of one turn
 * of the event loop at once, later ones while the movement is under way by sending the raw members to new
 * targets. The values that are not set keep what was last demanded of them, so that they do not drift when
 * the raw members land a little off.
 */
export class Transformation<R extends RawMembers, D extends Record<string, unknown>> {
  readonly #raw: R;
  readonly #transform: Transform<ValuesOf<R>, D>;
  readonly #units: Readonly<Partial<Record<keyof D, string>>>;
  readonly #open = new Set<Demand<D>>();
  readonly #headings = new Map<string, Heading>();
  /** What is demanded while a movement is under way. */
  #demanded: D | undefined;
  /** What was demanded by the last movement that arrived, and the raw setpoints after it. */
  #reached: { readonly raw: ValuesOf<R>; readonly derived: D } | undefined;
  #starting: Promise<void> | undefined;
  /** Counts the times that the raw members were sent somewhere. */
  #legs = 0;
  /** Aborted when nothing waits for the raw members any more. */
  #waiting = new AbortController();

  constructor(raw: R, transform: Transform<ValuesOf<R>, D>, units: Readonly<Partial<Record<keyof D, string>>>) {
    this.#raw = raw;
    this.#transform = transform;
    this.#units = units;
  }

  /** What was last demanded of the derived values. */
  async setpoints(): Promise<D> {
    await this.#starting;
    return this.#demanded ?? this.#atRest(await setpointsOf(this.#raw));
  }

  /**
   * Sends derived values to new targets. Done when the raw members have arrived. Fails if the raw members
   * fail, and if one of the values is sent elsewhere before.
   */
  demand(changes: Partial<D>, options: SetOptions, name: string): Status {
    return new Status((resolve, reject) => {
      const demand: Demand<D> = {
        name,
        changes,
        options,
        underWay: false,
        settle: (error) => {
          if (!this.#open.delete(demand)) return;
          disarm();
          if (this.#open.size === 0) this.#endWaiting();
          if (error) reject(error);
          else resolve();
        },
      };
      for (const other of [...this.#open]) {
        if (!Object.keys(changes).some((key) => Object.hasOwn(other.changes, key))) continue;
        // The new demand replaces the other one before that ends, so that the raw members stay awaited.
        this.#open.add(demand);
        const words = `${name} was sent to ${this.#shown(changes)} before it reached ${this.#shown(other.changes)}`;
        other.settle(causedByUs(new Error(words)));
      }
      this.#open.add(demand);
      const what = () => `${name || "a derived value"} to reach ${this.#shown(changes)}`;
      const disarm = deadline(options, what, (error) => demand.settle(error));
      this.#starting ??= this.#start();
    }, name);
  }

  /** @throws UsageError if the transformation gives a value for a raw member that there is not */
  #toRaw(derived: D): Partial<ValuesOf<R>> {
    const targets = this.#transform.toRaw(derived);
    const unknown = Object.keys(targets).find((key) => !Object.hasOwn(this.#raw, key));
    if (unknown === undefined) return targets;
    const known = Object.keys(this.#raw).join(", ");
    throw new UsageError(`toRaw gives a value for "${unknown}", but the raw members are ${known}`);
  }

  /** Rejects if a raw member would refuse its part of the demand, with its reason. */
  async check(changes: Partial<D>): Promise<void> {
    await this.#check(this.#toRaw({ ...(await this.setpoints()), ...changes }));
  }

  /**
   * Calls the present values of some axes by other numbers, by setting the positions of the raw members.
   * Nothing moves. If the position of one of them cannot be set, the others are as before. Rejects while an
   * axis moves.
   */
  async setCurrentPosition(changes: Partial<D>): Promise<void> {
    const unsettled = [...this.#open][0];
    if (unsettled) throw new UsageError(`${unsettled.name} moves: its position can be set when it stands still`);
    const readings = await readAll(this.#raw, { cached: false });
    const present = Object.fromEntries(Array.from(readings, ([key, { value }]) => [key, value])) as ValuesOf<R>;
    const wanted = this.#toRaw({ ...this.#transform.toDerived(present), ...changes });
    const changed = Object.entries(wanted).filter(
      ([key, value]) => !isSame(value, present[key as keyof typeof present]),
    );
    const done: string[] = [];
    try {
      for (const [key, value] of changed) {
        await setPosition(this.#raw[key], value as number);
        done.push(key);
      }
    } catch (error) {
      for (const key of done) await setPosition(this.#raw[key], present[key as keyof typeof present] as number);
      throw error;
    }
    this.#reached = undefined;
  }

  /** Stops the raw members, where they can be stopped; the movements under way fail. */
  async stop(success?: boolean): Promise<void> {
    const stopped = [...this.#open];
    try {
      await Promise.all(Object.values(this.#raw).map((member) => isStoppable(member) && member.stop(success)));
    } finally {
      for (const demand of stopped) {
        const words = `${demand.name} was stopped before it reached ${this.#shown(demand.changes)}`;
        demand.settle(causedByUs(new Error(words)));
      }
    }
  }

  async #start(): Promise<void> {
    try {
      // Sets of the same turn join this one in the meantime.
      await null;
      let targets: Partial<ValuesOf<R>>;
      let wanted: D;
      let joined: readonly Demand<D>[];
      do {
        const base = this.#demanded ?? this.#atRest(await setpointsOf(this.#raw));
        joined = [...this.#open];
        wanted = Object.assign({}, base, ...joined.map(({ changes }) => changes));
        targets = this.#toRaw(wanted);
        await this.#check(targets);
      } while (joined.length !== this.#open.size || joined.some((demand) => !this.#open.has(demand)));
      this.#starting = undefined;
      if (joined.length > 0) this.#go(targets, wanted, joined);
    } catch (error) {
      this.#starting = undefined;
      for (const demand of [...this.#open]) if (!demand.underWay) demand.settle(error as Error);
    }
  }

  #go(targets: Partial<ValuesOf<R>>, wanted: D, demands: readonly Demand<D>[]): void {
    this.#legs += 1;
    const leg = this.#legs;
    this.#demanded = wanted;
    for (const demand of demands) demand.underWay = true;
    const options = { ...commonTimeout(demands), signal: this.#waiting.signal };
    for (const [key, target] of Object.entries(targets)) {
      const heading = this.#headings.get(key);
      if (heading && !heading.status.done && isDeepStrictEqual(heading.target, target)) continue;
      this.#headings.set(key, { target, status: send(this.#raw[key], target, options) });
    }
    Status.all([...this.#headings.values()].map(({ status }) => status)).addCallback((all) => {
      void this.#arrived(leg, wanted, all.exception());
    });
  }

  async #arrived(leg: number, derived: D, failure: Error | null): Promise<void> {
    if (leg !== this.#legs) return;
    let error = failure;
    if (!error) {
      try {
        const raw = await setpointsOf(this.#raw);
        if (leg !== this.#legs) return;
        this.#reached = { raw, derived };
      } catch (problem) {
        error = problem as Error;
      }
    }
    this.#demanded = undefined;
    for (const demand of [...this.#open]) if (demand.underWay) demand.settle(error ?? undefined);
  }

  #endWaiting(): void {
    this.#demanded = undefined;
    this.#headings.clear();
    this.#waiting.abort();
    this.#waiting = new AbortController();
  }

  /**
   * The demanded values while nothing moves: from the raw setpoints, unless they are those of the last
   * demand.
   */
  #atRest(raw: ValuesOf<R>): D {
    const last = this.#reached;
    return last && isDeepStrictEqual(last.raw, raw) ? last.derived : this.#transform.toDerived(raw);
  }

  async #check(targets: Partial<ValuesOf<R>>): Promise<void> {
    for (const [key, target] of Object.entries(targets)) {
      const member = this.#raw[key];
      if (isCheckable(member)) await member.checkValue(target);
    }
  }

  #shown(changes: Partial<D>): string {
    return Object.entries(changes)
      .map(([key, value]) => withUnits(formatValue(value), this.#units[key]))
      .join(", ");
  }
}

function send(member: unknown, target: unknown, options: SetOptions): StatusLike {
  if (!isMovable(member)) return Status.completed();
  try {
    const { name } = member as Movable;
    return statusOf((member as Movable).set(target, options), name, options) ?? Status.completed();
  } catch (error) {
    return Status.failed(error);
  }
}

/** The timeout for the raw members: none if one of the demands leaves it to them, else the longest. */
function commonTimeout<D>(demands: readonly Demand<D>[]): SetOptions {
  const timeouts = demands.map(({ options }) => options.timeout);
  if (timeouts.includes(undefined)) return {};
  return { timeout: timeouts.includes(null) ? null : Math.max(...(timeouts as number[])) };
}

/** Two positions that differ by rounding only. */
const isSame = (one: unknown, other: unknown): boolean =>
  typeof one === "number" && typeof other === "number"
    ? Math.abs(one - other) <= 1e-12 * Math.max(1, Math.abs(one))
    : isDeepStrictEqual(one, other);

/** Calls the present position of a raw member by another number. */
async function setPosition(member: unknown, value: number): Promise<void> {
  const device = member as { readonly name: string; setCurrentPosition?: (value: number) => unknown };
  if (typeof device.setCurrentPosition === "function") await device.setCurrentPosition(value);
  else if (member instanceof SignalRW) await callPosition(value, member);
  else throw new UsageError(`${device.name}'s present position can't be set: it has no setCurrentPosition()`);
}
