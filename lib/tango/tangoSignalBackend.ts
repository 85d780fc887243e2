/** The backend of signals of Tango attributes. */

import type { LostConnection } from "../core/protocols/lostConnection";
import type { Reading } from "../core/protocols/protocols";
import type { DataKeyBody, PutOptions, ReadOptions, SignalBackend } from "../core/signal/signalBackend";
import { SignalConnector } from "../core/signal/signalConnector";
import { SoftSignalBackend } from "../core/signal/softSignal";
import { withDeadline } from "../core/status/deadline";
import { Status } from "../core/status/status";
import type { TangoEvent } from "./link/attributeEvents";
import { type AttributeAccess, AttributeLink } from "./link/attributeLink";
import { followAttribute } from "./link/followAttribute";
import type { PollResult, TangoPolling } from "./link/poll";
import { resolveAttribute } from "./link/proxyPool";
import { type MemberAddress, memberTrl } from "./link/trl";
import { TangoError } from "./tangoError";
import { initialTangoValue } from "./values/tangoDatatype";

/** The default timeout in seconds, the same as in ophyd-async. */
export const TIMEOUT = 10;
/** Seconds after which a device that does not answer a ping counts as lost. */
export const PING_LIMIT = 5;

/** The addresses and options of a signal. */
export interface TangoSignalParts {
  readonly read: MemberAddress;
  readonly write: MemberAddress;
  readonly datatype: unknown;
  readonly access: AttributeAccess;
  /** How the attribute is polled; undefined if the user did not say. */
  readonly polling: TangoPolling | undefined;
  /** The events to follow. Undefined: change events if the device sends them. False: none. */
  readonly events: TangoEvent | false | undefined;
}

/** The attributes of a connected signal: the same link twice, unless another attribute takes the setpoint. */
interface AttributePair {
  readonly read: AttributeLink;
  readonly write: AttributeLink;
}

/** Connects a signal to an attribute of a Tango device, or to a pair of them: one to read and one to set. */
export class TangoSignalBackend<T> implements SignalBackend<T> {
  readonly #parts: TangoSignalParts;
  readonly #attributes: SignalConnector<AttributePair, T>;

  constructor(parts: TangoSignalParts) {
    this.#parts = parts;
    this.#attributes = new SignalConnector<AttributePair, T>({
      place: this.#place,
      error: TangoError,
      open: (timeout, signal) => this.#open(timeout, signal),
      close: disposePair,
      watch: ({ read }, report) => {
        const ended = new AbortController();
        void followAttribute(read, report as (result: PollResult) => void, parts, ended.signal);
        return () => ended.abort();
      },
    });
  }

  source(): string {
    const { device, member } = this.#parts.read;
    return memberTrl(device, member);
  }

  get units(): string {
    return this.#attributes.item?.read.units ?? "";
  }

  get precision(): number | undefined {
    return this.#attributes.item?.read.precision;
  }

  async connect(timeout = TIMEOUT): Promise<void> {
    await this.#attributes.connect(timeout);
  }

  /** Asks the device each time, since units and limits can be changed at any time. */
  async getDataKey(): Promise<DataKeyBody> {
    return await this.#attributes.connected.read.configure({ timeout: TIMEOUT });
  }

  /**
   * Always reads from the device: a value that was polled may be older than the last `set`. Not an async
   * function, since a scan may read thousands of signals at once.
   */
  getReading({ timeout = TIMEOUT, signal }: ReadOptions = {}): Promise<Reading<T>> {
    try {
      return this.#attributes.connected.read.read("DEV", { timeout, signal }) as Promise<Reading<T>>;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async getSetpoint(): Promise<T> {
    return (await this.#attributes.connected.write.readSet({ timeout: TIMEOUT })) as T;
  }

  put(value: T, options: PutOptions = {}): Status {
    const { timeout = TIMEOUT, signal } = options;
    const work = async () => await this.#attributes.connected.write.write(value, { timeout, signal });
    return Status.from(work(), this.#place);
  }

  setCallback(fn: ((reading: Reading<T>) => void) | null): void {
    this.#attributes.setCallback(fn);
  }

  lostConnection(): LostConnection | undefined {
    const { read, write } = this.#attributes.item ?? {};
    return read?.lostConnection ?? write?.lostConnection;
  }

  async pingConnection(): Promise<unknown> {
    return await this.#attributes.connected.read.ping({ timeout: PING_LIMIT });
  }

  dispose(): void {
    this.#attributes.dispose();
  }

  mock(): SignalBackend<T> {
    const { datatype } = this.#parts;
    const options = isChoices(datatype) ? { choices: datatype as readonly (T & string)[] } : {};
    return new SoftSignalBackend<T>(initialTangoValue(datatype) as T, options);
  }

  async #open(timeout: number, signal: AbortSignal): Promise<AttributePair> {
    const { datatype, access } = this.#parts;
    const addresses = [this.#parts.read, this.#parts.write] as const;
    const [readAt, writeAt] = await withDeadline(
      () => Promise.all([resolveAttribute(addresses[0]), resolveAttribute(addresses[1])]),
      { timeout, signal },
      `the database to find ${this.#place}`,
    );
    const isPair = readAt.member !== writeAt.member || memberTrl(readAt.device, "") !== memberTrl(writeAt.device, "");
    const read = new AttributeLink(readAt, datatype, isPair ? "read" : access);
    const write = isPair ? new AttributeLink(writeAt, datatype, "write") : read;
    try {
      await Promise.all([...new Set([read, write])].map((link) => link.configure({ timeout, signal })));
    } catch (error) {
      disposePair({ read, write });
      throw error;
    }
    return { read, write };
  }

  get #place(): string {
    const { device, member } = this.#parts.write;
    return device.device === "" ? member : `${device.device}/${member}`;
  }
}

function disposePair({ read, write }: AttributePair): void {
  for (const link of new Set([read, write])) link.dispose();
}

const isChoices = (datatype: unknown): boolean => Array.isArray(datatype) && typeof datatype[0] === "string";
