/** How a signal uses its PV. */

import type { EpicsDatatype } from "./epicsDatatype";

/** The datatype and the options with which a signal uses a PV. */
export interface PvUse {
  /** The datatype that the user asked for; null accepts what the PV holds. */
  readonly datatype: EpicsDatatype | null;
  /** Whether the value is the text that the server makes of it, with the precision of the record. */
  readonly asText: boolean;
  /**
   * Over pvAccess: how many updates the server may send ahead of those that were taken; undefined: any
   * number.
   */
  readonly pipeline?: number | undefined;
}
