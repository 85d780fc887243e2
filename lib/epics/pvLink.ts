/** A PV in use by a signal, with the conversion of its values. */

import { EpicsError } from "./ca/epicsError";
import type { PvChannel, PvShape } from "./ca/pvChannel";
import type { EpicsDatatype } from "./epicsDatatype";
import { datatypeOf, type PvConversion, pvConversion } from "./pvConversion";

/**
 * Pairs a channel with its conversion, which is made anew whenever the PV was reconnected, since it may have
 * changed.
 */
export class PvLink {
  readonly channel: PvChannel;
  readonly #datatype: EpicsDatatype | null;
  /** The PV's own datatype when it was first connected, if the user's is null. */
  #ownDatatype: EpicsDatatype | undefined;
  #shape: PvShape | undefined;
  #conversion: PvConversion | undefined;

  constructor(channel: PvChannel, datatype: EpicsDatatype | null) {
    this.channel = channel;
    this.#datatype = datatype;
  }

  /**
   * The conversion for the present connection.
   *
   * @throws EpicsError if the PV does not hold the signal's datatype.
   */
  get conversion(): PvConversion {
    const { shape } = this.channel;
    if (this.#conversion === undefined || this.#shape !== shape) {
      this.#conversion = this.#ownDatatype
        ? this.#unchanged(this.#ownDatatype, shape)
        : pvConversion(this.#datatype, shape);
      if (this.#datatype === null) this.#ownDatatype ??= datatypeOf(shape);
      this.#shape = shape;
    }
    return this.#conversion;
  }

  /** The conversion for the datatype that the PV had before; throws EpicsError if it has another one now. */
  #unchanged(datatype: EpicsDatatype, shape: PvShape): PvConversion {
    try {
      return pvConversion(datatype, shape);
    } catch (cause) {
      const { name } = this.channel;
      throw new EpicsError(`${name} has changed its type since it was connected: make a new signal for it`, { cause });
    }
  }
}
