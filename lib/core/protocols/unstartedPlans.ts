/** The plans that a running plan made and did not start: at its end, a `yield*` was forgotten for each. */

import type { Plan } from "./msg";

/** A plan that was made: its name, and an error whose stack shows where. */
interface Made {
  readonly name: string;
  readonly place: Error | undefined;
}

/**
 * Stacks kept for each name of a plan. A forgotten `yield*` shows in the first calls, and stacks are
 * expensive.
 */
export const STACKS_PER_PLAN = 4;
/** Plans kept at most, so that a long run does not fill the memory. */
const MOST = 1000;

let executions = 0;

/**
 * Keeps the plans that one execution made and did not start yet.
 *
 * Nearly every plan is started as soon as it is made, by `yield* mv(...)`. So the latest one is held in
 * fields, and comes into the map only if another one is made before it starts.
 */
export class UnstartedPlans {
  /** Different for each execution. */
  readonly id: number;
  readonly #plans = new Map<Plan, Made>();
  #latest: Plan | undefined;
  #latestName = "";
  #latestPlace: Error | undefined;

  constructor() {
    executions += 1;
    this.id = executions;
  }

  /** Adds a plan. The stack of `place` says where the plan was made. */
  made(name: string, plan: Plan, place: Error | undefined): void {
    if (this.#latest !== undefined) this.#keepLatest(this.#latest);
    this.#latest = plan;
    this.#latestName = name;
    this.#latestPlace = place;
  }

  started(plan: Plan): void {
    if (plan === this.#latest) this.#latest = undefined;
    else if (this.#plans.size > 0) this.#plans.delete(plan);
  }

  /** One line for each name of a plan that was never started, with the place where it was made. */
  *forgotten(): Generator<string> {
    if (this.#latest !== undefined) this.#keepLatest(this.#latest);
    const reported = new Set<string>();
    for (const { name, place } of this.#plans.values()) {
      if (reported.has(name)) continue;
      reported.add(name);
      const where = callSite(place?.stack ?? "");
      yield `${name}(...) was called but never done: write yield* ${name}(...)${where ? ` ${where}` : ""}`;
    }
  }

  #keepLatest(plan: Plan): void {
    if (this.#plans.size < MOST) this.#plans.set(plan, { name: this.#latestName, place: this.#latestPlace });
  }
}

/** The second frame of the stack: the first is the plan's own function, the second is its caller. */
function callSite(stack: string): string {
  return stack.split("\n")[2]?.trim() ?? "";
}
