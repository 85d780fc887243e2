/**
 * Converts the values of an attribute to TypeScript and back, by its configuration, for scalars, spectra and
 * images.
 */

import type { LimitRange } from "../../core/protocols/protocols";
import type { DataKeyBody } from "../../core/signal/signalBackend";
import type { CdrNumbers } from "../giop/cdr";
import { TangoError } from "../tangoError";
import { type BasicType, checkList, MisfitError } from "./basicType";
import { basicTypeOf } from "./basicTypes";
import { type AttributeConfig, AttributeDataType, type AttributeValue } from "./deviceIdl";
import { expectDatatype } from "./tangoDatatype";
import { tangoValueText } from "./valueText";

/** The conversion of one attribute's values. All its methods throw TangoError with a message for the user. */
export interface AttributeConversion {
  readonly dataKey: DataKeyBody;
  /** The value that was read. */
  decode(value: AttributeValue): unknown;
  /** The value that was last set. */
  decodeSet(value: AttributeValue): unknown;
  /** The value to send. */
  encode(value: unknown): AttributeValue;
}

interface Size {
  readonly dim_x: number;
  readonly dim_y: number;
}

/** Elements in the order of the wire, with the dimensions of the attribute. */
interface Elements {
  readonly list: ArrayLike<unknown>;
  readonly size: Size;
}

/** Decodes elements of a list that was received. `slice` excludes `end`. */
interface ElementDecoder {
  at(list: ArrayLike<unknown>, index: number): unknown;
  slice(list: ArrayLike<unknown>, start: number, end: number): ArrayLike<unknown>;
}

/** How a data format (scalar, spectrum, image) arranges its elements. */
interface Layout {
  readonly shape: DataKeyBody["shape"];
  /** Completes the sentence "holds ...". */
  readonly words: (element: BasicType) => string;
  /** The datatypes that fit an attribute of this format with such elements, the recommended one first. */
  readonly datatypes: (element: BasicType) => readonly unknown[];
  /** The number of elements. */
  count(size: Size): number;
  /** Makes a value of the elements from `start` on. */
  arrange(list: ArrayLike<unknown>, decoder: ElementDecoder, start: number, size: Size): unknown;
  /** The elements of a value. @throws MisfitError for values that do not fit. */
  flatten(value: unknown, element: BasicType): Elements;
}

/**
 * Makes the conversion for an attribute.
 *
 * @param datatype the one that the user asked for; null accepts what the attribute holds.
 * @param place names the attribute in errors.
 * @throws TangoError if the attribute holds something else; the message names the datatype to use.
 */
export function attributeConversion(datatype: unknown, config: AttributeConfig, place: string): AttributeConversion {
  const element = basicTypeOf(config.data_type, config.enum_labels);
  const layout = LAYOUTS[config.data_format];
  if (!element || !layout) throw new TangoError(`${place} has the type ${config.data_type}, which is not supported`);
  expectDatatype(datatype, layout.datatypes(element), place, `holds ${layout.words(element)}`);
  const decoder = elementDecoder(element, datatype);
  const arrange = (value: AttributeValue, start: number, size: Size) => {
    const list = elementsOf(value, element, place);
    const { length } = list;
    const count = layout.count(size);
    if (size.dim_x < 0 || size.dim_y < 0 || start + count > length) throw noValue(place, value);
    try {
      return layout.arrange(list, decoder, start, size);
    } catch (error) {
      throw error instanceof MisfitError ? new TangoError(`cannot read ${place}: ${error.message}`) : error;
    }
  };
  return {
    dataKey: dataKeyOf(element, layout, config),
    decode: (value) => arrange(value, 0, value.r_dim),
    // A server answers reads of a write-only attribute with the value that was set.
    decodeSet: (value) =>
      config.writable === "WRITE"
        ? arrange(value, 0, value.r_dim)
        : arrange(value, layout.count(value.r_dim), value.w_dim),
    encode: (value) => attributeValue(encoded(value, element, layout, config, place), element, config),
  };
}

/** The recommended datatype of an attribute; null if none stands for it. */
export function attributeDatatype({ data_type, data_format, enum_labels }: AttributeConfig): unknown {
  const element = basicTypeOf(data_type, enum_labels);
  return (element && LAYOUTS[data_format]?.datatypes(element)[0]) ?? null;
}

function elementsOf(value: AttributeValue, element: BasicType, place: string): ArrayLike<unknown> {
  const { discriminator, value: data } = value.value;
  if (discriminator === AttributeDataType.none) throw noValue(place, value);
  // The attribute State is not sent as a list of one state, but has a discriminator of its own.
  if (discriminator === AttributeDataType.state && element.dataType === AttributeDataType.states) return [data];
  if (discriminator !== element.dataType) throw new TangoError(`${place} sent another type than ${element.words}`);
  return data as ArrayLike<unknown>;
}

function noValue(place: string, { quality }: AttributeValue): TangoError {
  return new TangoError(`${place} has no value at present (quality ${quality})`);
}

function encoded(value: unknown, element: BasicType, layout: Layout, config: AttributeConfig, place: string): Elements {
  try {
    return layout.flatten(value, element);
  } catch (error) {
    if (!(error instanceof MisfitError)) throw error;
    throw new TangoError(`cannot set ${place} to ${tangoValueText(value, attributeUnit(config))}: ${error.message}`);
  }
}

function attributeValue({ list, size }: Elements, element: BasicType, config: AttributeConfig): AttributeValue {
  return {
    value: { discriminator: element.dataType, value: list },
    quality: "VALID",
    data_format: config.data_format,
    time: { tv_sec: Math.floor(Date.now() / 1000), tv_usec: 0, tv_nsec: 0 },
    name: config.name,
    r_dim: { dim_x: 0, dim_y: 0 },
    w_dim: size,
    err_list: [],
  };
}

const LAYOUTS: Readonly<Partial<Record<AttributeConfig["data_format"], Layout>>> = {
  SCALAR: {
    shape: [],
    words: ({ words }) => words,
    datatypes: (element) => element.datatypes,
    count: () => 1,
    arrange: (list, decoder, start) => decoder.at(list, start),
    flatten: (value, element) => ({ list: element.encodeList([value]), size: { dim_x: 1, dim_y: 0 } }),
  },
  SPECTRUM: {
    shape: [null],
    words: ({ plural }) => `a spectrum of ${plural}`,
    datatypes: spectrumTypes,
    count: ({ dim_x }) => dim_x,
    arrange: (list, decoder, start, { dim_x }) => decoder.slice(list, start, start + dim_x),
    flatten: (value, element) => {
      const list = element.encodeList(value);
      return { list, size: { dim_x: list.length, dim_y: 0 } };
    },
  },
  IMAGE: {
    shape: [null, null],
    words: ({ plural }) => `an image of ${plural}`,
    datatypes: (element) => spectrumTypes(element).map((type) => [type]),
    count: ({ dim_x, dim_y }) => dim_x * dim_y,
    arrange: (list, decoder, start, { dim_x, dim_y }) =>
      Array.from({ length: dim_x > 0 ? dim_y : 0 }, (_, y) =>
        decoder.slice(list, start + y * dim_x, start + (y + 1) * dim_x),
      ),
    flatten: (value, element) => {
      const rows = Array.from(checkList(value), checkList);
      const width = rows[0]?.length ?? 0;
      if (rows.some((row) => row.length !== width)) throw new MisfitError("use rows of the same length");
      const list = element.encodeList(rows.flatMap((row) => Array.from(row)));
      return { list, size: { dim_x: width, dim_y: rows.length } };
    },
  },
};

function spectrumTypes({ array, datatypes }: BasicType): readonly unknown[] {
  return array ? [array] : datatypes.map((datatype) => [datatype]);
}

/** A slice of numbers is a view of the typed array that was received. */
function elementDecoder(element: BasicType, datatype: unknown): ElementDecoder {
  const at = (list: ArrayLike<unknown>, index: number) => element.decode(list[index], datatype);
  return {
    at,
    slice: (list, start, end) =>
      element.array && ArrayBuffer.isView(list)
        ? (list as unknown as CdrNumbers).subarray(start, end)
        : Array.from({ length: end - start }, (_, i) => at(list, start + i)),
  };
}

function dataKeyOf(element: BasicType, { shape }: Layout, config: AttributeConfig): DataKeyBody {
  const units = attributeUnit(config);
  const precision = /\.(\d+)[efg]$/i.exec(config.format)?.[1];
  const { min_alarm, max_alarm, min_warning, max_warning } = config.att_alarm;
  const limits = {
    ...limit("control", config.min_value, config.max_value),
    ...limit("warning", min_warning, max_warning),
    ...limit("alarm", min_alarm, max_alarm),
  };
  return {
    dtype: shape.length > 0 ? "array" : element.dtype,
    shape,
    ...(element.numpy ? { dtype_numpy: element.numpy } : {}),
    ...(element.choices ? { choices: element.choices } : {}),
    ...(units ? { units } : {}),
    ...(precision && element.dtype === "number" ? { precision: Number(precision) } : {}),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  };
}

/** Limits of the configuration as a part of a data key; empty if the configuration has none. */
function limit(key: string, low: string, high: string): Record<string, LimitRange> {
  const range = { low: numberOf(low), high: numberOf(high) };
  return range.low === null && range.high === null ? {} : { [key]: range };
}

/** The configuration writes a missing number as words, for example "Not specified". */
function numberOf(text: string): number | null {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** The unit of an attribute; empty if it has none. */
export function attributeUnit({ unit }: AttributeConfig): string {
  return unit === "No unit" ? "" : unit;
}
