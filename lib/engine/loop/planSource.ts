/** What can be given to `RE(...)`, and how it becomes a plan. */

import { types } from "node:util";
import type { Msg, Plan } from "../../core/protocols/msg";
import { UsageError } from "../../errors";
import { generatorName } from "./generatorName";

/**
 * A plan, a function that makes one, or messages. A function can be run again and again, a plan only once.
 */
export type PlanSource<T> = Plan<T> | (() => Plan<T>) | Iterable<Msg>;

/** The key on a plan for the name of its function, which a generator does not know. */
export const $planName: unique symbol = Symbol.for("secop-lab.planName") as never;

/** The key on a plan for whether its iteration has begun. */
export const $started: unique symbol = Symbol.for("secop-lab.planStarted") as never;

const used = new WeakSet<object>();

/** The error for a plan that is run a second time. @param name the name of its function, "" if not known */
export function usedUp(name: string): UsageError {
  const call = `${name || "scan"}(...)`;
  return new UsageError(
    `this plan has been used up: a plan runs once. Make a new one, e.g. RE(${call}) or yield* ${call}, or give a function: RE(() => plan)`,
  );
}

/** The plan of `source`, which then can't be used again, and the name of its function, "" if not known. */
export function takePlan<T>(source: PlanSource<T>): { plan: Plan<T>; name: string } {
  if (typeof source === "function") {
    const { plan, name } = takePlan(source());
    return { plan, name: source.name || name };
  }
  if (isPlan(source)) {
    const { [$planName]: name = "", [$started]: started } = source as { [$planName]?: string; [$started]?: boolean };
    if (started || used.has(source)) throw usedUp(name);
    used.add(source);
    return { plan: source as Plan<T>, name: name || generatorName(source) };
  }
  if (isIterable(source)) return { plan: fromMessages(source as Iterable<Msg>) as Plan<T>, name: "" };
  // A message may come from other code, so it is recognized by its command and not by a class.
  if (typeof (source as { command?: unknown } | undefined)?.command === "string")
    return { plan: fromMessages([source as unknown as Msg]) as Plan<T>, name: "" };
  if (typeof source === "object" && source !== null && Symbol.asyncIterator in source)
    throw new UsageError("a plan is a plain generator: write function* without async, and yield* instead of await");
  if (types.isPromise(source))
    throw new UsageError(
      "RE got a promise, not a plan: what it stands for has begun already, so await it; in a plan, write mv(motor, 5) for motor.set(5), and bps.stop(motor) for motor.stop()",
    );
  throw new UsageError(`${String(source)} is not a plan: write RE(count([detector])), or give a generator function`);
}

function isPlan(source: unknown): source is Plan {
  return isIterable(source) && "next" in source && "throw" in source && "return" in source;
}

function isIterable(source: unknown): source is Iterable<unknown> {
  return typeof source === "object" && source !== null && Symbol.iterator in source;
}

function* fromMessages(messages: Iterable<Msg>): Plan {
  let last: unknown;
  for (const msg of messages) last = yield msg;
  return last;
}
