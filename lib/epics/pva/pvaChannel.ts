/** One PV of pvAccess: it is found, connected, and found again after it was lost. */

import { EpicsError } from "../epicsError";
import { SearchedPv } from "../search/searchedPv";
import type { ConnectedChannel, PvaConnection } from "./pvaConnection";
import { PvaGet, type PvValue, readType } from "./pvaGet";
import { PvaCommand } from "./pvaMessage";
import { type MonitorOptions, type OnPvValue, PvaMonitor } from "./pvaMonitor";
import { type CreatedChannel, PvaOperation } from "./pvaOperation";
import type { PvaWriter } from "./pvaWriter";
import { fieldFor, readValue, writeValue } from "./pvData";
import { readField, writeField } from "./pvFieldCodec";
import { type FieldValues, pvWrite } from "./pvWrite";

/** A subscriber, with its monitor while the PV is connected. */
interface Subscription {
  readonly report: OnPvValue;
  readonly options: MonitorOptions;
  monitor: PvaMonitor | undefined;
}

/** The channel of a PV, shared by all its users in this process. */
export class PvaChannel extends SearchedPv<PvaConnection> implements ConnectedChannel {
  readonly #subscriptions = new Set<Subscription>();
  /** The operations for reads, by the names of the fields. */
  readonly #gets = new Map<string, PvaGet>();
  #created: CreatedChannel | undefined;

  /** The identity of the channel at its server; another object after each reconnection, as in `PvValue`. */
  get session(): object | undefined {
    return this.#created;
  }

  /** Asks the server for the present value, with all fields of its structure or only these. */
  async read(signal?: AbortSignal, fields: readonly string[] = []): Promise<PvValue> {
    const channel = this.#open();
    const key = fields.join(",");
    let get = this.#gets.get(key);
    if (!get) {
      get = new PvaGet(channel, this.name, fields);
      this.#gets.set(key, get);
    }
    return await get.read(signal);
  }

  /**
   * Writes fields of the value, by their paths. With `wait` it resolves when the record
   * has been processed, otherwise when the server has taken the value.
   */
  async write(values: FieldValues, wait: boolean, signal?: AbortSignal): Promise<void> {
    const tried = `cannot set ${this.name}`;
    const options = { block: wait ? "true" : "false" };
    const work = async (operation: PvaOperation) => {
      const type = await operation.init({ options }, (from) => readType(from, tried));
      const { changed, write } = pvWrite(type, values, this.name);
      const send = (to: PvaWriter) => {
        changed.write(to);
        write(to);
      };
      await operation.ask(0, send, () => undefined);
    };
    await this.#operate(PvaCommand.put, tried, work, signal);
  }

  /** Calls the function behind a PV. Resolves with its result; undefined if it has none. */
  async call(argument: Readonly<Record<string, unknown>>, id: string, signal?: AbortSignal): Promise<unknown> {
    const tried = `cannot call ${this.name}`;
    const work = async (operation: PvaOperation) => {
      await operation.init({}, () => undefined);
      const plain = fieldFor(argument);
      const field = plain?.kind === "structure" ? { ...plain, id } : plain;
      return await operation.ask(
        0,
        (to) => {
          writeField(to, field);
          if (field) writeValue(to, field, argument);
        },
        (from) => {
          const type = readField(from);
          return type && readValue(from, type);
        },
      );
    };
    return await this.#operate(PvaCommand.rpc, tried, work, signal);
  }

  /**
   * Calls `report` with the present value and every change, and with an error when the PV is lost; it
   * continues after reconnections.
   */
  monitor(report: OnPvValue, options: MonitorOptions = {}): () => void {
    const subscription: Subscription = { report, options, monitor: undefined };
    this.#subscriptions.add(subscription);
    if (this.#created) this.#subscribe(subscription, this.#created);
    return () => {
      this.#subscriptions.delete(subscription);
      subscription.monitor?.end();
    };
  }

  created(serverId: number): void {
    if (!this.server) return;
    this.#created = { connection: this.server, serverId };
    this.availability.there();
    for (const subscription of this.#subscriptions) this.#subscribe(subscription, this.#created);
  }

  refused(reason: string): void {
    const error = new EpicsError(`cannot use ${this.name}: ${reason}`);
    this.availability.refuse(error);
    for (const { report } of this.#subscriptions) report(error);
  }

  protected close(): void {
    this.#subscriptions.clear();
    for (const get of this.#gets.values()) get.end();
    this.server?.detach(this, this.#created?.serverId);
    this.#created = undefined;
  }

  protected disconnected(reason: string): void {
    this.#created = undefined;
    this.#gets.clear();
    const error = new EpicsError(`${this.name} is disconnected: ${reason}`);
    for (const subscription of [...this.#subscriptions]) {
      subscription.monitor = undefined;
      subscription.report(error);
    }
  }

  #open(): CreatedChannel {
    if (this.#created) return this.#created;
    throw this.availability.refusal ?? this.notConnected;
  }

  #subscribe(subscription: Subscription, channel: CreatedChannel): void {
    const { report, options } = subscription;
    subscription.monitor = new PvaMonitor(channel, this.name, report, options);
  }

  /** Does the work with an operation of its own, which the server forgets when the signal aborts. */
  async #operate<T>(
    command: number,
    tried: string,
    work: (operation: PvaOperation) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const operation = new PvaOperation(command, this.#open(), tried);
    const giveUp = () => operation.end();
    signal?.addEventListener("abort", giveUp, { once: true });
    try {
      return await work(operation);
    } finally {
      signal?.removeEventListener("abort", giveUp);
      operation.end();
    }
  }
}
