/** One order to a module, watched until the module has done it. */

import { type ClockTimer, startTimer } from "../../clock";
import { type DeadlineOptions, deadline } from "../../core/status/deadline";
import { causedByUs } from "../../core/status/unwatchedFailures";
import { CommunicationFailedError, ImpossibleError, type SecopError } from "../../errors";
import type { CacheItem } from "../../secop/cache/cacheItem";
import { isDriving, type ModuleStatus, STATUS } from "../../secop/values/moduleStatus";
import type { ModuleHandle } from "../module/moduleHandle";
import { statusText } from "../module/statusText";
import { brokenState, stateWords } from "../module/waitForIdle";

/** Seconds within which a module may turn BUSY after it has accepted an order: a late BUSY. */
const SETTLE = 1;
/** Seconds without a readable status after which the activity fails. */
const STATUS_GRACE = 10;
/**
 * Seconds without an update of the status after which it is read: an update can be lost or overtaken by an
 * older one.
 */
const SILENCE = 5;

/** What a module is ordered to do, and how to see that it has done it. */
export interface Order {
  /** The aim in words: "reach 20 K" follows "did not", and "reached 20 K" follows "before it". */
  readonly goal: { readonly infinitive: string; readonly past: string };
  /** Sends the order; resolves when the node has accepted it. */
  readonly send: () => Promise<void>;
  /** Whether a module that is not BUSY has done what was ordered. */
  readonly isThere: (busySeen: boolean) => Promise<boolean>;
  /**
   * Called when a module that is not BUSY any more has not done what was ordered. Throws if that is a
   * failure. Default: it is a success, since the module says that it is done.
   */
  readonly fallsShort?: () => Promise<void>;
  /** Whether the module is not BUSY only because it is held, and will continue later. Default: never. */
  readonly isHeld?: () => boolean;
}

/**
 * Watches a module from the order to the end of BUSY.
 *
 * Nodes differ in when they turn BUSY: before the answer, as the spec demands, at their next poll, or never
 * if there is nothing to do. Therefore a status that is not BUSY ends the activity only if the module has
 * reached its aim, or if the status does not change for a while.
 */
export class Activity {
  readonly #handle: ModuleHandle;
  readonly #order: Order;
  readonly #onEnd: (error?: unknown) => void;
  readonly #before: ModuleStatus | undefined;
  readonly #undo: (() => void)[] = [];
  #ended = false;
  #accepted = false;
  #busySeen = false;
  #settling: ClockTimer | undefined;
  #blind: ClockTimer | undefined;
  readonly #silence = startTimer(SILENCE, () => this.#ask(), { idle: true, order: true });

  /**
   * `onEnd` is called once: without an error when the module has done what was ordered, else with the error.
   */
  constructor(handle: ModuleHandle, order: Order, options: DeadlineOptions, onEnd: (error?: unknown) => void) {
    this.#handle = handle;
    this.#order = order;
    this.#onEnd = onEnd;
    this.#before = handle.status();
    const what = () => `${handle.name} to ${order.goal.infinitive}${this.#where()}`;
    this.#undo.push(
      handle.link.onLost((reason) => this.#lost(reason)),
      deadline(options, what, (error) => this.end(error)),
    );
    this.#start().catch((error: unknown) => this.end(error));
  }

  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Ends the activity as a failure. `verb` says what happened, as in "cryo was stopped before it reached 20
   * K", and `who` did it. What this program did is not reported again as the failure of an unawaited action.
   */
  interrupt(verb: string, who: "us" | "others"): void {
    const words = `${this.#handle.name} ${verb} before it ${this.#order.goal.past}${this.#where()}`;
    const error = new ImpossibleError(words, { module: this.#handle.name });
    this.end(who === "us" ? causedByUs(error) : error);
  }

  /** Ends the activity: as a success without an error, else as a failure. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#settling?.cancel();
    this.#blind?.cancel();
    this.#silence.cancel();
    for (const off of this.#undo) off();
    this.#onEnd(error);
  }

  /** Starts over after the module was held: as at first, it may turn BUSY only after a while. */
  beginAgain(): void {
    this.#busySeen = false;
    this.look();
  }

  /** Reads the status, in case the node sends no update. */
  look(): void {
    // Ignore a failure: it is an update, too, and #onStatus gets it.
    this.#handle.client.read(this.#handle.name, "status").catch(() => {});
  }

  async #start(): Promise<void> {
    const { client, name } = this.#handle;
    this.#undo.push(client.onUpdate(name, "status", (item) => this.#onStatus(item)));
    await this.#order.send();
    if (this.#ended) return;
    this.#accepted = true;
    // If the update could have been late, the client has read the status after the order.
    const known = this.#handle.known("status");
    this.#onStatus(known ?? (await client.read(name, "status")));
  }

  #onStatus(item: CacheItem): void {
    if (this.#ended) return;
    this.#silence.refresh();
    const status = this.#handle.status(item);
    if (!status) {
      const giveUp = () => this.#fail(`${this.#handle.name}: ${stateWords(this.#handle)}`);
      this.#blind ??= startTimer(STATUS_GRACE, giveUp, { order: true });
      return;
    }
    this.#blind?.cancel();
    this.#blind = undefined;
    if (isDriving(status.code)) {
      this.#busySeen = true;
      this.#settling?.cancel();
      this.#settling = undefined;
    } else if (this.#accepted) {
      this.#judge(status).catch((error: unknown) => this.end(error));
    }
  }

  #ask(): void {
    this.#silence.refresh();
    this.look();
  }

  /** Decides whether the activity has ended: the order is accepted, and the module is not BUSY. */
  async #judge(status: ModuleStatus): Promise<void> {
    const broken = this.#broken(status);
    if (broken && (this.#busySeen || this.#isNews(status))) return this.end(broken);
    if (!broken && this.#order.isHeld?.()) return;
    if (!broken && this.#busySeen && status.code === STATUS.FINALIZING) return this.end();
    if (!broken && (await this.#order.isThere(this.#busySeen)) && !this.#isDriving()) return this.end();
    if (this.#ended || this.#settling || this.#isDriving()) return;
    const conclude = () => void this.#conclude().catch((error: unknown) => this.end(error));
    this.#settling = startTimer(SETTLE, conclude, { order: true });
  }

  /** Ends the activity when the status has not changed for a while: it will not change any more. */
  async #conclude(): Promise<void> {
    const { client, name } = this.#handle;
    const status = this.#handle.status(await client.read(name, "status"));
    this.#settling = undefined;
    if (!status || isDriving(status.code) || this.#order.isHeld?.()) return;
    const broken = this.#broken(status);
    if (!broken) await this.#order.fallsShort?.();
    this.end(broken);
  }

  #isDriving(): boolean {
    const status = this.#handle.status();
    return status !== undefined && isDriving(status.code);
  }

  #broken(status: ModuleStatus): SecopError | undefined {
    const error = brokenState(this.#handle, status);
    if (error) {
      const did = `${this.#handle.name} did not ${this.#order.goal.infinitive}`;
      error.message = `${did}: it is in state ${statusText(status)}${this.#where()}`;
    }
    return error;
  }

  /** Whether the state differs from the one before the order, so that it is the answer to the order. */
  #isNews(status: ModuleStatus): boolean {
    return status.code !== this.#before?.code || status.text !== this.#before.text;
  }

  #lost(reason: string): void {
    const words = `lost the connection before ${this.#handle.name} ${this.#order.goal.past}${this.#where()}`;
    this.end(new CommunicationFailedError(`${words}: ${reason}`, { module: this.#handle.name }));
  }

  #fail(message: string): void {
    this.end(new ImpossibleError(message, { module: this.#handle.name }));
  }

  /** Where the module is, for messages: ` (at 13.2 K, controlled by coil)`. */
  #where(): string {
    const value = this.#handle.known("value");
    const at = value && !value.error ? `at ${this.#handle.shown("value", value.value)}` : "";
    const words = [at, this.#handle.controller()].filter((w) => w !== "").join(", ");
    return words === "" ? "" : ` (${words})`;
  }
}
