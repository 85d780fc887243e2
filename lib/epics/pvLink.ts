/** A PV in use by a signal, with the conversion of its values. */

import { EpicsError } from "./ca/epicsError";
import type { PvChannel, PvShape } from "./ca/pvChannel";
import type { PvConversion } from "./conversionRules";
import type { EpicsDatatype } from "./epicsDatatype";
import { datatypeOf, pvConversion } from "./pvConversion";

/**
 * Pairs a channel with its conversion, which is made anew whenever the PV was reconnected or its units,
 * limits or choices have changed.
 */
export class PvLink {
  readonly channel: PvChannel;
  readonly #datatype: EpicsDatatype | null;
  readonly #asText: boolean;
  /** The PV's own datatype when it was first connected, if the user's is null. */
  #ownDatatype: EpicsDatatype | undefined;
  #shape: PvShape | undefined;
  #conversion: PvConversion | undefined;

  constructor(channel: PvChannel, datatype: EpicsDatatype | null, asText: boolean) {
    this.channel = channel;
    this.#datatype = datatype;
    this.#asText = asText;
  }

  /**
   * The conversion for the present connection and the present units, limits and choices.
   *
   * @throws EpicsError if the PV does not hold the signal's datatype.
   */
  get conversion(): PvConversion {
    const { shape } = this.channel;
    if (this.#conversion === undefined || this.#shape !== shape) {
      this.#conversion = this.#made(shape);
      this.#shape = shape;
    }
    return this.#conversion;
  }

  #made(shape: PvShape): PvConversion {
    if (this.#datatype !== null || this.#asText) return pvConversion(this.#datatype, shape, this.#asText);
    const { choices } = shape.control;
    // The labels of a running IOC may be renamed; after a restart, others mean another PV.
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
      const { name } = this.channel;
      throw new EpicsError(`${name} has changed its type since it was connected: make a new signal for it`, { cause });
    }
  }
}
