/** The value of a Tango pipe as an object. */

import { dataKeyOf } from "../../core/protocols/dataKeyOf";
import type { DataKeyBody, Field } from "../../core/signal/signalBackend";
import { exactNumber } from "../../exactNumber";
import { encodedOf } from "./basicTypes";
import { AttributeDataType, type DevEncoded } from "./deviceIdl";
import type { PipeData, PipeElement } from "./pipeIdl";

/** The values of a pipe by their names: scalars, arrays, and objects for blobs inside the blob. */
export type TangoBlob = Readonly<Record<string, unknown>>;

/** The value of a pipe. A list of one element becomes a scalar: Tango sends both alike. */
export const blobOf = ({ data_blob }: PipeData): TangoBlob => objectOf(data_blob.blob_data);

/** The members of a blob by their names, so that each can be recorded under a key of its own. */
export function blobFields(blob: TangoBlob): ReadonlyMap<string, Field<TangoBlob>> {
  return new Map(
    Object.entries(blob).map(([name, value]) => [
      name,
      // While the device has not answered yet, there is no blob.
      { dataKey: blobMemberKey(value), pick: (now: TangoBlob | undefined) => now?.[name] },
    ]),
  );
}

const objectOf = (elements: readonly PipeElement[]): TangoBlob =>
  Object.fromEntries(elements.map((element) => [element.name, elementValue(element)]));

function elementValue({ value: { discriminator, value }, inner_blob }: PipeElement): unknown {
  if (discriminator === AttributeDataType.none) return objectOf(inner_blob);
  if (discriminator === AttributeDataType.state) return value;
  const isEncoded = discriminator === AttributeDataType.encoded;
  const list = isEncoded ? Array.from(value as ArrayLike<DevEncoded>, encodedOf) : (value as ArrayLike<unknown>);
  if (list.length !== 1) return list;
  const only = list[0];
  return typeof only === "bigint" ? exactNumber(only) : only;
}

/** The data key of a value in a blob. A list may have another length each time. */
const blobMemberKey = (value: unknown): DataKeyBody =>
  typeof value === "object" ? { dtype: "array", shape: [null] } : dataKeyOf(value);
