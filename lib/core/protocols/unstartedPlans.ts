/**
 * Plans that were made by a running plan and not started yet. What is left at the end was forgotten: a `yield*` is missing.
 *
 * Nearly all plans are started right after they were made, by `yield* mv(...)`: the latest one waits in a field for that and never
 * comes to the list.
 */
import type { Plan } from "./msg";

interface Made {
  readonly name: string;
  readonly place: Error | null;
}

/** Stacks kept per name of a plan; a forgotten `yield*` shows itself among the first calls. */
export const STACKS_PER_PLAN = 4;
const MOST = 1000;

let executions = 0;

export class UnstartedPlans {
  /** Different for each execution. */
  readonly id: number;
  readonly #plans = new Map<Plan, Made>();
  #latest: Plan | null = null;
  #latestName = "";
  #latestPlace: Error | null = null;

  constructor() {
    executions += 1;
    this.id = executions;
  }

  /** `place` was made where the plan was. */
  made(name: string, plan: Plan, place: Error | null): void {
    if (this.#latest !== null) this.#keepLatest(this.#latest);
    this.#latest = plan;
    this.#latestName = name;
    this.#latestPlace = place;
  }

  started(plan: Plan): void {
    if (plan === this.#latest) this.#latest = null;
    else if (this.#plans.size > 0) this.#plans.delete(plan);
  }

  /** One line for each kind of plan that was forgotten, with the place where it was made. */
  *forgotten(): Generator<string> {
    if (this.#latest !== null) this.#keepLatest(this.#latest);
    const told = new Set<string>();
    for (const { name, place } of this.#plans.values()) {
      if (told.has(name)) continue;
      told.add(name);
      const where = callSite(place?.stack ?? "");
      yield `${name}(...) was called but never done: write yield* ${name}(...)${where ? ` ${where}` : ""}`;
    }
  }

  #keepLatest(plan: Plan): void {
    if (this.#plans.size < MOST) this.#plans.set(plan, { name: this.#latestName, place: this.#latestPlace });
  }
}

/** The first frame is the plan factory's; the next is who made the plan. */
function callSite(stack: string): string {
  return stack.split("\n")[2]?.trim() ?? "";
}
