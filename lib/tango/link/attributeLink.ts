/**
 * An attribute in use, with the conversion of its values, which is made anew whenever its server was
 * restarted.
 */

import type { LostConnection } from "../../core/protocols/lostConnection";
import type { Reading } from "../../core/protocols/protocols";
import type { DataKeyBody } from "../../core/signal/signalBackend";
import type { DeadlineOptions } from "../../core/status/deadline";
import { TangoError } from "../tangoError";
import {
  type AttributeConversion,
  attributeConversion,
  attributeDatatype,
  attributeUnit,
} from "../values/attributeConversion";
import { type AttributeConfig, type AttributeValue, unixTime } from "../values/deviceIdl";
import { sameDatatype } from "../values/tangoDatatype";
import { rangeText, tangoValueText } from "../values/valueText";
import { announce, type EventContent, subscribeToEvents, type TangoEvent } from "./attributeEvents";
import type { DeviceProxy, DevSource } from "./deviceProxy";
import { acquireProxy } from "./proxyPool";
import { type DeviceAddress, deviceTrl, type MemberAddress } from "./trl";

/** Whether a signal reads its attribute, sets it, or both. */
export type AttributeAccess = "read" | "write" | "both";

/**
 * What the attribute was in one connection: after a restart, its server may have another attribute of this
 * name.
 */
interface Configured {
  readonly config: AttributeConfig;
  readonly conversion: AttributeConversion;
  readonly session: object;
}

/** The alarm severities of qualities. VALID and CHANGING raise no alarm. */
const SEVERITIES: Readonly<Partial<Record<AttributeValue["quality"], number>>> = { WARNING: 1, ALARM: 2, INVALID: -1 };

/** How often a subscription looks whether the connection to its server is lost. */
const WATCH_MS = 250;
/** How often a subscription is announced again: a server forgets it after 10 minutes. */
const RENEW_MS = 200_000;

/** Reads and sets one attribute, as its present configuration says. */
export class AttributeLink {
  /** `domain/family/member/attribute`. */
  readonly place: string;
  readonly #attribute: string;
  /** Begins the message of the error when a read fails. */
  readonly #whatRead: string;
  readonly #device: string;
  readonly #address: DeviceAddress;
  readonly #datatype: unknown;
  readonly #access: AttributeAccess;
  readonly #proxy: DeviceProxy;
  readonly #release: () => void;
  #configured: Configured | undefined;

  constructor({ device, member }: MemberAddress, datatype: unknown, access: AttributeAccess) {
    this.place = `${device.device}/${member}`;
    this.#attribute = member;
    this.#whatRead = `cannot read ${this.place}`;
    this.#device = deviceTrl(device);
    this.#address = device;
    this.#datatype = datatype;
    this.#access = access;
    const { item, release } = acquireProxy(device);
    this.#proxy = item;
    this.#release = release;
  }

  /** The connection to the device, while it is lost. */
  get lostConnection(): LostConnection | undefined {
    return this.#proxy.lostConnection;
  }

  /** Resolves if the device answers. */
  ping(options: DeadlineOptions): Promise<void> {
    return this.#proxy.ping({ ...options, what: `cannot reach ${this.#device}` });
  }

  /** The unit in the configuration that was last received; empty before. */
  get units(): string {
    return this.#configured ? attributeUnit(this.#configured.config) : "";
  }

  /** The digits after the decimal point in the configuration that was last received; undefined before. */
  get precision(): number | undefined {
    return this.#configured?.conversion.dataKey.precision ?? undefined;
  }

  /**
   * Asks the device for the configuration. Rejects if the attribute has not the datatype or access that the
   * signal needs.
   */
  async configure(options: DeadlineOptions): Promise<DataKeyBody> {
    return (await this.#configure(options)).conversion.dataKey;
  }

  /** Reads the attribute, from the device itself or from the polling buffer of its server. */
  read(source: DevSource, options: DeadlineOptions): Promise<Reading<unknown>> {
    return this.#read(source, options, (value, conversion) => this.#reading(value, conversion));
  }

  /** Reads the value that was last set. */
  readSet(options: DeadlineOptions): Promise<unknown> {
    return this.#read("DEV", options, (value, conversion) => conversion.decodeSet(value));
  }

  /** Not async, and calls nothing that is: a scan may read thousands of attributes at once. */
  #read<T>(
    source: DevSource,
    options: DeadlineOptions,
    use: (value: AttributeValue, conversion: AttributeConversion) => T,
  ): Promise<T> {
    const call = { timeout: options.timeout, signal: options.signal, what: this.#whatRead };
    return this.#proxy.readAttribute(this.#attribute, source, call).then(({ value, session }) => {
      const configured = this.#configured;
      if (configured?.session === session) return use(value, configured.conversion);
      return this.#configure(options).then(({ conversion }) => use(value, conversion));
    });
  }

  /**
   * Calls `report` with the value or the error of each event until the returned function is called, and
   * `lost` when the connection to the device is lost, which ends the subscription. Rejects if the device
   * sends no events of this kind.
   */
  async subscribe(
    kind: TangoEvent,
    report: (result: Reading<unknown> | Error) => void,
    lost: () => void,
    options: DeadlineOptions,
  ): Promise<() => void> {
    const source = { device: this.#address, proxy: this.#proxy, attribute: this.#attribute, kind };
    const take = (content: EventContent) => {
      if ("value" in content) void this.#decoded(content.value, options).then(report, report);
      else if ("error" in content) report(content.error);
      else void this.read("DEV", options).then(report, report);
    };
    const end = await subscribeToEvents(source, take, options);
    const { session } = this.#proxy;
    // The identity of the connection tells that the server was lost; it then knows nothing of subscriptions.
    const watch = setInterval(() => {
      if (this.#proxy.session === session && session !== undefined) return;
      stop();
      lost();
    }, WATCH_MS).unref();
    const renew = setInterval(() => void announce(source, { ...options, what: "" }).catch(() => {}), RENEW_MS).unref();
    const stop = () => {
      clearInterval(watch);
      clearInterval(renew);
      end();
    };
    return stop;
  }

  async #decoded(value: AttributeValue, options: DeadlineOptions): Promise<Reading<unknown>> {
    if (value.err_list.length > 0) throw new TangoError(`cannot read ${this.place}: ${value.err_list[0]?.desc}`);
    const { conversion } = await this.#configuredIn(this.#proxy.session, options);
    return this.#reading(value, conversion);
  }

  #reading(value: AttributeValue, conversion: AttributeConversion): Reading<unknown> {
    const reading: Reading<unknown> = { value: conversion.decode(value), timestamp: unixTime(value.time) };
    const severity = SEVERITIES[value.quality];
    if (severity === undefined) return reading;
    return { ...reading, alarm_severity: severity, message: `${this.place} has the quality ${value.quality}` };
  }

  /** Sets the attribute. Rejects with the limits and their unit if the value is outside of them. */
  async write(value: unknown, options: DeadlineOptions): Promise<void> {
    const { conversion, config } = await this.#configuredIn(this.#proxy.session, options);
    this.#checkMaySet(config);
    const what = `cannot set ${this.place} to ${tangoValueText(value, attributeUnit(config))}`;
    try {
      await this.#proxy.writeAttribute(conversion.encode(value), { ...options, what });
    } catch (error) {
      if (!(error instanceof TangoError) || error.reason !== "API_WAttrOutsideLimit") throw error;
      throw await this.#outsideLimits(what, error, options);
    }
  }

  dispose(): void {
    this.#release();
  }

  async #configuredIn(session: object | undefined, options: DeadlineOptions): Promise<Configured> {
    const configured = this.#configured;
    return session !== undefined && configured?.session === session ? configured : await this.#configure(options);
  }

  async #configure(options: DeadlineOptions): Promise<Configured> {
    const what = `cannot use ${this.place} (${this.#device})`;
    const { value: config, session } = await this.#proxy.attributeConfig(this.#attribute, { ...options, what });
    this.#checkAccess(config);
    this.#checkUnchanged(config, session);
    const configured = { config, conversion: attributeConversion(this.#datatype, config, this.place), session };
    this.#configured = configured;
    return configured;
  }

  #checkAccess(config: AttributeConfig): void {
    // An attribute that may no longer be set after a restart of its server can still be read.
    if (this.#access !== "read" && this.#configured === undefined) this.#checkMaySet(config);
    if (this.#access !== "write" && config.writable === "WRITE")
      throw new TangoError(`${this.place} can only be set: use tangoSignalW`);
  }

  #checkMaySet({ writable }: AttributeConfig): void {
    if (writable !== "WRITE" && writable !== "READ_WRITE")
      throw new TangoError(`${this.place} can only be read: use tangoSignalR`);
  }

  /** A signal of any type keeps that of its attribute: a restarted server may have another of the name. */
  #checkUnchanged(config: AttributeConfig, session: object): void {
    const before = this.#configured;
    if (this.#datatype !== null || before === undefined || before.session === session) return;
    if (!sameDatatype(attributeDatatype(config), attributeDatatype(before.config)))
      throw new TangoError(`${this.place} has changed its type since it was connected: make a new signal for it`);
  }

  /** Limits can be changed at any time, so the message is written with those of a new configuration. */
  async #outsideLimits(what: string, cause: TangoError, options: DeadlineOptions): Promise<TangoError> {
    const { config, conversion } = await this.#configure(options);
    const limits = rangeText(conversion.dataKey.limits?.control, attributeUnit(config));
    if (limits === "") return cause;
    return new TangoError(`${what}: the device allows ${limits}`, { errors: cause.errors, cause });
  }
}
