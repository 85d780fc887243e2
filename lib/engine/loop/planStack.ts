/**
 * The plan, and the plans on top of it: what is done again after a pause, and what is done while it is
 * suspended.
 */

// Messages come from the topmost plan until it ends, then from the one below.

import { timeNow } from "../../clock";
import type { Msg, Plan } from "../../core/protocols/msg";

/** How a plan ended. */
export type PlanOutcome = { readonly value: unknown } | { readonly error: unknown };

/** Instead of a message: no plan is left. */
export const NO_PLAN_LEFT = Symbol("no plan left");

interface StackedPlan {
  readonly plan: Plan;
  /** Whether its return value is the result that the plan below waits for. */
  readonly answersPlanBelow: boolean;
  /** The result for the plan below, if this plan does not give it. */
  readonly resultForPlanBelow: unknown;
  /** When it was put on the stack (unix seconds). */
  readonly since: number;
  /** Seconds since then in which it could not go on. */
  stood: number;
}

export class PlanStack {
  /** The result that the topmost plan is sent when it is asked for its next message. */
  response: unknown = undefined;
  /** How the lowest plan ended; undefined until then. */
  outcome: PlanOutcome | undefined;
  readonly #plans: StackedPlan[] = [];
  #thrown: { readonly error: unknown } | undefined;

  constructor(plan: Plan) {
    this.push(plan, false);
  }

  /** Whether an error waits to be thrown into the topmost plan. */
  get failing(): boolean {
    return this.#thrown !== undefined;
  }

  /** Puts a plan on top. `answersPlanBelow`: its return value is the result that the plan below waits for. */
  push(plan: Plan, answersPlanBelow: boolean): void {
    const since = timeNow();
    this.#plans.push({ plan, answersPlanBelow, resultForPlanBelow: this.response, since, stood: 0 });
    this.response = undefined;
  }

  /** Seconds on the clock of the topmost plan, which stands still while that plan can't go on. */
  time(): number {
    return timeNow() - (this.#plans.at(-1)?.stood ?? 0);
  }

  /** The topmost plan could not go on from `since` (unix seconds) until now. */
  stoodStill(since: number): void {
    const top = this.#plans.at(-1);
    if (top) top.stood += timeNow() - since;
  }

  /**
   * Throws the error into the topmost plan instead of sending it a result. Of several errors the first
   * counts, unless `override`.
   */
  throw(error: unknown, override = false): void {
    if (this.#thrown === undefined || override) this.#thrown = { error };
  }

  /** The next message, or `NO_PLAN_LEFT`. */
  next(): Msg | typeof NO_PLAN_LEFT {
    for (;;) {
      const top = this.#plans[this.#plans.length - 1];
      if (top === undefined) return NO_PLAN_LEFT;
      let step: IteratorResult<Msg, unknown>;
      try {
        step = this.#thrown === undefined ? top.plan.next(this.response) : top.plan.throw(this.#takeThrown());
      } catch (error) {
        this.#pop({ error });
        continue;
      }
      if (!step.done) {
        this.response = undefined;
        return step.value;
      }
      this.#pop({ value: step.value });
    }
  }

  /** After code of the plans was stopped by force: they can neither go on nor be closed. */
  discard(error: unknown): void {
    this.#plans.length = 0;
    this.outcome = { error };
  }

  /** Closes the plans that are left. A plan that yields another message then is left there. */
  close(report: (error: unknown) => void): void {
    for (let top = this.#plans.pop(); top; top = this.#plans.pop()) {
      try {
        top.plan.return(undefined);
      } catch (error) {
        report(error);
      }
    }
  }

  #pop(outcome: PlanOutcome): void {
    const top = this.#plans.pop();
    if (this.#plans.length === 0) this.outcome = outcome;
    else if ("error" in outcome) this.#thrown = outcome;
    else this.response = top?.answersPlanBelow ? outcome.value : top?.resultForPlanBelow;
    if (top) this.stoodStill(top.since);
  }

  #takeThrown(): unknown {
    const thrown = this.#thrown;
    this.#thrown = undefined;
    return thrown?.error;
  }
}
