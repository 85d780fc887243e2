/** The request that begins an operation: which fields, and how. */

import type { PvaWriter } from "./pvaWriter";
import { fieldFor, writeValue } from "./pvData";
import { type PvField, structure } from "./pvField";
import { writeField } from "./pvFieldCodec";

export interface PvRequest {
  /** The names of fields; all fields if empty. */
  readonly fields?: readonly string[];
  /** Options of the record, for example `{ block: "true" }`. */
  readonly options?: Readonly<Record<string, string>>;
}

/** Writes a request as a structure of the form `record[block=true]field(value,alarm)`. */
export function writeRequest(to: PvaWriter, { fields: names = [], options }: PvRequest): void {
  const whole = structure("", new Map());
  const wanted = structure("", new Map(names.map((name) => [name, whole])));
  const fields = new Map<string, PvField>([["field", wanted]]);
  const record = options && { _options: options };
  const recordField = fieldFor(record);
  if (recordField) fields.set("record", recordField);
  const request = structure("", fields);
  writeField(to, request);
  writeValue(to, request, { record });
}
