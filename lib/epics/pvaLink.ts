/** A PV in use by a signal over pvAccess. */

import type { LostConnection } from "../core/protocols/lostConnection";
import type { Reading } from "../core/protocols/protocols";
import type { DataKeyBody, Field } from "../core/signal/signalBackend";
import { withDeadline } from "../core/status/deadline";
import { EpicsError } from "./epicsError";
import { ntConversion, ntKind } from "./ntConversion";
import { ntControl, ntReading } from "./ntFacts";
import type { NtConversion } from "./ntRules";
import type { PvaChannel } from "./pva/pvaChannel";
import { acquirePvaChannel } from "./pva/pvaChannelPool";
import type { PvValue } from "./pva/pvaGet";
import type { StructureField } from "./pva/pvField";
import type { OpenPvLink, PvLink, PvUse } from "./pvLink";

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
  #conversion: NtConversion;
  /** The value that was received last: it has the units, limits and choices. */
  #last: PvValue;

  constructor(channel: PvaChannel, release: () => void, use: PvUse, first: PvValue) {
    this.#channel = channel;
    this.release = release;
    this.#use = use;
    this.#last = first;
    this.#type = first.type;
    this.#conversion = ntConversion(channel.name, first.type, first.value, use);
  }

  get units(): string {
    return ntControl(this.#last.value).units ?? "";
  }

  get lostConnection(): LostConnection | undefined {
    return this.#channel.lostConnection;
  }

  async dataKey(signal: AbortSignal): Promise<DataKeyBody> {
    const now = await this.#channel.read(signal);
    return this.#conversionOf(now).dataKey(now.value);
  }

  async read(signal: AbortSignal): Promise<Reading> {
    return this.#reading(await this.#channel.read(signal));
  }

  async write(value: unknown, wait: boolean, signal: AbortSignal): Promise<void> {
    const fields = this.#conversion.encode(value, this.#last.value);
    await this.#channel.write(fields, wait, signal);
  }

  monitor(report: (reading: Reading | EpicsError) => void): () => void {
    const onValue = (result: PvValue | EpicsError) =>
      report(result instanceof EpicsError ? result : this.#readingOrError(result));
    return this.#channel.monitor(onValue, { pipeline: this.#use.pipeline });
  }

  fields(): ReadonlyMap<string, Field<unknown>> | null {
    return this.#conversion.fields;
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
    this.#last = received;
    if (received.type === this.#type) return this.#conversion;
    const { name } = this.#channel;
    if (this.#use.datatype === null && ntKind(received.type) !== ntKind(this.#type))
      throw new EpicsError(`${name} has changed its type since it was connected: make a new signal for it`);
    this.#conversion = ntConversion(name, received.type, received.value, this.#use);
    this.#type = received.type;
    return this.#conversion;
  }
}
