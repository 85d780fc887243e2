/** What the conversions of all structures of pvAccess share. */

import type { DataKeyBody, Field } from "../../core/signal/signalBackend";
import type { PvStructure } from "../pva/pvData";
import type { FieldValues } from "../pva/pvWrite";
import type { PvFacts } from "./conversionRules";
import { ntControl } from "./ntFacts";

/**
 * The conversion of one type. `structure` is the last one that was received: it has the units, limits and
 * choices. All methods throw EpicsError with a message for the user.
 */
export interface NtConversion {
  dataKey(structure: PvStructure): DataKeyBody;
  decode(structure: PvStructure): unknown;
  /** The fields to write. */
  encode(value: unknown, structure: PvStructure): FieldValues;
  /** The fields of a structure or table; null for other values. */
  readonly fields: ReadonlyMap<string, Field<unknown>> | null;
}

/** What a structure says about its values; pvAccess has no largest number of elements. */
export const factsOf = (name: string, structure: PvStructure): PvFacts => ({
  name,
  count: Number.POSITIVE_INFINITY,
  control: ntControl(structure),
});
