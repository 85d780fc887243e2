/** The pipes of a Tango device: blobs of named values that are read together. */

// Source: tango.idl of the Tango project, version 5 of the interface. Version 6 has no pipes any more.

import { enumeration, type IdlType, type IdlValue, sequence, string, struct } from "../giop/idlTypes";
import { attributeData, displayLevel, stringList, timeVal } from "./deviceIdl";

/** A named value of a blob, or a blob inside it. */
export interface PipeElement {
  readonly name: string;
  /** The values, as in an attribute; of the kind `none` if the element is a blob. */
  readonly value: IdlValue<typeof attributeData>;
  readonly inner_blob: readonly PipeElement[];
  readonly inner_blob_name: string;
}

/** The elements of a blob. The type refers to itself, since an element may be a blob. */
const pipeElements: IdlType<readonly PipeElement[]> = {
  minSize: 4,
  read: (from) => elementList.read(from),
  write: (to, value) => elementList.write(to, value),
  writeTypeCode: () => {
    throw new RangeError("a pipe cannot be sent as an any");
  },
};

const elementList: IdlType<readonly PipeElement[]> = sequence(
  struct("IDL:Tango/DevPipeDataElt:1.0", {
    name: string,
    value: attributeData,
    inner_blob: pipeElements,
    inner_blob_name: string,
  }),
);

/** The type of a pipe on the wire. */
export const pipeData = struct("IDL:Tango/DevPipeData:1.0", {
  name: string,
  time: timeVal,
  data_blob: struct("IDL:Tango/DevPipeBlob:1.0", { name: string, blob_data: pipeElements }),
});

/** What a pipe contains, and when its device made it. */
export type PipeData = IdlValue<typeof pipeData>;

/** The type of the configurations of pipes on the wire. */
export const pipeConfigs = sequence(
  struct("IDL:Tango/PipeConfig:1.0", {
    name: string,
    description: string,
    label: string,
    level: displayLevel,
    writable: enumeration("IDL:Tango/PipeWriteType:1.0", ["READ", "READ_WRITE", "UNKNOWN"]),
    extensions: stringList,
  }),
);

/** What a device reports about a pipe. */
export type PipeConfig = IdlValue<typeof pipeConfigs>[number];
