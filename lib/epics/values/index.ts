/**
 * The values of PVs as TypeScript values and back, for both protocols.
 *
 * `pvConversion` and `enumConversion` convert what Channel Access sends, the files `nt...` the structures of
 * pvAccess, both by the `epicsDatatype` that the user asked for; `conversionRules` has the checks of values
 * that are set. This chapter uses the wire types of `ca/` and `pva/`, and never a connection. Begin reading
 * with `epicsDatatype`.
 */

export type { EpicsDatatype, EpicsValue } from "./epicsDatatype";
export { EpicsImage } from "./epicsImage";
