/** One execution of a cell: its code against the person's interrupts. The outcome is that of whichever ends first. */

import { type Cell, type CellError, cellErrorOf, KeyboardInterrupt, runInCell } from "../output/index";
import { setInterrupting } from "../stop/index";

/** How a cell ended. */
export interface CellOutcome {
  /** Of the result, for the history. */
  readonly text: string | null;
  readonly error?: CellError;
  readonly userExpressions?: object;
}

/** What ends a cell before its code does. */
export interface InterruptOptions {
  /** The code was stopped by force and will not answer any more. Default false. */
  readonly terminated?: boolean;
  /** Nobody will go on with what is only paused. Default false. */
  readonly final?: boolean;
  /** Of the cell's AbortSignal; default a KeyboardInterrupt. */
  readonly reason?: Error;
}

/** How long an interrupted cell may take to end by itself, unless its code says that it needs longer. */
const GRACE_MS = 1000;

export class CellRace {
  readonly outcome: Promise<CellOutcome>;
  readonly #cell: Cell;
  readonly #abandon: () => void;
  /** Each asks code that serves the interrupt to hurry. */
  readonly #serving = new Set<() => boolean>();
  #resolve: ((outcome: CellOutcome) => void) | undefined;
  #grace: NodeJS.Timeout | undefined;

  /**
   * `body` starts from a turn of its own: where its code is stopped by force, all frames of its turn are gone, and ours must not
   * be among them. `abandon` ends the wait for code that does not end by itself.
   */
  constructor(cell: Cell, body: () => Promise<CellOutcome>, abandon: () => void) {
    this.#cell = cell;
    this.#abandon = abandon;
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const settle = (outcome: CellOutcome): void => this.#settle(outcome);
    setImmediate(() => {
      const fail = (error: unknown): void => this.#settle(() => publishFailure(cell, cellErrorOf(error)));
      void runInCell(cell, () => body().then(settle, fail));
    });
  }

  /**
   * The first time the code hears of it by the cell's signal; it may end, or say that it serves the interrupt. Again, it hurries, or
   * else the cell ends without it.
   */
  interrupt({ terminated = false, final = false, reason }: InterruptOptions): void {
    if (!this.#resolve) return;
    const first = !this.#cell.signal.aborted;
    if (first) {
      setInterrupting(true);
      this.#startGrace();
      this.#cell.interrupt(reason ?? this.#keyboardInterrupt(final));
    }
    if (terminated || (!first && !this.#hurry())) this.#giveUp();
  }

  #keyboardInterrupt(final: boolean): KeyboardInterrupt {
    return new KeyboardInterrupt(`${this.#cell.name} was interrupted`, {
      final,
      serving: (until, again) => this.#serve(until, again),
      accepted: () => {
        this.#cell.expectLateOutput();
        // The reply still says that the cell did not end by itself: what waits behind it must not run.
        this.#leave(() => ({ text: null, error: cellErrorOf(this.#cell.signal.reason) }));
      },
    });
  }

  #serve(until: Promise<unknown>, again: () => boolean): void {
    if (!this.#resolve) return;
    this.#serving.add(again);
    clearTimeout(this.#grace);
    // Code that is on its way to a good end may block for a while, as in any cell.
    setInterrupting(false);
    const done = (): void => {
      this.#serving.delete(again);
      if (this.#serving.size === 0 && this.#resolve) this.#startGrace();
    };
    until.then(done, done);
  }

  #hurry(): boolean {
    return [...this.#serving].map((again) => again()).includes(true);
  }

  #startGrace(): void {
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => this.#giveUp(), GRACE_MS);
  }

  #giveUp(): void {
    this.#leave(() => publishFailure(this.#cell, cellErrorOf(this.#cell.signal.reason)));
  }

  /** Ends the cell although its code goes on. */
  #leave(outcome: () => CellOutcome): void {
    if (!this.#resolve) return;
    this.#abandon();
    this.#settle(outcome);
  }

  #settle(outcome: CellOutcome | (() => CellOutcome)): void {
    const resolve = this.#resolve;
    if (!resolve) return;
    this.#resolve = undefined;
    clearTimeout(this.#grace);
    setInterrupting(false);
    const settled = typeof outcome === "function" ? outcome() : outcome;
    this.#cell.end();
    resolve(settled);
  }
}

/** Shows the error in the cell. */
export function publishFailure(cell: Cell, error: CellError): CellOutcome {
  cell.publish("error", error);
  return { text: null, error };
}
