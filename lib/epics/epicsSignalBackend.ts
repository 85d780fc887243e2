import type { Reading } from "../core/protocols/protocols";
import { SubsetEnum, SupersetEnum } from "../core/signal/enumTypes";
import type { DataKeyBody, PutOptions, ReadOptions, SignalBackend } from "../core/signal/signalBackend";
import { SignalConnector } from "../core/signal/signalConnector";
import { SoftSignalBackend } from "../core/signal/softSignal";
import { type DeadlineOptions, within } from "../core/status/deadline";
import { Status } from "../core/status/status";
import { acquireChannel, releaseChannel } from "./ca/channelPool";
import type { CaReading } from "./ca/dbr";
import { EpicsError } from "./ca/epicsError";
import type { PvChannel, PvShape } from "./ca/pvChannel";
import { datatypeOf, type EpicsDatatype, type PvConversion, pvConversion } from "./epicsDatatype";

/** Whether a write waits until the record has been processed: a motor has arrived, a busy record is done. */
export type PutWait = boolean | ((value: unknown) => boolean);

/** Seconds; what ophyd-async takes. */
const TIMEOUT = 10;

/** EPICS' alarm states by number (alarm.h). */
const ALARMS =
  "NO_ALARM READ WRITE HIHI HIGH LOLO LOW STATE COS COMM TIMEOUT HWLIMIT CALC SCAN LINK SOFT BAD_SUB UDF DISABLE SIMM READ_ACCESS WRITE_ACCESS".split(
    " ",
  );

/** A PV in use. An IOC that was restarted may have made something else of it, so the conversion belongs to one connection. */
class PvLink {
  readonly channel: PvChannel;
  readonly #datatype: EpicsDatatype | null;
  /** What the PV held at first, where its type is left to it. */
  #found: EpicsDatatype | null = null;
  #shape: PvShape | null = null;
  #conversion: PvConversion | null = null;

  constructor(channel: PvChannel, datatype: EpicsDatatype | null) {
    this.channel = channel;
    this.#datatype = datatype;
  }

  /** @throws EpicsError where the PV holds something else than the signal's type. */
  get conversion(): PvConversion {
    const { shape } = this.channel;
    if (this.#conversion === null || this.#shape !== shape) {
      this.#conversion = this.#found ? this.#stillThe(this.#found, shape) : pvConversion(this.#datatype, shape);
      if (this.#datatype === null) this.#found ??= datatypeOf(shape);
      this.#shape = shape;
    }
    return this.#conversion;
  }

  #stillThe(found: EpicsDatatype, shape: PvShape): PvConversion {
    try {
      return pvConversion(found, shape);
    } catch (cause) {
      const { name } = this.channel;
      throw new EpicsError(`${name} is not what it was when it was connected: make a new signal for it`, { cause });
    }
  }
}

interface PvPair {
  readonly read: PvLink;
  readonly write: PvLink;
}

/** A PV over Channel Access, or a pair of them: one that is read and one that is written. */
export class EpicsSignalBackend<T> implements SignalBackend<T> {
  readonly #readPv: string;
  readonly #writePv: string;
  readonly #datatype: EpicsDatatype | null;
  readonly #wait: PutWait;
  readonly #links: SignalConnector<PvPair, T>;
  #last: Reading<T> | EpicsError | null = null;

  constructor(readPv: string, writePv: string, datatype: EpicsDatatype | null, wait: PutWait) {
    this.#readPv = readPv;
    this.#writePv = writePv;
    this.#datatype = datatype;
    this.#wait = wait;
    this.#links = new SignalConnector<PvPair, T>({
      place: readPv,
      error: EpicsError,
      open: (timeout, signal) => this.#open(timeout, signal),
      close: ({ read, write }) => {
        for (const { channel } of new Set([read, write])) releaseChannel(channel);
      },
      watch: (links, fn) => this.#watch(links, fn),
    });
  }

  source(): string {
    return `ca://${this.#readPv}`;
  }

  get units(): string {
    return this.#links.item?.read.channel.shape.control.units ?? "";
  }

  async connect(timeout = TIMEOUT): Promise<void> {
    await this.#links.connect(timeout);
  }

  getDataKey(): DataKeyBody {
    return this.#links.connected.read.conversion.dataKey;
  }

  getReading(options: ReadOptions = {}): Reading<T> | Promise<Reading<T>> {
    if (options.cached && this.#last) {
      if (this.#last instanceof EpicsError) throw this.#last;
      return this.#last;
    }
    const { read } = this.#links.connected;
    const work = async (signal: AbortSignal) => this.#reading(await read.channel.read(signal));
    return within(work, { timeout: options.timeout ?? TIMEOUT, signal: options.signal }, this.#readPv);
  }

  async getSetpoint(): Promise<T> {
    const { channel, conversion } = this.#links.connected.write;
    const { data } = await within((signal) => channel.read(signal), { timeout: TIMEOUT }, this.#writePv);
    return conversion.decode(data) as T;
  }

  put(value: T, options: PutOptions = {}): Status {
    const { timeout = TIMEOUT, signal } = options;
    const wait = typeof this.#wait === "function" ? this.#wait(value) : this.#wait;
    const work = async (abort: AbortSignal) => {
      const { channel, conversion } = this.#links.connected.write;
      await channel.write(conversion.encode(value), wait, abort);
    };
    return Status.from(within(work, { timeout, signal }, `${this.#writePv} to be set`), this.#writePv);
  }

  setCallback(fn: ((reading: Reading<T>) => void) | null): void {
    this.#links.setCallback(fn);
  }

  dispose(): void {
    this.#links.dispose();
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
      const link = new PvLink(channel, this.#datatype);
      // Throws where the PV is not what was asked for.
      void link.conversion;
      return link;
    } catch (error) {
      releaseChannel(channel);
      throw error;
    }
  }

  /** INVALID means that the value says nothing. */
  #reading({ data, timestamp, severity, status }: CaReading): Reading<T> {
    const value = this.#links.connected.read.conversion.decode(data) as T;
    if (severity === 0) return { value, timestamp };
    const message = `${this.#readPv} is in alarm: ${ALARMS[status] ?? status}`;
    return { value, timestamp, alarm_severity: severity > 2 ? -1 : severity, message };
  }

  #watch({ read }: PvPair, fn: (reading: Reading<T>) => void): () => void {
    let value: T | undefined;
    const unsubscribe = read.channel.monitor((told) => {
      const reading = told instanceof EpicsError ? told : this.#readingOrError(told);
      this.#last = reading;
      if (reading instanceof EpicsError) {
        fn({ value: value as T, timestamp: Date.now() / 1000, alarm_severity: -1, message: reading.message });
        return;
      }
      value = reading.value;
      fn(reading);
    });
    return () => {
      unsubscribe();
      this.#last = null;
    };
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

function initialPvValue(datatype: EpicsDatatype | null): unknown {
  if (datatype instanceof SubsetEnum) return datatype.choices[0] ?? "";
  if (Array.isArray(datatype)) return datatype[0] ?? "";
  if (datatype === String) return "";
  if (datatype === Boolean) return false;
  if (datatype === null || datatype === Number) return 0;
  return new (datatype as Float64ArrayConstructor)(0);
}
