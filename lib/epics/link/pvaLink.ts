/** A PV in use by a signal over pvAccess. */

import type { LostConnection } from "../../core/protocols/lostConnection";
import type { Reading } from "../../core/protocols/protocols";
import type { DataKeyBody, Field } from "../../core/signal/signalBackend";
import { withDeadline } from "../../core/status/deadline";
import { EpicsError } from "../epicsError";
import type { PvaChannel } from "../pva/pvaChannel";
import { acquirePvaChannel } from "../pva/pvaChannels";
import type { PvValue } from "../pva/pvaGet";
import type { StructureField } from "../pva/pvField";
import { cutPart, mayBeCut } from "../values/cutPart";
import { ntConversion, ntKind } from "../values/ntConversion";
import { ntControl, ntReading } from "../values/ntFacts";
import type { NtConversion } from "../values/ntRules";
import { numberFacts } from "../values/pvLimits";
import type { PvUse } from "../values/pvUse";
import type { OpenPvLink, PvLink } from "./pvLink";

/** Connects a PV over pvAccess. */
export const openPvaLink: OpenPvLink = async (pv, use, options) => {
  const { item: channel, release } = acquirePvaChannel(pv);
  try {
    await channel.connected(options);
    const first = await withDeadline((signal) => channel.read(signal), options, `the value of ${pv}`);
    return new PvaLink(channel, release, use, first);
  } catch (error) {
    release();
    throw error;
  }
};

class PvaLink implements PvLink {
  readonly release: () => void;
  readonly #channel: PvaChannel;
  readonly #use: PvUse;
  #type: StructureField;
  /** The fields of a reading; an empty list means all fields. */
  #fields: readonly string[];
  /** The session of the connection in which a whole value was read last. */
  #session: object;
  #conversion: NtConversion;
  /** The value that was received last: it has the units, limits and choices. */
  #last: PvValue;

  constructor(channel: PvaChannel, release: () => void, use: PvUse, first: PvValue) {
    this.#channel = channel;
    this.release = release;
    this.#use = use;
    this.#last = first;
    this.#session = first.session;
    this.#type = first.type;
    this.#fields = readingFields(first.type, use);
    this.#conversion = ntConversion(channel.name, first.type, first.value, use);
  }

  get units(): string {
    return ntControl(this.#last.value).units ?? "";
  }

  get precision(): number | undefined {
    return numberFacts(ntControl(this.#last.value)).precision ?? undefined;
  }

  get lostConnection(): LostConnection | undefined {
    return this.#channel.lostConnection;
  }

  async dataKey(signal: AbortSignal): Promise<DataKeyBody> {
    const now = await this.#channel.read(signal);
    return this.#conversionOf(now).dataKey(now.value);
  }

  async read(signal: AbortSignal): Promise<Reading> {
    const received = await this.#channel.read(signal, this.#fields);
    if (this.#fields.length === 0) return this.#reading(received);
    if (received.session !== this.#session) return this.#reading(await this.#readWhole(signal));
    const value = this.#conversion.decode(received.value);
    return ntReading(this.#channel.name, received.value, value);
  }

  async write(value: unknown, wait: boolean, signal: AbortSignal): Promise<void> {
    if (this.#channel.session !== this.#session) await this.#readWhole(signal);
    const fields = this.#conversion.encode(value, this.#last.value);
    await this.#channel.write(fields, wait, signal);
    if (wait && !this.#use.asText && mayBeCut(value)) await this.#checkKept(value, signal);
  }

  /** @throws EpicsError if the server has stored a part of the value, and reported success. */
  async #checkKept(value: unknown, signal: AbortSignal): Promise<void> {
    // A failure of this reading is ignored, since the value was set.
    const now = await this.read(signal).catch(() => undefined);
    const part = now && cutPart(value, now.value);
    if (part === undefined) return;
    throw new EpicsError(`${this.#channel.name} was set to ${part} only: its record has no room for more`);
  }

  monitor(report: (reading: Reading | EpicsError) => void): () => void {
    const onValue = (result: PvValue | EpicsError) =>
      report(result instanceof EpicsError ? result : this.#readingOrError(result));
    return this.#channel.monitor(onValue, { pipeline: this.#use.pipeline });
  }

  fields(): ReadonlyMap<string, Field<unknown>> | null {
    return this.#conversion.fields;
  }

  /**
   * Reads all fields, since after a reconnection only the whole structure shows whether this is another PV.
   */
  async #readWhole(signal: AbortSignal): Promise<PvValue> {
    const whole = await this.#channel.read(signal);
    this.#conversionOf(whole);
    this.#session = whole.session;
    return whole;
  }

  #reading(received: PvValue): Reading {
    const value = this.#conversionOf(received).decode(received.value);
    return ntReading(this.#channel.name, received.value, value);
  }

  #readingOrError(received: PvValue): Reading | EpicsError {
    try {
      return this.#reading(received);
    } catch (error) {
      if (error instanceof EpicsError) return error;
      throw error;
    }
  }

  /** The conversion for a value. After a restart of its IOC, the PV may have another type. */
  #conversionOf(received: PvValue): NtConversion {
    const { name } = this.#channel;
    const isAnother = received.session !== this.#last.session && ntKind(received) !== ntKind(this.#last);
    if (this.#use.datatype === null && isAnother)
      throw new EpicsError(`${name} has changed its type since it was connected: make a new signal for it`);
    this.#last = received;
    if (received.type === this.#type) return this.#conversion;
    this.#conversion = ntConversion(name, received.type, received.value, this.#use);
    this.#type = received.type;
    this.#fields = readingFields(received.type, this.#use);
    return this.#conversion;
  }
}

/**
 * The fields that a reading needs; units, limits and the other fields are many times larger. Texts need the
 * precision as well, and images and other structures need all fields.
 */
function readingFields({ id, fields }: StructureField, { asText, datatype }: PvUse): readonly string[] {
  const isPlain = ["NTScalar:", "NTScalarArray:", "NTEnum:"].some((name) => id.startsWith(`epics:nt/${name}`));
  if (!isPlain || asText || datatype === Object) return [];
  return ["value", "alarm", "timeStamp"].filter((name) => fields.has(name));
}
