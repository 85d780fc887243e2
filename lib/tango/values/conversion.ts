// What an attribute holds as a TypeScript value, and back: by its configuration, for scalars, spectra and images.

import type { LimitRange } from "../../core/protocols/protocols";
import type { DataKeyBody } from "../../core/signal/signalBackend";
import { withUnits } from "../../display/number";
import { errorText } from "../../errors";
import type { NumberArray } from "../giop/cdr";
import { TangoError } from "../tangoError";
import { checkList, type Element, Misfit } from "./basicType";
import { elementOf } from "./basicTypes";
import { AttrArm, type AttributeConfig, type AttributeValue } from "./deviceIdl";
import { expectDatatype } from "./tangoDatatype";

/** How values of one attribute become ours and back. All throw TangoError, in words. */
export interface Conversion {
  readonly dataKey: DataKeyBody;
  /** What it is. */
  decode(value: AttributeValue): unknown;
  /** What was last set. */
  decodeSet(value: AttributeValue): unknown;
  encode(value: unknown): AttributeValue;
}

interface Size {
  readonly dim_x: number;
  readonly dim_y: number;
}

/** A list of elements in the order of the wire, with its size. */
interface Elements {
  readonly list: ArrayLike<unknown>;
  readonly size: Size;
}

/** The elements of an attribute, decoded: one, and those from `start` to before `end`. */
interface Decoded {
  at(index: number): unknown;
  slice(start: number, end: number): ArrayLike<unknown>;
}

/** How a format lays its elements out. */
interface Layout {
  readonly shape: DataKeyBody["shape"];
  /** In a sentence "holds ...". */
  readonly words: (element: Element) => string;
  /** From the type of one element to that of all. */
  readonly datatypes: (element: Element) => readonly unknown[];
  count(size: Size): number;
  /** The elements from `start` on as a value. */
  arrange(elements: Decoded, start: number, size: Size): unknown;
  /** @throws Misfit */
  flatten(value: unknown, element: Element): Elements;
}

/**
 * The conversion for an attribute.
 *
 * @param datatype null takes what the attribute holds.
 * @param place names the attribute in errors.
 * @throws TangoError where the attribute holds something else, naming what to write.
 */
export function conversionFor(datatype: unknown, config: AttributeConfig, place: string): Conversion {
  const element = elementOf(config.data_type, config.enum_labels);
  const layout = LAYOUTS[config.data_format];
  if (!element || !layout) throw new TangoError(`${place} is of type ${config.data_type}, which is not known here`);
  expectDatatype(datatype, layout.datatypes(element), place, `holds ${layout.words(element)}`);
  const arrange = (value: AttributeValue, start: number, size: Size) => {
    const list = elementsOf(value, element, place);
    const { length } = list;
    const count = layout.count(size);
    if (size.dim_x < 0 || size.dim_y < 0 || start + count > length) throw noValue(place, value);
    try {
      return layout.arrange(decoded(list, element, datatype), start, size);
    } catch (error) {
      throw error instanceof Misfit ? new TangoError(`cannot read ${place}: ${error.message}`) : error;
    }
  };
  return {
    dataKey: dataKeyOf(element, layout, config),
    decode: (value) => arrange(value, 0, value.r_dim),
    // What cannot be read reads as what was set.
    decodeSet: (value) =>
      config.writable === "WRITE"
        ? arrange(value, 0, value.r_dim)
        : arrange(value, layout.count(value.r_dim), value.w_dim),
    encode: (value) => attributeValue(encoded(value, element, layout, config, place), element, config),
  };
}

function elementsOf(value: AttributeValue, element: Element, place: string): ArrayLike<unknown> {
  const { arm, value: data } = value.value;
  if (arm === AttrArm.none) throw noValue(place, value);
  // A device tells its own state by an arm of its own.
  if (arm === AttrArm.state && element.arm === AttrArm.states) return [data];
  if (arm !== element.arm) throw new TangoError(`${place} sent something else than ${element.words}`);
  return data as ArrayLike<unknown>;
}

function noValue(place: string, { quality }: AttributeValue): TangoError {
  return new TangoError(`${place} has no value now (quality ${quality})`);
}

function encoded(value: unknown, element: Element, layout: Layout, config: AttributeConfig, place: string): Elements {
  try {
    return layout.flatten(value, element);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new TangoError(`cannot set ${place} to ${shown(value, unitOf(config))}: ${error.message}`);
  }
}

function attributeValue({ list, size }: Elements, element: Element, config: AttributeConfig): AttributeValue {
  return {
    value: { arm: element.arm, value: list },
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
    arrange: (elements, start) => elements.at(start),
    flatten: (value, element) => ({ list: element.encodeList([value]), size: { dim_x: 1, dim_y: 0 } }),
  },
  SPECTRUM: {
    shape: [null],
    words: ({ plural }) => `a spectrum of ${plural}`,
    datatypes: spectrumTypes,
    count: ({ dim_x }) => dim_x,
    arrange: (elements, start, { dim_x }) => elements.slice(start, start + dim_x),
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
    arrange: (elements, start, { dim_x, dim_y }) =>
      Array.from({ length: dim_x > 0 ? dim_y : 0 }, (_, y) =>
        elements.slice(start + y * dim_x, start + (y + 1) * dim_x),
      ),
    flatten: (value, element) => {
      const rows = Array.from(checkList(value), checkList);
      const width = rows[0]?.length ?? 0;
      if (rows.some((row) => row.length !== width)) throw new Misfit("use rows of the same length");
      const list = element.encodeList(rows.flatMap((row) => Array.from(row)));
      return { list, size: { dim_x: width, dim_y: rows.length } };
    },
  },
};

function spectrumTypes({ array, datatypes }: Element): readonly unknown[] {
  return array ? [array] : datatypes.map((datatype) => [datatype]);
}

/** Several numbers stay the typed array that came. */
function decoded(list: ArrayLike<unknown>, element: Element, datatype: unknown): Decoded {
  const at = (index: number) => element.decode(list[index], datatype);
  const numbers = element.array && ArrayBuffer.isView(list) ? (list as unknown as NumberArray) : null;
  return {
    at,
    slice: (start, end) =>
      numbers ? numbers.subarray(start, end) : Array.from({ length: end - start }, (_, i) => at(start + i)),
  };
}

function dataKeyOf(element: Element, { shape }: Layout, config: AttributeConfig): DataKeyBody {
  const units = unitOf(config);
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

/** Texts of the configuration that mean nothing say so in words. */
function limit(key: string, low: string, high: string): Record<string, LimitRange> {
  const range = { low: numberOf(low), high: numberOf(high) };
  return range.low === null && range.high === null ? {} : { [key]: range };
}

function numberOf(text: string): number | null {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Empty where there is none. */
export function unitOf({ unit }: AttributeConfig): string {
  return unit === "No unit" ? "" : unit;
}

/** A value in an error. */
export function shown(value: unknown, units: string): string {
  const text = typeof value === "object" ? (JSON.stringify(value, plain) ?? "") : errorText(value);
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return typeof value === "number" ? withUnits(short, units) : short;
}

/** `-10 mm to 10 mm`; empty where there are none. */
export function limitsText(range: LimitRange | undefined, units: string): string {
  const { low = null, high = null } = range ?? {};
  if (low !== null && high !== null) return `${shown(low, units)} to ${shown(high, units)}`;
  if (low !== null) return `${shown(low, units)} at least`;
  return high === null ? "" : `${shown(high, units)} at most`;
}

const LONGEST = 60;

/** What JSON has no words for. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  return ArrayBuffer.isView(value) ? Array.from((value as Uint8Array).subarray(0, LONGEST)) : value;
}
