/** The request that begins an operation: which fields, and how. */

import type { PvaWriter } from "./pvaWriter";
import { fieldFor, writeValue } from "./pvData";
import { type PvField, structure } from "./pvField";
import { writeField } from "./pvFieldCodec";

export interface PvRequest {
  /** A path such as `value` or `value.index`; all fields if empty. */
  readonly field?: string;
  /** Options of the record, for example `{ block: "true" }`. */
  readonly options?: Readonly<Record<string, string>>;
}

/** Writes a request as a structure of the form `record[block=true]field(value)`. */
export function writeRequest(to: PvaWriter, { field = "", options }: PvRequest): void {
  const names = field === "" ? [] : field.split(".");
  let wanted: PvField = structure("", new Map());
  for (const name of names.toReversed()) wanted = structure("", new Map([[name, wanted]]));
  const fields = new Map<string, PvField>([["field", wanted]]);
  const record = options && { _options: options };
  const recordField = fieldFor(record);
  if (recordField) fields.set("record", recordField);
  const request = structure("", fields);
  writeField(to, request);
  writeValue(to, request, { record });
}
