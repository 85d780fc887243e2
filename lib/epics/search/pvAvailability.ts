/** Whether a PV can be used at present, for callers that wait for it. */

import { timeNow } from "../../clock";
import type { LostConnection } from "../../core/protocols/lostConnection";
import { type DeadlineOptions, deadline } from "../../core/status/deadline";
import { AbortError } from "../../errors";
import { refuseInReplay } from "../../journal";
import { EpicsError } from "../epicsError";

/** A caller that waits for the PV. */
interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The state of one PV: searched, available, or refused by its server. */
export class PvAvailability {
  readonly #name: string;
  /** The variable that lists the addresses of its servers, for messages. */
  readonly #addressVariable: string;
  readonly #waiting = new Set<Waiter>();
  #state: "searched" | "there" | EpicsError = "searched";
  #wasThere = false;
  #lost: LostConnection | undefined;

  constructor(name: string, addressVariable: string) {
    this.#name = name;
    this.#addressVariable = addressVariable;
  }

  /** The error with which the server refuses the PV; undefined if it does not. */
  get refusal(): EpicsError | undefined {
    return this.#state instanceof EpicsError ? this.#state : undefined;
  }

  /** The connection, while it is lost: it was open, and the PV is being searched again. */
  get lostConnection(): LostConnection | undefined {
    return this.#lost;
  }

  there(): void {
    this.#state = "there";
    this.#wasThere = true;
    this.#lost = undefined;
    for (const { resolve } of [...this.#waiting]) resolve();
  }

  /** The server answers, but refuses the PV. */
  refuse(error: EpicsError): void {
    this.#state = error;
    this.#lost = undefined;
    for (const { reject } of [...this.#waiting]) reject(error);
  }

  /** The PV is requested again, over the same connection. */
  again(): void {
    this.#state = "searched";
  }

  lose(reason: string): void {
    this.#state = "searched";
    if (!this.#wasThere || this.#lost) return;
    const restored = this.wait({ timeout: null }).then(
      () => {},
      // The server is back, but refuses the PV, or the PV was disposed; the next request reports why.
      () => {},
    );
    this.#lost = { place: this.#name, reason, since: timeNow(), restored };
  }

  /** The PV is not used any more, so nothing may wait for it any longer. */
  end(): void {
    this.refuse(new EpicsError(`${this.#name} was disposed`));
  }

  /**
   * Resolves when the PV can be used. Rejects if the server refuses it, after `timeout` seconds, and when the
   * signal aborts.
   */
  async wait(options: DeadlineOptions): Promise<void> {
    if (this.#state === "there") return;
    if (this.#state instanceof EpicsError) throw this.#state;
    refuseInReplay(`the EPICS PV ${this.#name}`);
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        disarm();
        this.#waiting.delete(waiting);
        finish();
      };
      const waiting = {
        resolve: () => settle(resolve),
        reject: (error: Error) => settle(() => reject(error)),
      };
      const disarm = deadline(options, `${this.#name} to be found`, (error) => {
        if (error instanceof AbortError) {
          waiting.reject(error);
          return;
        }
        const waited = options.timeout ? ` within ${options.timeout} s` : "";
        const hint = `check the name, that its IOC runs, and ${this.#addressVariable}`;
        waiting.reject(new EpicsError(`no EPICS server answered for ${this.#name}${waited}: ${hint}`));
      });
      this.#waiting.add(waiting);
    });
  }
}
