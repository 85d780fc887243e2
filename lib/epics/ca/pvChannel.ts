/** The channel of one PV: it is found, connected, and found again after it was lost. */

import { errorText } from "../../errors";
import { reportError } from "../../log";
import { EpicsError } from "../epicsError";
import { type PvContext, SearchedPv } from "../search/searchedPv";
import { CaCommand } from "./caMessage";
import type { Circuit, CircuitChannel } from "./circuit";
import {
  type CaControl,
  type CaReading,
  controlType,
  decodeControl,
  decodeReading,
  encodeArray,
  FieldType,
  timeType,
} from "./dbr";
import { putAside } from "./putChannel";
import { type OnReading, PvMonitors, type SubscribedChannel, subscribeTo } from "./pvMonitors";

/**
 * The type and limits of a PV, as its server reports them. Each connection of the PV, and each change of its
 * limits, units or choices, makes a new object.
 */
export interface PvShape {
  readonly name: string;
  /** Counts the connections of the PV: shapes of the same connection have the same number. */
  readonly connection: number;
  /** The native type, see `FieldType`. */
  readonly fieldType: number;
  /** The largest number of elements. */
  readonly count: number;
  readonly control: CaControl;
}

/** The connection of the channel to its server. */
interface OpenChannel extends SubscribedChannel {
  readonly count: number;
}

/** The mask of a subscription to changes of the units, limits and choices (DBE_PROPERTY). */
const PROPERTY = 8;

/** One PV of the process, whatever connection it has at present. */
export class PvChannel extends SearchedPv<Circuit> implements CircuitChannel {
  readonly #monitors: PvMonitors;
  #shape: PvShape | undefined;
  #open: OpenChannel | undefined;
  /** Set as soon as the server has the channel; `#open` follows when the shape of the PV is known. */
  #opening: OpenChannel | undefined;
  #rights = { read: true, write: true };
  #connections = 0;
  #cancelProperties = () => {};
  /** Whether a write that waits for its record is under way over this channel. */
  #putting = false;
  /** Whether the server was asked for the channel again, although the connection is there. */
  #renewing = false;

  constructor(id: number, name: string, context: PvContext<Circuit>) {
    super(id, name, context);
    this.#monitors = new PvMonitors(name);
  }

  /**
   * The shape in the last connection. After a restart of its IOC, the PV may have another type, other units
   * or choices.
   */
  get shape(): PvShape {
    if (!this.#shape) throw this.notConnected;
    return this.#shape;
  }

  /** Whether the user has the right to read the PV. */
  get mayRead(): boolean {
    return this.#rights.read;
  }

  /**
   * Asks the server for the present value, in the PV's own type unless `wanted` is another one. Rejects when
   * the signal aborts.
   */
  async read(signal?: AbortSignal, wanted?: number): Promise<CaReading> {
    while (this.#renewing) await this.connected({ signal });
    const open = this.#opened();
    if (!this.#rights.read) throw this.#unreadable();
    const fieldType = wanted ?? open.fieldType;
    const { dataCount, payload } = await this.#get(open, timeType(fieldType), 0, signal);
    return decodeReading(fieldType, dataCount, payload);
  }

  /** Asks the server for the present units, limits and choices, which are then in `shape`. */
  async readShape(signal?: AbortSignal): Promise<void> {
    while (this.#renewing) await this.connected({ signal });
    const open = this.#opened();
    const { payload } = await this.#get(open, controlType(open.fieldType), 1, signal);
    if (this.#open === open) this.#takeControl(open, payload);
  }

  /**
   * Writes a value. With `wait` it resolves when the record has been processed (a motor has arrived).
   * Without, it resolves at once, and an error that follows is reported to the user. Rejects when the signal
   * aborts; the server then forgets the write as well, though the record goes on.
   */
  async write(data: ArrayLike<number | string>, wait: boolean, signal?: AbortSignal, wanted?: number): Promise<void> {
    while (this.#renewing) await this.connected({ signal });
    const open = this.#opened();
    if (!this.#rights.write) throw new EpicsError(`cannot set ${this.name}: you have no write access`);
    const fieldType = wanted ?? open.fieldType;
    const fields = { dataType: fieldType, dataCount: data.length, payload: encodeArray(fieldType, data) };
    const tried = `cannot set ${this.name}`;
    if (!wait) {
      const onRefused = (reason: string) => reportError(tried, reason);
      open.circuit.post(CaCommand.write, { ...fields, parameter1: open.serverId }, onRefused);
    } else if (this.#putting) {
      await putAside(open.circuit, this.name, fields, tried, signal);
    } else {
      await this.#put(open, { ...fields, parameter1: open.serverId }, tried, signal);
    }
  }

  /**
   * Calls `report` with the present value and every change, and with an error when the PV is lost; it
   * continues after reconnections.
   */
  monitor(report: OnReading, fieldType?: number): () => void {
    return this.#monitors.add(report, fieldType, this.#open);
  }

  opened(serverId: number, fieldType: number, count: number): void {
    if (!this.server) return;
    const open = { circuit: this.server, serverId, fieldType, count };
    this.#opening = open;
    this.#begin(open);
  }

  allowed(rights: { readonly read: boolean; readonly write: boolean }): void {
    const { read } = this.#rights;
    this.#rights = rights;
    if (read && !rights.read && this.#open) this.#monitors.reportAll(this.#unreadable());
    // The server sends the value itself when it may be read again, but not to a channel that was refused.
    if (rights.read && this.availability.refusal && this.#opening) {
      this.availability.again();
      this.#begin(this.#opening);
    }
  }

  protected close(): void {
    this.server?.detach(this, this.#opening?.serverId);
    this.#open = undefined;
    this.#opening = undefined;
    this.#monitors.clear();
  }

  protected disconnected(reason: string): void {
    this.#open = undefined;
    this.#opening = undefined;
    this.#renewing = false;
    this.#putting = false;
    this.#monitors.reportAll(new EpicsError(`${this.name} is disconnected: ${reason}`));
  }

  #begin(open: OpenChannel): void {
    this.#get(open, controlType(open.fieldType), 1).then(
      ({ payload }) => this.#opening === open && this.#enter(open, payload),
      (error: unknown) => this.#opening === open && this.#refuse(error),
    );
  }

  #enter(open: OpenChannel, control: Buffer): void {
    this.#open = open;
    if (!this.#renewing) this.#connections += 1;
    this.#renewing = false;
    this.#shape = undefined;
    this.#takeControl(open, control);
    this.availability.there();
    this.#monitors.subscribeAll(open);
    this.#cancelProperties = subscribeTo(controlType(open.fieldType), PROPERTY, 1, open, {
      onEvent: ({ payload }) => this.#takeControl(open, payload),
      // The values are the subscriptions' concern: they report what the server refuses.
      onRefused: () => {},
    });
  }

  /**
   * Takes over units, limits and choices if they have changed. Values that were reported by other choices are
   * reported again.
   */
  #takeControl({ fieldType, count }: OpenChannel, payload: Buffer): void {
    const control = decodeControl(fieldType, payload);
    const before = this.#shape;
    if (before && JSON.stringify(before.control) === JSON.stringify(control)) return;
    this.#shape = { name: this.name, connection: this.#connections, fieldType, count, control };
    if (before && fieldType === FieldType.enum) this.#monitors.repeatAll();
  }

  #refuse(cause: unknown): void {
    const error =
      cause instanceof EpicsError ? cause : new EpicsError(`cannot use ${this.name}: ${errorText(cause)}`, { cause });
    this.#renewing = false;
    this.availability.refuse(error);
    this.#monitors.reportAll(error);
  }

  /**
   * Writes over this channel and waits for the record. A write that is given up would keep the server from
   * answering later ones, for as long as the record takes: the channel is then made anew, which ends it
   * there.
   */
  async #put(
    open: OpenChannel,
    fields: Parameters<Circuit["request"]>[1],
    tried: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    this.#putting = true;
    try {
      await open.circuit.request(CaCommand.writeNotify, fields, tried, signal);
    } finally {
      if (this.#open === open) {
        this.#putting = false;
        if (signal?.aborted) this.#renew(open);
      }
    }
  }

  #renew(open: OpenChannel): void {
    this.#monitors.cancelAll();
    this.#cancelProperties();
    this.#open = undefined;
    this.#opening = undefined;
    this.#renewing = true;
    this.availability.again();
    open.circuit.detach(this, open.serverId);
    open.circuit.attach(this);
  }

  #unreadable(): EpicsError {
    return new EpicsError(`cannot read ${this.name}: you have no read access`);
  }

  #get({ circuit, serverId }: OpenChannel, dataType: number, dataCount: number, signal?: AbortSignal) {
    return circuit.request(
      CaCommand.readNotify,
      { dataType, dataCount, parameter1: serverId },
      `cannot read ${this.name}`,
      signal,
    );
  }

  /**
   * The channel at the server. Call this when no channel is being made anew, and use the result before the
   * next `await`: a server ends the connection if it gets a request for a channel that was given back.
   */
  #opened(): OpenChannel {
    const { refusal } = this.availability;
    if (refusal) throw refusal;
    if (!this.#open) throw this.notConnected;
    return this.#open;
  }
}
