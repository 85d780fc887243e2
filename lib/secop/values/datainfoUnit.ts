/** The unit of a value by its datainfo. */

import type { Datainfo } from "./datainfo";

/**
 * The unit of a value; empty if it has none.
 *
 * @param mainUnit replaces "$" in the unit (SECoP: the unit of the module's `value`).
 */
export function datainfoUnit(info: Datainfo, mainUnit = ""): string {
  return "unit" in info ? (info.unit ?? "").replaceAll("$", mainUnit) : "";
}
