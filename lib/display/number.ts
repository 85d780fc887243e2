/** Numbers for reading: significant digits only, and never `0.000` for a value that is not 0. */

/** Writes every number of one column the same way. */
export type NumberFormat = (value: number) => string;

/** What is known about the numbers of a column. */
export interface NumberRange {
  /** Significant digits after the decimal point. */
  readonly precision?: number | null | undefined;
  readonly low?: number;
  readonly high?: number;
  /** Whether all of them are whole numbers. */
  readonly integers?: boolean;
}

/** Significant digits if no precision is given. */
const SIGNIFICANT = 5;
/** Numbers from this one on are written with a power of ten. */
const LARGE = 1e7;
/** Digits after the decimal point at most, if no precision is given. */
const MOST_DECIMALS = 6;

/**
 * One number: with `precision` digits after the point if given, else with 5 significant digits; whole numbers
 * up to 2^53 with all digits.
 */
export function formatNumber(value: number, precision?: number | null): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  if (typeof precision === "number") return fixed(value, precision);
  if (Number.isSafeInteger(value)) return String(value);
  if (Math.abs(value) >= LARGE || Math.abs(value) < 1e-4) return exponential(value, SIGNIFICANT - 1);
  return String(Number(value.toPrecision(SIGNIFICANT)));
}

/** The format of a column: the same number of digits in every row, enough to show how the values differ. */
export function numberFormat(range: NumberRange): NumberFormat {
  const { precision, low = Number.NaN, high = Number.NaN, integers } = range;
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (typeof precision === "number") {
    const visible = size >= 10 ** -precision && size < 1e9;
    return (value) => (visible ? plain(value, precision) : formatNumber(value, precision));
  }
  if (integers) return (value) => formatNumber(value);
  if (!Number.isFinite(size)) return (value) => formatNumber(value);
  const spread = high > low ? high - low : size;
  const step = power(spread) - 3;
  if (size >= LARGE || -step > MOST_DECIMALS) {
    const digits = Math.min(12, Math.max(3, power(size) - step));
    return (value) => (Number.isFinite(value) ? exponential(value, digits) : nonFinite(value));
  }
  const decimals = size === 0 ? 0 : Math.max(0, -step);
  return (value) => plain(value, decimals);
}

const PREFIXES = ["p", "n", "µ", "m", "", "k", "M", "G", "T"];

/**
 * A number with a prefix instead of zeros, for sums and maxima: `9.61 k`, `12.5`, `3.2 n`. `digits` are
 * significant digits.
 */
export function siNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const rounded = Number(value.toPrecision(digits));
  if (rounded === 0) return "0";
  const power = Math.floor(Math.log10(Math.abs(rounded)) / 3);
  const prefix = PREFIXES[power + 4];
  if (prefix === undefined) return exponential(rounded, digits - 1);
  if (power === 0 || (power === -1 && Math.abs(rounded) >= 0.01)) return String(rounded);
  return `${Number((rounded / 10 ** (power * 3)).toPrecision(digits))} ${prefix}`.trim();
}

/** Units that can have a prefix: `3 mA`, but `3 m counts`. */
const PREFIXABLE = /^(A|V|W|Hz|Pa|bar|J|N|F|C|T|G|m|s|g|K|eV|Ω|Ohm|ohm|Bq|L|l|H|S|Wb)(?![A-Za-z])/;

/** The same with its unit: `1.2 nA`, `9.61 k counts/s`. */
export function siQuantity(value: number, units: string | null | undefined, digits = 3): string {
  const number = siNumber(value, digits);
  const prefixed = /[A-Za-zµ]$/.test(number) && Number.isFinite(value);
  return prefixed && units && PREFIXABLE.test(units) ? number + units : withUnits(number, units);
}

/** A number with its unit, if it has one: `12.41 K`. */
export function formatQuantity(value: number, units?: string | null, precision?: number | null): string {
  return withUnits(formatNumber(value, precision), units);
}

/** Appends the unit to a number that is text already. */
export function withUnits(text: string, units?: string | null): string {
  return units ? `${text} ${units}` : text;
}

/** The power of ten of the first digit of a number. */
function power(size: number): number {
  return size === 0 ? 0 : Math.floor(Math.log10(size) + 1e-9);
}

function fixed(value: number, precision: number): string {
  const decimals = Math.min(Math.max(Math.trunc(precision), 0), 12);
  if (decimals === 0 && Number.isSafeInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e9 || (size > 0 && size < 0.5 * 10 ** -decimals)) return exponential(value, 3);
  if (size > 0 && size < 1e-4 && decimals > MOST_DECIMALS) {
    return exponential(value, Math.max(0, decimals + power(size)));
  }
  return plain(value, decimals);
}

/** A number without a power of ten: one that is small beside others of its column is written as 0. */
function plain(value: number, precision: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const text = value.toFixed(Math.min(Math.max(Math.trunc(precision), 0), 12));
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

function exponential(value: number, digits: number): string {
  if (value === 0) return "0";
  return value
    .toExponential(digits)
    .replace(/\.?0+e/, "e")
    .replace("e+", "e");
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "∞" : "-∞";
}
