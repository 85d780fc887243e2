/** A PV in use by a signal over Channel Access. */

import type { LostConnection } from "../../core/protocols/lostConnection";
import type { Reading } from "../../core/protocols/protocols";
import type { DataKeyBody } from "../../core/signal/signalBackend";
import { acquireChannel } from "../ca/caChannels";
import type { CaReading } from "../ca/dbr";
import type { PvChannel, PvShape } from "../ca/pvChannel";
import { EpicsError } from "../epicsError";
import type { PvConversion } from "../values/conversionRules";
import type { EpicsDatatype } from "../values/epicsDatatype";
import { datatypeOf, pvConversion } from "../values/pvConversion";
import { numberFacts } from "../values/pvLimits";
import type { PvUse } from "../values/pvUse";
import type { OpenPvLink, PvLink } from "./pvLink";

/** The names of EPICS' alarm statuses, by number (alarm.h). */
const ALARMS =
  "NO_ALARM READ WRITE HIHI HIGH LOLO LOW STATE COS COMM TIMEOUT HWLIMIT CALC SCAN LINK SOFT BAD_SUB UDF DISABLE SIMM READ_ACCESS WRITE_ACCESS".split(
    " ",
  );

/** Connects a PV over Channel Access. */
export const openCaLink: OpenPvLink = async (pv, use, options) => {
  const { item: channel, release } = acquireChannel(pv);
  try {
    await channel.connected(options);
    const link = new CaLink(channel, release, use);
    // The getter throws if the PV does not hold the signal's datatype.
    void link.conversion;
    return link;
  } catch (error) {
    release();
    throw error;
  }
};

/**
 * Pairs a channel with its conversion, which is made anew whenever the PV was reconnected or its units,
 * limits or choices have changed.
 */
class CaLink implements PvLink {
  readonly release: () => void;
  readonly #channel: PvChannel;
  readonly #use: PvUse;
  /** The PV's own datatype when it was connected, if the user gave null. */
  #ownDatatype: EpicsDatatype | undefined;
  #shape: PvShape | undefined;
  #conversion: PvConversion | undefined;

  constructor(channel: PvChannel, release: () => void, use: PvUse) {
    this.#channel = channel;
    this.#use = use;
    this.release = release;
  }

  get units(): string {
    return this.#channel.shape.control.units ?? "";
  }

  get precision(): number | undefined {
    return numberFacts(this.#channel.shape.control).precision ?? undefined;
  }

  get lostConnection(): LostConnection | undefined {
    return this.#channel.lostConnection;
  }

  /**
   * The conversion for the present connection and the present units, limits and choices.
   *
   * @throws EpicsError if the PV does not hold the signal's datatype.
   */
  get conversion(): PvConversion {
    const { shape } = this.#channel;
    if (this.#conversion === undefined || this.#shape !== shape) {
      this.#conversion = this.#made(shape);
      this.#shape = shape;
    }
    return this.#conversion;
  }

  /** Asks the server each time, since not every server reports changes of units, limits and choices. */
  async dataKey(signal: AbortSignal): Promise<DataKeyBody> {
    await this.#channel.readShape(signal).catch((error: unknown) => {
      // Without the right to read the PV, its description stays as it was: a run then records that the value
      // is missing, and does not fail.
      if (this.#channel.mayRead) throw error;
    });
    return this.conversion.dataKey;
  }

  async read(signal: AbortSignal): Promise<Reading> {
    return this.#reading(await this.#channel.read(signal, this.#transferType()));
  }

  async write(value: unknown, wait: boolean, signal: AbortSignal): Promise<void> {
    const { conversion } = this;
    await this.#channel.write(conversion.encode(value), wait, signal, conversion.fieldType);
  }

  monitor(report: (reading: Reading | EpicsError) => void): () => void {
    const onReading = (result: CaReading | EpicsError) =>
      report(result instanceof EpicsError ? result : this.#readingOrError(result));
    return this.#channel.monitor(onReading, this.#transferType());
  }

  fields(): null {
    return null;
  }

  /** A reading with the alarm of the PV; the severity INVALID is -1 in readings. */
  #reading({ data, timestamp, severity, status }: CaReading): Reading {
    const value = this.conversion.decode(data);
    if (severity === 0) return { value, timestamp };
    const message = `${this.#channel.name} is in alarm: ${ALARMS[status] ?? status}`;
    return { value, timestamp, alarm_severity: severity > 2 ? -1 : severity, message };
  }

  #readingOrError(reading: CaReading): Reading | EpicsError {
    try {
      return this.#reading(reading);
    } catch (error) {
      if (error instanceof EpicsError) return error;
      throw error;
    }
  }

  /** The type to request; undefined for the PV's own, which may change at a reconnection. */
  #transferType(): number | undefined {
    return this.#use.asText ? this.conversion.fieldType : undefined;
  }

  #made(shape: PvShape): PvConversion {
    const { datatype, asText } = this.#use;
    if (datatype !== null || asText) return pvConversion(datatype, shape, asText);
    const { choices } = shape.control;
    // A running IOC may rename its labels; other labels after a restart mean that it is another PV.
    const renamed = choices !== undefined && this.#shape?.connection === shape.connection;
    if (this.#ownDatatype !== undefined && !renamed) this.#checkUnchanged(this.#ownDatatype, shape);
    this.#ownDatatype = choices && choices.length > 0 ? choices : datatypeOf(shape);
    return pvConversion(null, shape);
  }

  /** @throws EpicsError if the PV does not hold the datatype that it had before. */
  #checkUnchanged(datatype: EpicsDatatype, shape: PvShape): void {
    try {
      pvConversion(datatype, shape);
    } catch (cause) {
      const { name } = this.#channel;
      throw new EpicsError(`${name} has changed its type since it was connected: make a new signal for it`, { cause });
    }
  }
}
