/** The backend of signals of Tango pipes, which can be read only. */

import type { LostConnection } from "../core/protocols/lostConnection";
import type { Reading } from "../core/protocols/protocols";
import type { DataKeyBody, Field, ReadOptions, SignalBackend } from "../core/signal/signalBackend";
import { SignalConnector } from "../core/signal/signalConnector";
import { SoftSignalBackend } from "../core/signal/softSignal";
import type { DeadlineOptions } from "../core/status/deadline";
import { Status } from "../core/status/status";
import { UsageError } from "../errors";
import type { DeviceProxy } from "./link/deviceProxy";
import { type PollResult, poll, type TangoPolling } from "./link/poll";
import { acquireProxy } from "./link/proxyPool";
import { type MemberAddress, memberTrl } from "./link/trl";
import { TangoError } from "./tangoError";
import { PING_LIMIT, TIMEOUT } from "./tangoSignalBackend";
import { unixTime } from "./values/deviceIdl";
import { blobFields, blobOf, type TangoBlob } from "./values/pipeValue";

/** An open pipe. */
interface OpenPipe {
  readonly proxy: DeviceProxy;
  readonly release: () => void;
  /** Its content when it was connected, which has the names of its values. */
  readonly first: TangoBlob;
}

/** Reads a pipe, and polls it for the subscribers of its signal. */
export class TangoPipeBackend implements SignalBackend<TangoBlob> {
  readonly #address: MemberAddress;
  readonly #polling: TangoPolling;
  readonly #pipe: SignalConnector<OpenPipe, TangoBlob>;
  readonly units = "";

  constructor(address: MemberAddress, polling: TangoPolling) {
    this.#address = address;
    this.#polling = polling;
    this.#pipe = new SignalConnector<OpenPipe, TangoBlob>({
      place: this.#place,
      error: TangoError,
      open: (timeout, signal) => this.#open(timeout, signal),
      close: ({ release }) => release(),
      watch: ({ proxy }, report) => this.#watch(proxy, report as (result: PollResult) => void),
    });
  }

  source(): string {
    return memberTrl(this.#address.device, this.#address.member);
  }

  async connect(timeout = TIMEOUT): Promise<void> {
    await this.#pipe.connect(timeout);
  }

  getDataKey(): DataKeyBody {
    return { dtype: "array", shape: [] };
  }

  async getReading({ timeout = TIMEOUT, signal }: ReadOptions = {}): Promise<Reading<TangoBlob>> {
    return await this.#read(this.#pipe.connected.proxy, { timeout, signal });
  }

  async getSetpoint(): Promise<TangoBlob> {
    return (await this.getReading()).value;
  }

  put(): Status {
    return Status.failed(new UsageError(`cannot set ${this.#place}: pipes can only be read`));
  }

  setCallback(fn: ((reading: Reading<TangoBlob>) => void) | null): void {
    this.#pipe.setCallback(fn);
  }

  getFields(): ReadonlyMap<string, Field<TangoBlob>> | null {
    const { first } = this.#pipe.item ?? {};
    return first ? blobFields(first) : null;
  }

  lostConnection(): LostConnection | undefined {
    return this.#pipe.item?.proxy.lostConnection;
  }

  async pingConnection(): Promise<void> {
    const what = `cannot reach ${this.#address.device.device}`;
    await this.#pipe.connected.proxy.ping({ timeout: PING_LIMIT, what });
  }

  dispose(): void {
    this.#pipe.dispose();
  }

  mock(): SignalBackend<TangoBlob> {
    return new SoftSignalBackend<TangoBlob>({});
  }

  async #open(timeout: number, signal: AbortSignal): Promise<OpenPipe> {
    const { item: proxy, release } = acquireProxy(this.#address.device);
    try {
      const { value: first } = await this.#read(proxy, { timeout, signal });
      return { proxy, release, first };
    } catch (error) {
      release();
      throw error;
    }
  }

  async #read(proxy: DeviceProxy, { timeout, signal }: DeadlineOptions): Promise<Reading<TangoBlob>> {
    const what = `cannot read the pipe ${this.#place}`;
    const { value } = await proxy.readPipe(this.#address.member, { timeout, signal, what });
    return { value: blobOf(value), timestamp: unixTime(value.time) };
  }

  /** Polls the pipe, since few devices send events of pipes. */
  #watch(proxy: DeviceProxy, report: (result: PollResult) => void): () => void {
    const ended = new AbortController();
    const { signal } = ended;
    void poll(() => this.#read(proxy, { timeout: TIMEOUT, signal }), report, this.#polling, signal);
    return () => ended.abort();
  }

  get #place(): string {
    return `${this.#address.device.device}/${this.#address.member}`;
  }
}
