/** The format of a column of numbers, found from its values as they come. */

import { exponential, fixed, formatNumber, type NumberFormat, numberFormatOf, powerOfTen } from "./number";

/** The facts of a descriptor about the numbers of a field; each data key has this form. */
export interface NumberKey {
  readonly dtype?: string;
  /** Digits after the point. */
  readonly precision?: number | null | undefined;
  /** The SECoP datainfo as JSON text, which may have a `fmtstr`. */
  readonly SECOP_datainfo?: string | undefined;
}

/** The most digits after the point in a column whose precision is not known. */
const MOST_DECIMALS = 9;
/** The digits after the point up to which values count as typed by somebody. */
const MOST_TYPED = 6;
/** The most characters of numbers over more than three decades. */
const WIDTH_OF_DECADES = 10;
/** The most characters of other numbers. */
const WIDTH = 12;
/** A column with a larger ratio of highest to lowest spans decades. */
const DECADES = 1e3;

/**
 * The format that a descriptor gives to single values of a field; undefined if it gives none, so that values
 * have 5 significant digits.
 */
export function formatOfKey({ dtype, precision, SECOP_datainfo }: NumberKey): NumberFormat | undefined {
  const fmtstr = SECOP_datainfo === undefined ? undefined : fmtstrIn(SECOP_datainfo);
  const format = fmtstr === undefined ? undefined : numberFormatOf(fmtstr);
  if (format) return format;
  if (dtype === "integer" || typeof precision !== "number") return undefined;
  return (value) => formatNumber(value, precision);
}

/**
 * A column of numbers that grows. Its format depends only on the values so far and their order, so a live
 * table and the table of the result agree. A column may gain digits while rows come.
 */
export class NumberColumn {
  readonly #given: NumberFormat | undefined;
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;
  /** The size of the smallest value that is not 0, and of the largest. */
  #smallest = Number.POSITIVE_INFINITY;
  #largest = 0;
  #integers = true;
  /** The fewest digits after the point in which every value is exact; `MOST_TYPED` + 1 if there are none. */
  #typed = 0;
  /** The most digits after the point that the column has had. */
  #decimals = 0;

  /** @param key the facts of the descriptor, which count more than the values */
  constructor(key: NumberKey = {}) {
    this.#given = formatOfKey(key);
  }

  /** Takes the next value; values that are not finite numbers change nothing. */
  add(value: unknown): void {
    if (this.#given || typeof value !== "number" || !Number.isFinite(value)) return;
    if (!this.#widen(value)) return;
    if (this.#integers) return;
    const decimals = this.#fitting();
    if (decimals !== undefined && decimals > this.#decimals) this.#decimals = decimals;
  }

  /** The format for the values so far. */
  get format(): NumberFormat {
    if (this.#given) return this.#given;
    if (this.#integers || this.#largest === 0) return (value) => formatNumber(value);
    const decimals = this.#fitting();
    if (decimals === undefined) {
      const digits = this.#mantissa();
      return (value) => exponential(value, digits);
    }
    const shown = Math.max(decimals, Math.min(this.#decimals, this.#room()));
    return (value) => fixed(value, shown);
  }

  /** @returns whether anything changed that determines the format */
  #widen(value: number): boolean {
    const size = Math.abs(value);
    const [typed, integers] = [this.#typed, this.#integers];
    if (this.#integers && !Number.isSafeInteger(value)) this.#integers = false;
    while (this.#typed <= MOST_TYPED && !isExact(value, this.#typed)) this.#typed += 1;
    const wider =
      value < this.#low || value > this.#high || size > this.#largest || (size > 0 && size < this.#smallest);
    this.#low = Math.min(this.#low, value);
    this.#high = Math.max(this.#high, value);
    this.#largest = Math.max(this.#largest, size);
    if (size > 0) this.#smallest = Math.min(this.#smallest, size);
    return wider || typed !== this.#typed || integers !== this.#integers;
  }

  /** The digits after the point that fit these values; undefined if only powers of ten do. */
  #fitting(): number | undefined {
    const [ratio, power] = [this.#largest / this.#smallest, powerOfTen(this.#largest)];
    if (this.#typed <= MOST_TYPED && ratio <= 1e6 && power + 2 + this.#typed <= WIDTH_OF_DECADES) return this.#typed;
    const spread = this.#high - this.#low;
    const bySpread = spread > 0 ? (this.#largest / spread > 1e3 ? 2 : 3) - powerOfTen(spread) : 4 - power;
    const shows = ratio > DECADES || this.#smallest < 10 ** -bySpread ? 1 - powerOfTen(this.#smallest) : 0;
    const decimals = Math.max(0, bySpread, shows);
    if (this.#largest >= 1e7) return undefined;
    if (decimals <= this.#room()) return decimals;
    // Differences too small to be shown: `-267.15000004` is easier to read than `-2.6715000004e2`.
    return ratio <= DECADES && powerOfTen(this.#smallest) >= -3 ? this.#room() : undefined;
  }

  /** The digits after the point for which there is room. */
  #room(): number {
    const width = this.#largest / this.#smallest > DECADES ? WIDTH_OF_DECADES : WIDTH;
    return Math.min(MOST_DECIMALS, width - Math.max(1, powerOfTen(this.#largest) + 1) - 1);
  }

  #mantissa(): number {
    if (this.#largest / this.#smallest > DECADES) return 3;
    const spread = this.#high - this.#low;
    const digits = spread > 0 ? powerOfTen(this.#largest) - powerOfTen(spread) + 3 : 4;
    return Math.min(12, Math.max(3, digits));
  }
}

/** The format of all of these numbers. */
export function columnFormat(values: Iterable<unknown>, key?: NumberKey): NumberFormat {
  const column = new NumberColumn(key);
  for (const value of values) column.add(value);
  return column.format;
}

function isExact(value: number, decimals: number): boolean {
  const rounded = Math.round(value * 10 ** decimals) / 10 ** decimals;
  return Math.abs(value - rounded) <= 1e-12 * Math.abs(value);
}

function fmtstrIn(datainfo: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(datainfo);
    let info = parsed as { type?: unknown; members?: unknown; fmtstr?: unknown } | null;
    while (info?.type === "array") info = info.members as typeof info;
    if (info?.type !== "double" && info?.type !== "scaled") return undefined;
    return typeof info.fmtstr === "string" ? info.fmtstr : undefined;
  } catch {
    return undefined;
  }
}
