/** Plans that were made by a running plan and not started yet. What is left at the end was forgotten: a `yield*` is missing. */
import type { Plan } from "../core/msg";

/** Stacks kept per name of a plan; a forgotten `yield*` shows itself among the first calls. */
const STACKS = 4;
const MOST = 1000;

export class Unstarted {
  readonly #plans = new Map<Plan, { readonly name: string; readonly made: Error | null }>();
  readonly #made = new Map<string, number>();

  made(name: string, plan: Plan): void {
    if (this.#plans.size >= MOST) return;
    const times = this.#made.get(name) ?? 0;
    this.#made.set(name, times + 1);
    this.#plans.set(plan, { name, made: times < STACKS ? new Error() : null });
  }

  started(plan: Plan): void {
    this.#plans.delete(plan);
  }

  /** One line for each kind of plan that was forgotten, with the place where it was made. */
  *forgotten(): Generator<string> {
    const told = new Set<string>();
    for (const { name, made } of this.#plans.values()) {
      if (told.has(name)) continue;
      told.add(name);
      const place = callSite(made?.stack ?? "");
      yield `${name}(...) was called but never done: write yield* ${name}(...)${place ? ` ${place}` : ""}`;
    }
  }
}

let current: Unstarted | null = null;

/** The list of the engine whose plan takes a step at this moment. */
export function currentUnstarted(): Unstarted | null {
  return current;
}

export function setUnstarted(unstarted: Unstarted | null): void {
  current = unstarted;
}

/** Two frames are this file's and the plan factory's; the next is who made the plan. */
function callSite(stack: string): string {
  return stack.split("\n")[3]?.trim() ?? "";
}
