/** The channel of one PV: it is found, connected, and found again after it was lost. */

import { type DeadlineOptions, deadline } from "../../core/status/deadline";
import { AbortError, errorText } from "../../errors";
import { reportError } from "../../log";
import { CaCommand } from "./caMessage";
import type { Circuit, CircuitChannel } from "./circuit";
import {
  type CaControl,
  type CaReading,
  controlType,
  decodeControl,
  decodeReading,
  encodeArray,
  timeType,
} from "./dbr";
import { EpicsError } from "./epicsError";
import type { NameSearch } from "./nameSearch";
import type { UdpAddress } from "./serverAddresses";

/** What all channels of a process share. */
export interface ChannelContext {
  readonly search: NameSearch;
  circuitAt(server: UdpAddress): Circuit;
}

/** The type and limits of a PV, as its server reports them. Each connection of the PV makes a new object. */
export interface PvShape {
  readonly name: string;
  /** The native type, see `FieldType`. */
  readonly fieldType: number;
  /** The largest number of elements. */
  readonly count: number;
  readonly control: CaControl;
}

/** The connection of the channel to its server. */
interface OpenChannel {
  readonly circuit: Circuit;
  readonly serverId: number;
  readonly fieldType: number;
}

/** A caller that waits for the PV to be connected. */
interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Gets a reading of a monitored PV, or the reason why there is none. */
export type OnReading = (reading: CaReading | EpicsError) => void;

interface Monitor {
  readonly report: OnReading;
  cancel: () => void;
}

/** The mask of a subscription to changes of the value and of the alarm (DBE_VALUE and DBE_ALARM). */
const VALUE_AND_ALARM = 5;
/**
 * The pause before a lost PV is searched again, for servers that answer searches but accept no connection.
 */
const SEARCH_AGAIN_MS = 200;

/** One PV of the process, whatever connection it has at present. */
export class PvChannel implements CircuitChannel {
  readonly id: number;
  readonly name: string;
  readonly #context: ChannelContext;
  readonly #monitors = new Set<Monitor>();
  readonly #waiting = new Set<Waiter>();
  #circuit: Circuit | undefined;
  #shape: PvShape | undefined;
  /** Why the PV cannot be used although a server has it. */
  #refusal: EpicsError | undefined;
  #open: OpenChannel | undefined;
  /** Set as soon as the server has the channel; `#open` follows when the shape of the PV is known. */
  #opening: OpenChannel | undefined;
  #rights = { read: true, write: true };
  #released = false;

  constructor(id: number, name: string, context: ChannelContext) {
    this.id = id;
    this.name = name;
    this.#context = context;
    this.#search(0);
  }

  /**
   * The shape in the last connection. After a restart of its IOC, the PV may have another type, other units
   * or choices.
   */
  get shape(): PvShape {
    if (!this.#shape) throw new EpicsError(`${this.name} is not connected`);
    return this.#shape;
  }

  /**
   * Resolves when the shape is known. Rejects if the server refuses it, after `timeout` seconds, and when the
   * signal aborts.
   */
  connected(options: DeadlineOptions): Promise<void> {
    if (this.#open) return Promise.resolve();
    if (this.#refusal) return Promise.reject(this.#refusal);
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
      const disarm = deadline(options, `${this.name} to be found`, (error) => {
        if (error instanceof AbortError) {
          waiting.reject(error);
          return;
        }
        const waited = options.timeout ? ` within ${options.timeout} s` : "";
        waiting.reject(
          new EpicsError(
            `no EPICS server answered for ${this.name}${waited}: check the name, that its IOC runs, and EPICS_CA_ADDR_LIST`,
          ),
        );
      });
      this.#waiting.add(waiting);
    });
  }

  /** Asks the server for the present value. Rejects when the signal aborts. */
  async read(signal?: AbortSignal): Promise<CaReading> {
    if (!this.#rights.read) throw new EpicsError(`cannot read ${this.name}: you have no read access`);
    const open = this.#opened();
    const { dataCount, payload } = await this.#get(open, timeType(open.fieldType), 0, signal);
    return decodeReading(open.fieldType, dataCount, payload);
  }

  /**
   * Writes a value. With `wait` it resolves when the record has been processed (a motor has arrived).
   * Without, it resolves at once, and an error that follows is reported to the user. Rejects when the signal
   * aborts.
   */
  async write(data: ArrayLike<number | string>, wait: boolean, signal?: AbortSignal): Promise<void> {
    const { circuit, serverId, fieldType } = this.#opened();
    if (!this.#rights.write) throw new EpicsError(`cannot set ${this.name}: you have no write access`);
    const fields = {
      dataType: fieldType,
      dataCount: data.length,
      parameter1: serverId,
      payload: encodeArray(fieldType, data),
    };
    const tried = `cannot set ${this.name}`;
    if (wait) await circuit.request(CaCommand.writeNotify, fields, tried, signal);
    else circuit.post(CaCommand.write, fields, (reason) => reportError(tried, reason));
  }

  /**
   * Calls `report` with the present value and every change, and with an error when the PV is lost; it
   * continues after reconnections.
   */
  monitor(report: OnReading): () => void {
    const monitor: Monitor = { report, cancel: () => {} };
    this.#monitors.add(monitor);
    if (this.#open) this.#subscribe(monitor, this.#open);
    return () => {
      this.#monitors.delete(monitor);
      monitor.cancel();
    };
  }

  /** Closes the channel for good. */
  release(): void {
    this.#released = true;
    this.#context.search.forget(this.id);
    this.#circuit?.detach(this, this.#opening?.serverId);
    this.#open = undefined;
    this.#opening = undefined;
    this.#monitors.clear();
  }

  opened(serverId: number, fieldType: number, count: number): void {
    if (!this.#circuit) return;
    const open = { circuit: this.#circuit, serverId, fieldType };
    this.#opening = open;
    const { name } = this;
    this.#get(open, controlType(fieldType), 1)
      .then(({ payload }) => ({ name, fieldType, count, control: decodeControl(fieldType, payload) }))
      .then(
        (shape) => this.#opening === open && this.#enter(open, shape),
        (error: unknown) => this.#opening === open && this.#refuse(error),
      );
  }

  allowed(rights: { readonly read: boolean; readonly write: boolean }): void {
    this.#rights = rights;
  }

  lost(reason: string): void {
    this.#circuit = undefined;
    this.#open = undefined;
    this.#opening = undefined;
    this.#refusal = undefined;
    const error = new EpicsError(`${this.name} is disconnected: ${reason}`);
    for (const monitor of this.#monitors) monitor.report(error);
    // The callbacks above may have released the channel.
    if (!this.#released) this.#search(SEARCH_AGAIN_MS);
  }

  #search(delayMs: number): void {
    this.#context.search.find(this.id, this.name, delayMs, (server) => {
      this.#circuit = this.#context.circuitAt(server);
      this.#circuit.attach(this);
    });
  }

  #enter(open: OpenChannel, shape: PvShape): void {
    this.#open = open;
    this.#shape = shape;
    for (const { resolve } of [...this.#waiting]) resolve();
    for (const monitor of this.#monitors) this.#subscribe(monitor, open);
  }

  #refuse(cause: unknown): void {
    const error =
      cause instanceof EpicsError ? cause : new EpicsError(`cannot use ${this.name}: ${errorText(cause)}`, { cause });
    this.#refusal = error;
    for (const { reject } of [...this.#waiting]) reject(error);
    for (const monitor of this.#monitors) monitor.report(error);
  }

  #get({ circuit, serverId }: OpenChannel, dataType: number, dataCount: number, signal?: AbortSignal) {
    return circuit.request(
      CaCommand.readNotify,
      { dataType, dataCount, parameter1: serverId },
      `cannot read ${this.name}`,
      signal,
    );
  }

  #subscribe(monitor: Monitor, { circuit, serverId, fieldType }: OpenChannel): void {
    const payload = Buffer.alloc(16);
    payload.writeUInt16BE(VALUE_AND_ALARM, 12);
    const fields = { dataType: timeType(fieldType), dataCount: 0, parameter1: serverId, payload };
    monitor.cancel = circuit.subscribe(fields, ({ dataCount, payload: data }) =>
      monitor.report(decodeReading(fieldType, dataCount, data)),
    );
  }

  #opened(): OpenChannel {
    if (this.#refusal) throw this.#refusal;
    if (!this.#open) throw new EpicsError(`${this.name} is not connected`);
    return this.#open;
  }
}
