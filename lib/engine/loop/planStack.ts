/**
 * The plan, and the plans put on top of it (what is replayed after a pause, what is done while suspended): messages come from the
 * topmost until it ends, then from the one below.
 */
import type { Msg, Plan } from "../../core/protocols/msg";

/** How a plan ended. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

export const ENDED = Symbol("ended");

interface Frame {
  readonly plan: Plan;
  /** Whether its return value is the answer the plan below waits for. */
  readonly feeds: boolean;
  /** The answer for the plan below, where this one doesn't feed it. */
  readonly parked: unknown;
  /** When it came (unix seconds). */
  readonly since: number;
  /** Seconds since then in which it could not get on. */
  stood: number;
}

export class PlanStack {
  /** What the plan is sent when it is asked for its next message. */
  response: unknown = undefined;
  /** Set when the lowest plan has ended. */
  outcome: Outcome | null = null;
  readonly #frames: Frame[] = [];
  #thrown: { readonly error: unknown } | null = null;

  constructor(plan: Plan) {
    this.push(plan, false);
  }

  /** Whether an error waits to be thrown into the plan. */
  get failing(): boolean {
    return this.#thrown !== null;
  }

  push(plan: Plan, feeds: boolean): void {
    this.#frames.push({ plan, feeds, parked: this.response, since: Date.now() / 1000, stood: 0 });
    this.response = undefined;
  }

  /** Seconds on the clock of the topmost plan: it goes on only while that plan can. */
  time(): number {
    return Date.now() / 1000 - (this.#frames.at(-1)?.stood ?? 0);
  }

  /** The topmost plan could not get on since then (unix seconds). */
  stoodStill(since: number): void {
    const top = this.#frames.at(-1);
    if (top) top.stood += Date.now() / 1000 - since;
  }

  /** The error is thrown into the plan instead of sending it the response. Of several the first counts, unless `override`. */
  throw(error: unknown, override = false): void {
    if (this.#thrown === null || override) this.#thrown = { error };
  }

  /** The next message; `ENDED` when no plan is left. */
  next(): Msg | typeof ENDED {
    for (;;) {
      const frame = this.#frames[this.#frames.length - 1];
      if (frame === undefined) return ENDED;
      let step: IteratorResult<Msg, unknown>;
      try {
        step = this.#thrown === null ? frame.plan.next(this.response) : frame.plan.throw(this.#takeThrown());
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
  cut(error: unknown): void {
    this.#frames.length = 0;
    this.outcome = { error };
  }

  /** Closes the plans that are left; one that goes on instead is left where it is. */
  close(report: (error: unknown) => void): void {
    for (let frame = this.#frames.pop(); frame; frame = this.#frames.pop()) {
      try {
        frame.plan.return(undefined);
      } catch (error) {
        report(error);
      }
    }
  }

  #pop(outcome: Outcome): void {
    const frame = this.#frames.pop();
    if (this.#frames.length === 0) this.outcome = outcome;
    else if ("error" in outcome) this.#thrown = outcome;
    else this.response = frame?.feeds ? outcome.value : frame?.parked;
    if (frame) this.stoodStill(frame.since);
  }

  #takeThrown(): unknown {
    const thrown = this.#thrown;
    this.#thrown = null;
    return thrown?.error;
  }
}
