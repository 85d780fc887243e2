/** The backend of signals of EPICS PVs over Channel Access. */

import type { LostConnection } from "../core/protocols/lostConnection";
import type { Reading } from "../core/protocols/protocols";
import { SubsetEnum, SupersetEnum } from "../core/signal/enumTypes";
import type { DataKeyBody, PutOptions, ReadOptions, SignalBackend } from "../core/signal/signalBackend";
import { SignalConnector } from "../core/signal/signalConnector";
import { SoftSignalBackend } from "../core/signal/softSignal";
import { type DeadlineOptions, withDeadline } from "../core/status/deadline";
import { Status } from "../core/status/status";
import { acquireChannel, releaseChannel } from "./ca/channelPool";
import type { CaReading } from "./ca/dbr";
import { EpicsError } from "./ca/epicsError";
import type { EpicsDatatype } from "./epicsDatatype";
import { PvLink } from "./pvLink";

/** Whether a write waits until the record has been processed: a motor has arrived, a busy record is done. */
export type PutWait = boolean | ((value: unknown) => boolean);

/** How a signal uses its PV. */
export interface PvAccess {
  /** Whether a write waits until the record has been processed. Default true. */
  readonly wait?: PutWait;
  /** Whether the value is the text that the server makes of it, with the precision of the record. */
  readonly text?: boolean;
}

/** The default timeout in seconds, the same as in ophyd-async. */
const TIMEOUT = 10;
/** Seconds in which a server that is there answers. */
const PING_LIMIT = 5;

/** The names of EPICS' alarm statuses, by number (alarm.h). */
const ALARMS =
  "NO_ALARM READ WRITE HIHI HIGH LOLO LOW STATE COS COMM TIMEOUT HWLIMIT CALC SCAN LINK SOFT BAD_SUB UDF DISABLE SIMM READ_ACCESS WRITE_ACCESS".split(
    " ",
  );

/** The PVs of a connected signal; both are the same link unless a separate PV takes the setpoint. */
interface PvPair {
  readonly read: PvLink;
  readonly write: PvLink;
}

/** Connects a signal to a PV, or to a pair of them: one to read and one to write. */
export class EpicsSignalBackend<T> implements SignalBackend<T> {
  readonly #readPv: string;
  readonly #writePv: string;
  readonly #datatype: EpicsDatatype | null;
  readonly #wait: PutWait;
  readonly #asText: boolean;
  readonly #pvs: SignalConnector<PvPair, T>;
  /** The last result of the monitor, while there is one. */
  #last: Reading<T> | EpicsError | undefined;

  constructor(readPv: string, writePv: string, datatype: EpicsDatatype | null, access: PvAccess = {}) {
    this.#readPv = readPv;
    this.#writePv = writePv;
    this.#datatype = datatype;
    this.#wait = access.wait ?? true;
    this.#asText = access.text ?? false;
    this.#pvs = new SignalConnector<PvPair, T>({
      place: readPv,
      error: EpicsError,
      open: (timeout, signal) => this.#open(timeout, signal),
      close: ({ read, write }) => {
        for (const { channel } of new Set([read, write])) releaseChannel(channel);
      },
      watch: (pvs, fn) => this.#watch(pvs, fn),
    });
  }

  source(): string {
    return `ca://${this.#readPv}`;
  }

  get units(): string {
    return this.#pvs.item?.read.channel.shape.control.units ?? "";
  }

  async connect(timeout = TIMEOUT): Promise<void> {
    await this.#pvs.connect(timeout);
  }

  /** The server is asked each time, since not every server reports changes of units, limits and choices. */
  async getDataKey(): Promise<DataKeyBody> {
    const { read } = this.#pvs.connected;
    const work = (signal: AbortSignal) => read.channel.readShape(signal);
    await withDeadline(work, { timeout: TIMEOUT }, `the description of ${this.#readPv}`);
    return read.conversion.dataKey;
  }

  getReading(options: ReadOptions = {}): Reading<T> | Promise<Reading<T>> {
    if (options.cached && this.#last) {
      if (this.#last instanceof EpicsError) throw this.#last;
      return this.#last;
    }
    const { read } = this.#pvs.connected;
    const work = async (signal: AbortSignal) =>
      this.#reading(await read.channel.read(signal, this.#transferType(read)));
    return withDeadline(work, { timeout: options.timeout ?? TIMEOUT, signal: options.signal }, this.#readPv);
  }

  async getSetpoint(): Promise<T> {
    const { write } = this.#pvs.connected;
    const work = (signal: AbortSignal) => write.channel.read(signal, this.#transferType(write));
    const { data } = await withDeadline(work, { timeout: TIMEOUT }, this.#writePv);
    return write.conversion.decode(data) as T;
  }

  put(value: T, options: PutOptions = {}): Status {
    const { timeout = TIMEOUT, signal } = options;
    const wait = typeof this.#wait === "function" ? this.#wait(value) : this.#wait;
    const work = async (abort: AbortSignal) => {
      const { channel, conversion } = this.#pvs.connected.write;
      await channel.write(conversion.encode(value), wait, abort, conversion.fieldType);
    };
    return Status.from(withDeadline(work, { timeout, signal }, `${this.#writePv} to be set`), this.#writePv);
  }

  setCallback(fn: ((reading: Reading<T>) => void) | null): void {
    this.#pvs.setCallback(fn);
  }

  lostConnection(): LostConnection | undefined {
    const { read, write } = this.#pvs.item ?? {};
    return read?.channel.lostConnection ?? write?.channel.lostConnection;
  }

  async pingConnection(): Promise<unknown> {
    const { read } = this.#pvs.connected;
    return await withDeadline((signal) => read.channel.readShape(signal), { timeout: PING_LIMIT }, this.#readPv);
  }

  dispose(): void {
    this.#pvs.dispose();
  }

  mock(): SignalBackend<T> {
    const datatype = this.#datatype instanceof SupersetEnum ? this.#datatype.choices : this.#datatype;
    const options = Array.isArray(datatype) ? { choices: datatype as readonly (T & string)[] } : {};
    return new SoftSignalBackend<T>(initialPvValue(datatype) as T, options);
  }

  async #open(timeout: number, signal: AbortSignal): Promise<PvPair> {
    const options = { timeout, signal };
    const read = this.#link(this.#readPv, options);
    const write = this.#writePv === this.#readPv ? read : this.#link(this.#writePv, options);
    try {
      const [one, other] = await Promise.all([read, write]);
      return { read: one, write: other };
    } catch (error) {
      for (const link of new Set([read, write])) {
        link.then(({ channel }) => releaseChannel(channel)).catch(() => {});
      }
      throw error;
    }
  }

  async #link(pv: string, options: DeadlineOptions): Promise<PvLink> {
    const channel = acquireChannel(pv);
    try {
      await channel.connected(options);
      const link = new PvLink(channel, this.#datatype, this.#asText);
      // The getter throws if the PV does not hold the signal's datatype.
      void link.conversion;
      return link;
    } catch (error) {
      releaseChannel(channel);
      throw error;
    }
  }

  /** A reading with the alarm of the PV; the severity INVALID is -1 in readings. */
  #reading({ data, timestamp, severity, status }: CaReading): Reading<T> {
    const value = this.#pvs.connected.read.conversion.decode(data) as T;
    if (severity === 0) return { value, timestamp };
    const message = `${this.#readPv} is in alarm: ${ALARMS[status] ?? status}`;
    return { value, timestamp, alarm_severity: severity > 2 ? -1 : severity, message };
  }

  #watch({ read }: PvPair, fn: (reading: Reading<T>) => void): () => void {
    let value: T | undefined;
    const unsubscribe = read.channel.monitor((result) => {
      const reading = result instanceof EpicsError ? result : this.#readingOrError(result);
      this.#last = reading;
      if (reading instanceof EpicsError) {
        // While there is no value, subscribers get the last one, marked as invalid.
        fn({ value: value as T, timestamp: Date.now() / 1000, alarm_severity: -1, message: reading.message });
        return;
      }
      value = reading.value;
      fn(reading);
    }, this.#transferType(read));
    return () => {
      unsubscribe();
      this.#last = undefined;
    };
  }

  /** The type to ask for; undefined for the PV's own, whatever it is after a reconnection. */
  #transferType({ conversion }: PvLink): number | undefined {
    return this.#asText ? conversion.fieldType : undefined;
  }

  #readingOrError(reading: CaReading): Reading<T> | EpicsError {
    try {
      return this.#reading(reading);
    } catch (error) {
      if (error instanceof EpicsError) return error;
      throw error;
    }
  }
}

/** The initial value of a mock of this datatype. */
function initialPvValue(datatype: EpicsDatatype | null): unknown {
  if (datatype instanceof SubsetEnum) return datatype.choices[0] ?? "";
  if (Array.isArray(datatype)) return datatype[0] ?? "";
  if (datatype === String) return "";
  if (datatype === Boolean) return false;
  if (datatype === null || datatype === Number) return 0;
  return new (datatype as Float64ArrayConstructor)(0);
}
