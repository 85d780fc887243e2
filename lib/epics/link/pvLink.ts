/** What a signal needs of its PV, over either protocol. */

import type { LostConnection } from "../../core/protocols/lostConnection";
import type { Reading } from "../../core/protocols/protocols";
import type { DataKeyBody, Field } from "../../core/signal/signalBackend";
import type { DeadlineOptions } from "../../core/status/deadline";
import type { EpicsError } from "../epicsError";
import type { PvUse } from "../values/pvUse";

/** A PV in use by a signal, with the conversion of its values. */
export interface PvLink {
  /** The unit of the value; empty if it has none. */
  readonly units: string;
  /** Digits after the decimal point; undefined if the record does not say. */
  readonly precision: number | undefined;
  readonly lostConnection: LostConnection | undefined;
  /** Asks the server for the units, limits and choices that it has now. */
  dataKey(signal: AbortSignal): Promise<DataKeyBody>;
  read(signal: AbortSignal): Promise<Reading>;
  /** Writes a value. With `wait` it resolves when the record has been processed. */
  write(value: unknown, wait: boolean, signal: AbortSignal): Promise<void>;
  /** Calls `report` with the present reading and each change, and with an error while there is none. */
  monitor(report: (reading: Reading | EpicsError) => void): () => void;
  /** The fields of a structure or table; null for other values. */
  fields(): ReadonlyMap<string, Field<unknown>> | null;
  /** Gives the PV back; the last user closes it. */
  release(): void;
}

/**
 * Connects a PV. Rejects with EpicsError if no server answers for it, or if it does not hold the datatype.
 */
export type OpenPvLink = (pv: string, use: PvUse, options: DeadlineOptions) => Promise<PvLink>;
