/** The backend of signals of EPICS PVs, over Channel Access or pvAccess. */

import type { LostConnection } from "../../core/protocols/lostConnection";
import type { Reading } from "../../core/protocols/protocols";
import { SubsetEnum, SupersetEnum } from "../../core/signal/enumTypes";
import type { DataKeyBody, Field, PutOptions, ReadOptions, SignalBackend } from "../../core/signal/signalBackend";
import { SignalConnector } from "../../core/signal/signalConnector";
import { SoftSignalBackend } from "../../core/signal/softSignal";
import { withDeadline } from "../../core/status/deadline";
import { Status } from "../../core/status/status";
import { MAY_BE_DONE } from "../../errors";
import { EpicsError } from "../epicsError";
import { sayingWhetherDone } from "../link/lostOnTheWay";
import type { PvAddress } from "../link/pvAddress";
import type { PvLink } from "../link/pvLink";
import type { EpicsDatatype } from "../values/epicsDatatype";
import { EpicsImage } from "../values/epicsImage";
import type { PvUse } from "../values/pvUse";

/** Whether a write waits until the record has been processed: a motor has arrived, a busy record is done. */
export type PutWait = boolean | ((value: unknown) => boolean);

/** How a signal uses its PV. */
export interface PvAccess {
  /** Whether a write waits until the record has been processed. Default true. */
  readonly wait?: PutWait;
  /** Whether the value is the text that the server makes of it, with the precision of the record. */
  readonly text?: boolean;
  /** See `EpicsReadOptions`. */
  readonly pipeline?: number;
}

/** The default timeout in seconds, the same as in ophyd-async. */
const TIMEOUT = 10;
/** Seconds in which a server that is there answers. */
const PING_LIMIT = 5;

/** The PVs of a connected signal; both are the same link unless a separate PV takes the setpoint. */
interface PvPair {
  readonly read: PvLink;
  readonly write: PvLink;
}

/** Connects a signal to a PV, or to a pair of them: one to read and one to write. */
export class EpicsSignalBackend<T> implements SignalBackend<T> {
  readonly #readPv: PvAddress;
  readonly #writePv: PvAddress;
  readonly #use: PvUse;
  readonly #wait: PutWait;
  readonly #pvs: SignalConnector<PvPair, T>;
  /** The last result of the monitor, while there is one. */
  #last: Reading<T> | EpicsError | undefined;

  constructor(readPv: PvAddress, writePv: PvAddress, datatype: EpicsDatatype | null, access: PvAccess = {}) {
    this.#readPv = readPv;
    this.#writePv = writePv;
    this.#use = { datatype, asText: access.text ?? false, pipeline: access.pipeline };
    this.#wait = access.wait ?? true;
    this.#pvs = new SignalConnector<PvPair, T>({
      place: readPv.name,
      error: EpicsError,
      open: (timeout, signal) => this.#open(timeout, signal),
      close: ({ read, write }) => {
        for (const link of new Set([read, write])) link.release();
      },
      watch: (pvs, report) => this.#watch(pvs, report),
    });
  }

  source(): string {
    return `${this.#readPv.protocol}://${this.#readPv.name}`;
  }

  get units(): string {
    return this.#pvs.item?.read.units ?? "";
  }

  get precision(): number | undefined {
    return this.#pvs.item?.read.precision;
  }

  async connect(timeout = TIMEOUT): Promise<void> {
    await this.#pvs.connect(timeout);
  }

  async getDataKey(): Promise<DataKeyBody> {
    const { read } = this.#pvs.connected;
    const what = `the description of ${this.#readPv.name}`;
    return await withDeadline((signal) => read.dataKey(signal), { timeout: TIMEOUT }, what);
  }

  getReading(options: ReadOptions = {}): Reading<T> | Promise<Reading<T>> {
    const last = options.cached ? this.#last : undefined;
    return last && !(last instanceof EpicsError) ? last : this.#read(options, last);
  }

  /**
   * Asks the server. While the connection is lost, it rejects with `known`, the reason of that: the monitor's
   * next value may come a moment after the connection.
   */
  async #read({ timeout = TIMEOUT, signal }: ReadOptions, known: EpicsError | undefined): Promise<Reading<T>> {
    if (known && this.lostConnection()) throw known;
    const { read } = this.#pvs.connected;
    return await withDeadline(
      (abort) => read.read(abort) as Promise<Reading<T>>,
      { timeout, signal },
      `${this.#readPv.name} to be read`,
    );
  }

  async getSetpoint(): Promise<T> {
    const { write } = this.#pvs.connected;
    const what = `${this.#writePv.name} to be read`;
    const { value } = await withDeadline((signal) => write.read(signal), { timeout: TIMEOUT }, what);
    return value as T;
  }

  put(value: T, options: PutOptions = {}): Status {
    const { timeout = TIMEOUT, signal } = options;
    const { name } = this.#writePv;
    const wait = typeof this.#wait === "function" ? this.#wait(value) : this.#wait;
    const work = (abort: AbortSignal) => this.#write(value, wait, abort);
    return Status.from(withDeadline(work, { timeout, signal }, `${name} to be set`), name);
  }

  /** Says if the connection was lost after the value was sent: the record may have been processed or not. */
  async #write(value: T, wait: boolean, signal: AbortSignal): Promise<void> {
    const { write } = this.#pvs.connected;
    await sayingWhetherDone(write, () => write.write(value, wait, signal), MAY_BE_DONE.set);
  }

  setCallback(fn: ((reading: Reading<T>) => void) | null): void {
    this.#pvs.setCallback(fn);
  }

  getFields(): ReadonlyMap<string, Field<T>> | null {
    return this.#pvs.item?.read.fields() ?? null;
  }

  lostConnection(): LostConnection | undefined {
    const { read, write } = this.#pvs.item ?? {};
    return read?.lostConnection ?? write?.lostConnection;
  }

  async pingConnection(): Promise<unknown> {
    const { read } = this.#pvs.connected;
    try {
      const what = `${this.#readPv.name} to answer`;
      return await withDeadline((signal) => read.dataKey(signal), { timeout: PING_LIMIT }, what);
    } catch (error) {
      // A server that refuses to describe the PV (no read access, another type) has answered.
      if (error instanceof EpicsError && !this.lostConnection()) return undefined;
      throw error;
    }
  }

  dispose(): void {
    this.#pvs.dispose();
  }

  mock(): SignalBackend<T> {
    const { datatype: wanted } = this.#use;
    const datatype = wanted instanceof SupersetEnum ? wanted.choices : wanted;
    const options = Array.isArray(datatype) ? { choices: datatype as readonly (T & string)[] } : {};
    return new SoftSignalBackend<T>(initialPvValue(datatype) as T, options);
  }

  async #open(timeout: number, signal: AbortSignal): Promise<PvPair> {
    const link = ({ open, name }: PvAddress) => open(name, this.#use, { timeout, signal });
    const isPair = this.#writePv.name !== this.#readPv.name || this.#writePv.protocol !== this.#readPv.protocol;
    const read = link(this.#readPv);
    const write = isPair ? link(this.#writePv) : read;
    try {
      const [one, other] = await Promise.all([read, write]);
      return { read: one, write: other };
    } catch (error) {
      for (const made of new Set([read, write])) made.then(({ release }) => release()).catch(() => {});
      throw error;
    }
  }

  #watch({ read }: PvPair, report: (result: Reading<T> | EpicsError) => void): () => void {
    const unsubscribe = read.monitor((result) => {
      this.#last = result as Reading<T> | EpicsError;
      report(this.#last);
    });
    return () => {
      unsubscribe();
      this.#last = undefined;
    };
  }
}

/** The initial value of a mock of this datatype. */
function initialPvValue(datatype: EpicsDatatype | null): unknown {
  if (datatype instanceof SubsetEnum) return datatype.choices[0] ?? "";
  if (Array.isArray(datatype)) return datatype[0] ?? "";
  if (datatype === String) return "";
  if (datatype === Boolean) return false;
  if (datatype === null || datatype === Number) return 0;
  if (datatype === BigInt) return 0n;
  if (datatype === EpicsImage) return new EpicsImage([0, 0], new Uint8Array(0));
  if (datatype === Object) return {};
  return new (datatype as Float64ArrayConstructor)(0);
}
