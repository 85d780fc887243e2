/**
 * A race between the code of a cell and the user's interrupts: whichever ends the cell
 * first decides its outcome.
 */

import { type Cell, type CellError, cellErrorOf, KeyboardInterrupt, runInCell } from "../output/index";
import { setInterrupting } from "../stop/index";

/** How a cell ended. */
export interface CellOutcome {
  /** The text of the result, for the history; undefined if there is none. */
  readonly text?: string | undefined;
  readonly error?: CellError;
  readonly userExpressions?: object;
}

/** How a cell is interrupted. */
export interface InterruptOptions {
  /** The code was stopped by force, so the cell cannot end by itself. Default false. */
  readonly terminated?: boolean;
  /** Nobody could resume a plan that is only paused, so plans are aborted. Default false. */
  readonly final?: boolean;
  /** The reason of the cell's AbortSignal. Default: a KeyboardInterrupt. */
  readonly reason?: Error;
}

/**
 * How long an interrupted cell may take to end by itself, unless its code asks for longer
 * (`Interruption.serving`).
 */
const GRACE_MS = 1000;

/** The interrupted cells whose code has not begun to handle the interrupt. */
const interrupted = new Set<CellRace>();

/** One execution of a cell, which may be interrupted. */
export class CellRace {
  readonly outcome: Promise<CellOutcome>;
  readonly #cell: Cell;
  readonly #abandon: (until?: () => string | undefined) => void;
  /** One function for each piece of code that still handles the interrupt; it asks that code to hurry. */
  readonly #serving = new Set<() => boolean>();
  #resolve: ((outcome: CellOutcome) => void) | undefined;
  #grace: NodeJS.Timeout | undefined;

  /**
   * @param body Runs the code. It starts in a turn of its own: if its code is stopped by force, all frames of
   * that turn are lost, and none of ours may be among them.
   * @param abandon Stops waiting for code that does not end by itself; `until` says what that code waits for.
   */
  constructor(cell: Cell, body: () => Promise<CellOutcome>, abandon: (until?: () => string | undefined) => void) {
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
   * Interrupts the cell. The first interrupt aborts the cell's signal, so that its code can end, or ask for
   * longer. A later interrupt asks the code to hurry; if no code can, the cell ends without it.
   */
  interrupt({ terminated = false, final = false, reason }: InterruptOptions): void {
    if (!this.#resolve) return;
    const first = !this.#cell.signal.aborted;
    if (first) {
      this.#setInterrupting(true);
      this.#startGrace();
      this.#cell.interrupt(reason ?? this.#keyboardInterrupt(final));
    }
    if (terminated || (!first && !this.#hurry())) this.#giveUp();
  }

  #keyboardInterrupt(final: boolean): KeyboardInterrupt {
    return new KeyboardInterrupt(`${this.#cell.name} was interrupted`, {
      final,
      serving: (until, again) => this.#serve(until, again),
      accepted: (until = () => undefined) => {
        this.#cell.expectLateOutput();
        // The reply still has an error, so that the cells that wait do not run.
        this.#leave(() => ({ error: cellErrorOf(this.#cell.signal.reason) }), until);
      },
    });
  }

  /** Waits for code that handles the interrupt `until` it settles; `again` asks that code to hurry. */
  #serve(until: Promise<unknown>, again: () => boolean): void {
    if (!this.#resolve) return;
    this.#serving.add(again);
    clearTimeout(this.#grace);
    // Code that handles the interrupt may block for a while, like code of any cell.
    this.#setInterrupting(false);
    const done = (): void => {
      this.#serving.delete(again);
      if (this.#serving.size === 0 && this.#resolve) this.#startGrace();
    };
    until.then(done, done);
  }

  /** Cells of several shells may be interrupted at the same time. */
  #setInterrupting(interrupting: boolean): void {
    if (interrupting) interrupted.add(this);
    else interrupted.delete(this);
    setInterrupting(interrupted.size > 0);
  }

  /** Asks all code that handles the interrupt to hurry; returns whether any can. */
  #hurry(): boolean {
    return [...this.#serving].map((again) => again()).includes(true);
  }

  /** Gives the code some time to end by itself. */
  #startGrace(): void {
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => this.#giveUp(), GRACE_MS);
  }

  /** Ends the cell with the interrupt as its error. */
  #giveUp(): void {
    this.#leave(() => publishFailure(this.#cell, cellErrorOf(this.#cell.signal.reason)));
  }

  /** Ends the cell although its code continues. */
  #leave(outcome: () => CellOutcome, until?: () => string | undefined): void {
    if (!this.#resolve) return;
    this.#abandon(until);
    this.#settle(outcome);
  }

  #settle(outcome: CellOutcome | (() => CellOutcome)): void {
    const resolve = this.#resolve;
    if (!resolve) return;
    this.#resolve = undefined;
    clearTimeout(this.#grace);
    this.#setInterrupting(false);
    const settled = typeof outcome === "function" ? outcome() : outcome;
    this.#cell.end();
    resolve(settled);
  }
}

/** Shows the error in the cell. */
export function publishFailure(cell: Cell, error: CellError): CellOutcome {
  cell.publish("error", error);
  return { error };
}
