/** Converts the images of detectors ("NTNDArray"). */

import { EpicsError } from "../epicsError";
import type { PvStructure } from "../pva/pvData";
import type { StructureField } from "../pva/pvField";
import { codeOfArray, type PvArray, SCALARS } from "../pva/pvScalar";
import { conversionRefusal, expectType } from "./conversionRules";
import type { EpicsDatatype } from "./epicsDatatype";
import { EpicsImage } from "./epicsImage";
import { factsOf, type NtConversion } from "./ntRules";

/** The conversion of an image. @throws EpicsError if the datatype is not `EpicsImage` or null. */
export function imageConversion(datatype: EpicsDatatype | null, name: string, type: StructureField): NtConversion {
  expectType(datatype, [EpicsImage], { name }, "an image: use EpicsImage");
  return {
    fields: null,
    dataKey: (structure) => {
      // The bytes of a compressed image do not show the type of its numbers.
      const code = codecOf(structure) === "" ? codeOfArray(structure.value) : undefined;
      const numpy = code === undefined ? {} : { dtype_numpy: SCALARS[code].numpy };
      const { length } = (structure.dimension ?? []) as readonly unknown[];
      return { dtype: "array", shape: Array.from({ length: Math.max(1, length) }, () => null), ...numpy };
    },
    decode: (structure) => imageIn(name, structure),
    encode: (value) => {
      const { shape, data } = value as Partial<EpicsImage>;
      const isImage = Array.isArray(shape) && codeOfArray(data) !== undefined && type.fields.has("dimension");
      if (!isImage || shape.reduce((a, b) => a * b, 1) !== data?.length || !data)
        throw conversionRefusal(
          "this value",
          factsOf(name, {}),
          "use new EpicsImage(shape, data) with as many numbers",
        );
      const dimension = shape
        .toReversed()
        .map((size) => ({ size, offset: 0, fullSize: size, binning: 1, reverse: false }));
      const bytes = data.byteLength;
      return new Map<string, unknown>([
        ["value", data],
        ["compressedSize", bytes],
        ["uncompressedSize", bytes],
        ["dimension", dimension],
      ]);
    },
  };
}

/** The name of the compression; empty if there is none. */
function codecOf({ codec }: PvStructure): string {
  const name = (codec as PvStructure | undefined)?.name;
  return typeof name === "string" ? name : "";
}

/** @throws EpicsError if the image is compressed, or its size is not that of its data. */
function imageIn(name: string, structure: PvStructure): EpicsImage {
  const codec = codecOf(structure);
  if (codec !== "")
    throw new EpicsError(`cannot read ${name}: its images are compressed (${codec}): switch the compression off`);
  const data = structure.value ?? new Uint8Array(0);
  if (codeOfArray(data) === undefined)
    throw new EpicsError(`cannot read ${name}: its images do not consist of numbers`);
  const numbers = data as PvArray;
  const dimensions = (structure.dimension ?? []) as readonly (PvStructure | undefined)[];
  const shape = dimensions.map((dimension) => Number(dimension?.size ?? 0)).toReversed();
  if (shape.length === 0) return new EpicsImage([numbers.length], numbers);
  if (shape.reduce((a, b) => a * b, 1) !== numbers.length)
    throw new EpicsError(
      `cannot read ${name}: the image should be ${shape.join(" x ")}, but has ${numbers.length} numbers`,
    );
  return new EpicsImage(shape, numbers);
}
