// An attribute in use. What it holds may be another thing after a restart of its server, so the conversion belongs to one session.

import type { Reading } from "../../core/protocols/protocols";
import type { DataKeyBody } from "../../core/signal/signalBackend";
import type { DeadlineOptions } from "../../core/status/deadline";
import { TangoError } from "../tangoError";
import { type Conversion, conversionFor, limitsText, shown, unitOf } from "../values/conversion";
import type { AttributeConfig, AttributeValue } from "../values/deviceIdl";
import type { DeviceProxy, DevSource } from "./deviceProxy";
import { acquireProxy } from "./proxyPool";
import { deviceTrl, type MemberAddress } from "./trl";

/** What a signal does with its attribute. */
export type Access = "read" | "write" | "both";

/** A value that is, with the one that was last set. */
export interface AttributeReading {
  readonly reading: Reading<unknown>;
  readonly set: () => unknown;
}

interface Configured {
  readonly config: AttributeConfig;
  readonly conversion: Conversion;
  readonly session: object;
}

/** Whether a quality other than VALID is worse, as alarm severity. A value that is changing is a value. */
const SEVERITIES: Readonly<Partial<Record<AttributeValue["quality"], number>>> = { WARNING: 1, ALARM: 2, INVALID: -1 };

export class AttributeLink {
  /** `domain/family/member/attribute`. */
  readonly place: string;
  readonly #attribute: string;
  readonly #device: string;
  readonly #datatype: unknown;
  readonly #access: Access;
  readonly #proxy: DeviceProxy;
  readonly #release: () => void;
  #configured: Configured | null = null;

  constructor({ device, member }: MemberAddress, datatype: unknown, access: Access) {
    this.place = `${device.device}/${member}`;
    this.#attribute = member;
    this.#device = deviceTrl(device);
    this.#datatype = datatype;
    this.#access = access;
    const { item, release } = acquireProxy(device);
    this.#proxy = item;
    this.#release = release;
  }

  /** As last told; empty before. */
  get units(): string {
    return this.#configured ? unitOf(this.#configured.config) : "";
  }

  /** Asks what the attribute is. Rejects where it is not what was asked for. */
  async configure(options: DeadlineOptions): Promise<DataKeyBody> {
    return (await this.#configure(options)).conversion.dataKey;
  }

  async read(source: DevSource, options: DeadlineOptions): Promise<AttributeReading> {
    const call = { ...options, what: `cannot read ${this.place}` };
    const { value, session } = await this.#proxy.readAttribute(this.#attribute, source, call);
    const { conversion } = await this.#of(session, options);
    const { tv_sec, tv_usec, tv_nsec } = value.time;
    const timestamp = tv_sec + tv_usec / 1e6 + tv_nsec / 1e9;
    const reading: Reading<unknown> = { value: conversion.decode(value), timestamp };
    const severity = SEVERITIES[value.quality];
    const alarm = { alarm_severity: severity ?? 0, message: `${this.place} has the quality ${value.quality}` };
    return {
      reading: severity === undefined ? reading : { ...reading, ...alarm },
      set: () => conversion.decodeSet(value),
    };
  }

  async write(value: unknown, options: DeadlineOptions): Promise<void> {
    const { conversion, config } = await this.#of(this.#proxy.session, options);
    const what = `cannot set ${this.place} to ${shown(value, unitOf(config))}`;
    try {
      await this.#proxy.writeAttribute(conversion.encode(value), { ...options, what });
    } catch (error) {
      if (!(error instanceof TangoError) || error.reason !== "API_WAttrOutsideLimit") throw error;
      // Limits can be changed at any time, so they are asked for again.
      throw await this.#outside(what, error, options);
    }
  }

  dispose(): void {
    this.#release();
  }

  async #of(session: object | null, options: DeadlineOptions): Promise<Configured> {
    const configured = this.#configured;
    return session !== null && configured?.session === session ? configured : await this.#configure(options);
  }

  async #configure(options: DeadlineOptions): Promise<Configured> {
    const what = `cannot use ${this.place} (${this.#device})`;
    const { value: configs, session } = await this.#proxy.attributeConfigs([this.#attribute], { ...options, what });
    const [config] = configs;
    if (!config) throw new TangoError(`${what}: its device does not tell what it is`);
    this.#check(config);
    const configured = { config, conversion: conversionFor(this.#datatype, config, this.place), session };
    this.#configured = configured;
    return configured;
  }

  #check({ writable }: AttributeConfig): void {
    if (this.#access !== "read" && writable !== "WRITE" && writable !== "READ_WRITE")
      throw new TangoError(`${this.place} can only be read: use tangoSignalR`);
    if (this.#access !== "write" && writable === "WRITE")
      throw new TangoError(`${this.place} can only be set: use tangoSignalW`);
  }

  async #outside(what: string, cause: TangoError, options: DeadlineOptions): Promise<TangoError> {
    const { config, conversion } = await this.#configure(options);
    const limits = limitsText(conversion.dataKey.limits?.control, unitOf(config));
    if (limits === "") return cause;
    return new TangoError(`${what}: the device allows ${limits}`, { errors: cause.errors, cause });
  }
}
