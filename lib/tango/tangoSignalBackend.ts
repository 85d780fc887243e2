import type { Reading } from "../core/protocols/protocols";
import type { DataKeyBody, PutOptions, ReadOptions, SignalBackend } from "../core/signal/signalBackend";
import { SignalConnector } from "../core/signal/signalConnector";
import { SoftSignalBackend } from "../core/signal/softSignal";
import { Status } from "../core/status/status";
import { type Access, AttributeLink } from "./link/attributeLink";
import { type Polled, poll, type TangoPolling } from "./link/poll";
import { type MemberAddress, memberTrl } from "./link/trl";
import { TangoError } from "./tangoError";
import { initialOf } from "./values/tangoDatatype";

/** Seconds; what ophyd-async takes. */
export const TIMEOUT = 10;

/** What a signal is made of. */
export interface TangoSignalParts {
  readonly read: MemberAddress;
  readonly write: MemberAddress;
  readonly datatype: unknown;
  readonly access: Access;
  readonly polling: TangoPolling;
}

interface Links {
  readonly read: AttributeLink;
  readonly write: AttributeLink;
}

/** An attribute of a Tango device, or a pair of them: one that is read and one that is written. */
export class TangoSignalBackend<T> implements SignalBackend<T> {
  readonly #parts: TangoSignalParts;
  readonly #links: SignalConnector<Links, T>;

  constructor(parts: TangoSignalParts) {
    this.#parts = parts;
    this.#links = new SignalConnector<Links, T>({
      place: this.#place,
      error: TangoError,
      open: (timeout, signal) => this.#open(timeout, signal),
      close: release,
      watch: (links, fn) => this.#watch(links, fn),
    });
  }

  source(): string {
    const { device, member } = this.#parts.read;
    return memberTrl(device, member);
  }

  get units(): string {
    return this.#links.item?.read.units ?? "";
  }

  async connect(timeout = TIMEOUT): Promise<void> {
    await this.#links.connect(timeout);
  }

  /** Units and limits can be changed at any time, so they are asked for. */
  async getDataKey(): Promise<DataKeyBody> {
    return await this.#links.connected.read.configure({ timeout: TIMEOUT });
  }

  /** The device is always asked: nothing is pushed, and what was polled may be older than what was set or moved since. */
  async getReading({ timeout = TIMEOUT, signal }: ReadOptions = {}): Promise<Reading<T>> {
    const { reading } = await this.#links.connected.read.read("DEV", { timeout, signal });
    return reading as Reading<T>;
  }

  async getSetpoint(): Promise<T> {
    const { set } = await this.#links.connected.write.read("DEV", { timeout: TIMEOUT });
    return set() as T;
  }

  put(value: T, options: PutOptions = {}): Status {
    const { timeout = TIMEOUT, signal } = options;
    const work = async () => await this.#links.connected.write.write(value, { timeout, signal });
    return Status.from(work(), this.#place);
  }

  setCallback(fn: ((reading: Reading<T>) => void) | null): void {
    this.#links.setCallback(fn);
  }

  dispose(): void {
    this.#links.dispose();
  }

  mock(): SignalBackend<T> {
    const { datatype } = this.#parts;
    const options = isChoices(datatype) ? { choices: datatype as readonly (T & string)[] } : {};
    return new SoftSignalBackend<T>(initialOf(datatype) as T, options);
  }

  async #open(timeout: number, signal: AbortSignal): Promise<Links> {
    const { read: readAt, write: writeAt, datatype, access } = this.#parts;
    const pair = readAt.member !== writeAt.member || memberTrl(readAt.device, "") !== memberTrl(writeAt.device, "");
    const read = new AttributeLink(readAt, datatype, pair ? "read" : access);
    const write = pair ? new AttributeLink(writeAt, datatype, "write") : read;
    try {
      await Promise.all([...new Set([read, write])].map((link) => link.configure({ timeout, signal })));
    } catch (error) {
      release({ read, write });
      throw error;
    }
    return { read, write };
  }

  #watch({ read }: Links, fn: (reading: Reading<T>) => void): () => void {
    const polling = new AbortController();
    const { signal } = polling;
    let value: T | undefined;
    const ask = async () => (await read.read("CACHE_DEV", { timeout: TIMEOUT, signal })).reading;
    const tell = (polled: Polled) => {
      if (!(polled instanceof Error)) {
        value = polled.value as T;
        fn(polled as Reading<T>);
        return;
      }
      fn({ value: value as T, timestamp: Date.now() / 1000, alarm_severity: -1, message: polled.message });
    };
    void poll(ask, tell, this.#parts.polling, signal);
    return () => polling.abort();
  }

  get #place(): string {
    const { device, member } = this.#parts.write;
    return `${device.device}/${member}`;
  }
}

function release({ read, write }: Links): void {
  for (const link of new Set([read, write])) link.dispose();
}

const isChoices = (datatype: unknown): boolean => Array.isArray(datatype) && typeof datatype[0] === "string";
