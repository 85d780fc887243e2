// A PV as this process sees it: found, connected, lost, found again.

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

/** What the channels of a process share. */
export interface ChannelContext {
  readonly search: NameSearch;
  circuitAt(server: UdpAddress): Circuit;
}

/** What a PV is, as its server tells. Another object each time the PV is connected. */
export interface PvShape {
  readonly name: string;
  /** Native type. */
  readonly fieldType: number;
  /** The largest number of elements. */
  readonly count: number;
  readonly control: CaControl;
}

/** A server knows the channel. */
interface OpenChannel {
  readonly circuit: Circuit;
  readonly serverId: number;
  readonly fieldType: number;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** What became of a monitored PV: a reading, or why there is none. */
export type OnReading = (reading: CaReading | EpicsError) => void;

interface Monitor {
  readonly tell: OnReading;
  cancel: () => void;
}

/** Changes of the value and of the alarm. */
const VALUE_AND_ALARM = 5;
/** A server that answers searches but takes no connection must not be asked in a tight circle. */
const SEARCH_AGAIN_MS = 200;

export class PvChannel implements CircuitChannel {
  readonly id: number;
  readonly name: string;
  readonly #context: ChannelContext;
  readonly #monitors = new Set<Monitor>();
  readonly #waiting = new Set<Waiter>();
  #circuit: Circuit | null = null;
  #shape: PvShape | null = null;
  /** Why the PV cannot be used though a server has it. */
  #refusal: EpicsError | null = null;
  #open: OpenChannel | null = null;
  /** The same from the server's answer on: what the PV is has been asked for. */
  #opening: OpenChannel | null = null;
  #rights = { read: true, write: true };
  #released = false;

  constructor(id: number, name: string, context: ChannelContext) {
    this.id = id;
    this.name = name;
    this.#context = context;
    this.#search(0);
  }

  /** As it was when last connected. An IOC that was restarted may give the PV another type, other units or choices. */
  get shape(): PvShape {
    if (!this.#shape) throw new EpicsError(`${this.name} is not connected`);
    return this.#shape;
  }

  /** Resolves when a server has told what the PV is; rejects where it refuses to, after `timeout` seconds and when the signal aborts. */
  connected(options: DeadlineOptions): Promise<void> {
    if (this.#open) return Promise.resolve();
    if (this.#refusal) return Promise.reject(this.#refusal);
    return new Promise((resolve, reject) => {
      const settle = (tell: () => void) => {
        disarm();
        this.#waiting.delete(waiting);
        tell();
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

  /** The value now, asked of the server; given up when the signal aborts. */
  async read(signal?: AbortSignal): Promise<CaReading> {
    if (!this.#rights.read) throw new EpicsError(`cannot read ${this.name}: reading is not allowed to you here`);
    const open = this.#opened();
    const { dataCount, payload } = await this.#get(open, timeType(open.fieldType), 0, signal);
    return decodeReading(open.fieldType, dataCount, payload);
  }

  /**
   * Writes; with `wait`, done when the record has been processed (a motor: has arrived), else at once, and a refusal is told where a
   * person looks. Given up when the signal aborts.
   */
  async write(data: ArrayLike<number | string>, wait: boolean, signal?: AbortSignal): Promise<void> {
    const { circuit, serverId, fieldType } = this.#opened();
    if (!this.#rights.write) throw new EpicsError(`cannot set ${this.name}: writing is not allowed to you here`);
    const fields = {
      dataType: fieldType,
      dataCount: data.length,
      parameter1: serverId,
      payload: encodeArray(fieldType, data),
    };
    const tried = `cannot set ${this.name}`;
    if (wait) await circuit.request(CaCommand.writeNotify, fields, tried, signal);
    else circuit.post(CaCommand.write, fields, (words) => reportError(tried, words));
  }

  /** Calls `tell` with the value now and at every change, and with an error when the PV is lost; through reconnections. */
  monitor(tell: OnReading): () => void {
    const monitor: Monitor = { tell, cancel: () => {} };
    this.#monitors.add(monitor);
    if (this.#open) this.#subscribe(monitor, this.#open);
    return () => {
      this.#monitors.delete(monitor);
      monitor.cancel();
    };
  }

  /** Nobody needs it any more. */
  release(): void {
    this.#released = true;
    this.#context.search.forget(this.id);
    this.#circuit?.detach(this, this.#opening?.serverId ?? null);
    this.#open = null;
    this.#opening = null;
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
    this.#circuit = null;
    this.#open = null;
    this.#opening = null;
    this.#refusal = null;
    const error = new EpicsError(`${this.name} is disconnected: ${reason}`);
    for (const monitor of this.#monitors) monitor.tell(error);
    // Who was told may have released it.
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
    for (const monitor of this.#monitors) monitor.tell(error);
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
      monitor.tell(decodeReading(fieldType, dataCount, data)),
    );
  }

  #opened(): OpenChannel {
    if (this.#refusal) throw this.#refusal;
    if (!this.#open) throw new EpicsError(`${this.name} is not connected`);
    return this.#open;
  }
}
