/** What a signal wants of its PV. */

import type { EpicsDatatype } from "./epicsDatatype";

/** How a signal uses a PV. */
export interface PvUse {
  /** Null accepts what the PV holds. */
  readonly datatype: EpicsDatatype | null;
  /** Whether the value is the text that the server makes of it, with the precision of the record. */
  readonly asText: boolean;
  /**
   * Over pvAccess: how many updates the server may send ahead of those that were taken; undefined: any
   * number.
   */
  readonly pipeline?: number | undefined;
}
