import { type DeadlineOptions, deadline } from "../../core/status/deadline";
import { CommunicationFailedError, ImpossibleError, type SecopError } from "../../errors";
import type { CacheItem } from "../../secop/cache/cacheItem";
import { isDriving, type ModuleStatus, STATUS } from "../../secop/values/moduleStatus";
import type { ModuleHandle } from "../module/moduleHandle";
import { statusText } from "../module/statusText";
import { brokenState, stateWords } from "../module/waitForIdle";

/** Seconds in which a module that took an order may still turn BUSY. */
const SETTLE = 1;
/** Seconds without a readable status until that is a failure. */
const STATUS_GRACE = 10;
/** Seconds without news of the status until it is asked for: an update can be lost on its way, or overtaken by an older one. */
const SILENCE = 5;

/** What a module is told to do. */
export interface Order {
  /** What comes after "before it" and "did not": `reach 20 K`. */
  readonly goal: { readonly infinitive: string; readonly past: string };
  /** Sends it; resolves when the node has taken it. */
  readonly send: () => Promise<void>;
  /** Whether the module, not being BUSY, has done what it was told. */
  readonly isThere: (busySeen: boolean) => Promise<boolean>;
  /** Whether it is not BUSY only because it was told to hold, and will go on; default never. */
  readonly isHeld?: () => boolean;
}

/**
 * A module doing what it was told, from the order to the end of BUSY.
 *
 * Nodes differ in when they turn BUSY: before the answer as the spec wants, at their next poll, or never if there is nothing to do.
 * So a status that is not BUSY ends the activity only if the module is there, or if that stays so for a while.
 */
export class Activity {
  readonly #handle: ModuleHandle;
  readonly #order: Order;
  readonly #onEnd: (error: unknown) => void;
  readonly #before: ModuleStatus | undefined;
  readonly #undo: (() => void)[] = [];
  #ended = false;
  #taken = false;
  #busySeen = false;
  #settling: NodeJS.Timeout | null = null;
  #blind: NodeJS.Timeout | null = null;
  readonly #silence = setTimeout(() => this.#ask(), 1000 * SILENCE);

  /** `onEnd` is called once: with null at the end, else with the error. */
  constructor(handle: ModuleHandle, order: Order, options: DeadlineOptions, onEnd: (error: unknown) => void) {
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

  /** Ends it as a failure: `verb` is what happened, in "cryo was stopped before it reached 20 K". */
  interrupt(verb: string): void {
    this.#fail(`${this.#handle.name} ${verb} before it ${this.#order.goal.past}${this.#where()}`);
  }

  end(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#settling) clearTimeout(this.#settling);
    if (this.#blind) clearTimeout(this.#blind);
    clearTimeout(this.#silence);
    for (const off of this.#undo) off();
    this.#onEnd(error);
  }

  /** The module was told to go on after it was held: as at the beginning, it may turn BUSY only after a while. */
  beginAgain(): void {
    this.#busySeen = false;
    this.look();
  }

  /** Asks for the status, where the node may not tell. */
  look(): void {
    // A failure is in the cache as well, and has been told to #onStatus.
    this.#handle.client.read(this.#handle.name, "status").catch(() => {});
  }

  async #start(): Promise<void> {
    const { client, name } = this.#handle;
    this.#undo.push(client.onUpdate(name, "status", (item) => this.#onStatus(item)));
    await this.#order.send();
    if (this.#ended) return;
    this.#taken = true;
    // The client has asked for the status after the order, where it could have come too late by itself.
    const known = this.#handle.known("status");
    this.#onStatus(known ?? (await client.read(name, "status")));
  }

  #onStatus(item: CacheItem): void {
    if (this.#ended) return;
    this.#silence.refresh();
    const status = this.#handle.status(item);
    if (!status) {
      const tell = () => this.#fail(`${this.#handle.name}: ${stateWords(this.#handle)}`);
      this.#blind ??= setTimeout(tell, 1000 * STATUS_GRACE);
      return;
    }
    if (this.#blind) clearTimeout(this.#blind);
    this.#blind = null;
    if (isDriving(status.code)) {
      this.#busySeen = true;
      if (this.#settling) clearTimeout(this.#settling);
      this.#settling = null;
    } else if (this.#taken) {
      this.#judge(status).catch((error: unknown) => this.end(error));
    }
  }

  #ask(): void {
    this.#silence.refresh();
    this.look();
  }

  /** The order was taken, and the module is not under way. */
  async #judge(status: ModuleStatus): Promise<void> {
    const broken = this.#broken(status);
    if (broken && (this.#busySeen || this.#isNews(status))) return this.end(broken);
    if (!broken && this.#order.isHeld?.()) return;
    if (!broken && this.#busySeen && status.code === STATUS.FINALIZING) return this.end(null);
    if (!broken && (await this.#order.isThere(this.#busySeen)) && !this.#isDriving()) return this.end(null);
    if (this.#ended || this.#settling || this.#isDriving()) return;
    this.#settling = setTimeout(() => {
      this.#conclude().catch((error: unknown) => this.end(error));
    }, 1000 * SETTLE);
  }

  /** Nothing has happened since: what the module says now is what it will say. */
  async #conclude(): Promise<void> {
    const { client, name } = this.#handle;
    const status = this.#handle.status(await client.read(name, "status"));
    this.#settling = null;
    if (status && !isDriving(status.code) && !this.#order.isHeld?.()) this.end(this.#broken(status));
  }

  #isDriving(): boolean {
    const status = this.#handle.status();
    return status !== undefined && isDriving(status.code);
  }

  #broken(status: ModuleStatus): SecopError | null {
    const error = brokenState(this.#handle, status);
    if (error) {
      const did = `${this.#handle.name} did not ${this.#order.goal.infinitive}`;
      error.message = `${did}: it is in state ${statusText(status)}${this.#where()}`;
    }
    return error;
  }

  /** A state the module was not in before: it is its answer to the order. */
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

  /** ` (at 13.2 K, controlled by coil)`. */
  #where(): string {
    const value = this.#handle.known("value");
    const at = value && !value.error ? `at ${this.#handle.shown("value", value.value)}` : "";
    const words = [at, this.#handle.controller()].filter((w) => w !== "").join(", ");
    return words === "" ? "" : ` (${words})`;
  }
}
