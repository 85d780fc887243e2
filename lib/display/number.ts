/**
 * Numbers for reading, written the same way in tables, results, panels and words: significant digits only,
 * and never `0.000` for a value that is not 0.
 */

/** Writes every number of one column the same way. */
export type NumberFormat = (value: number) => string;

/** Significant digits if no precision is given. */
const SIGNIFICANT = 5;
/** Numbers from this one on, other than whole ones, are written with a power of ten. */
const LARGE = 1e6;
/** Numbers below this one are written with a power of ten if no precision is given. */
const SMALL = 1e-3;
/** Digits after the point at most if a precision is given. */
const MOST_DECIMALS = 12;

/**
 * One number: with `precision` digits after the point if given, else with 5 significant digits; whole numbers
 * up to 2^53 with all digits. Powers of ten are written as one types them: `2.3e-4`.
 */
export function formatNumber(value: number, precision?: number | null): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  if (typeof precision === "number") return withPrecision(value, precision);
  if (Number.isSafeInteger(value)) return String(value === 0 ? 0 : value);
  const size = Math.abs(value);
  if (size >= LARGE || size < SMALL) return exponential(value, SIGNIFICANT - 1).replace(/\.?0+e/, "e");
  return String(Number(value.toPrecision(Math.max(SIGNIFICANT, powerOfTen(size) + 1))));
}

/** The format of a SECoP `fmtstr`, `%.nf`, `%.ne` or `%.ng`; undefined for any other text. */
export function numberFormatOf(fmtstr: string): NumberFormat | undefined {
  const [, digits, kind] = /^%\.(\d{1,2})([efg])$/.exec(fmtstr) ?? [];
  if (kind === "f") return (value) => formatNumber(value, Number(digits));
  if (kind === "e") return (value) => (Number.isFinite(value) ? exponential(value, Number(digits)) : nonFinite(value));
  if (kind === "g") return general(Math.max(1, Number(digits)));
  return undefined;
}

/** A value with its uncertainty, of which 2 digits are shown: `12.414 ± 0.013 K`. */
export function formatUncertain(value: number, uncertainty: number | undefined, units?: string | null): string {
  if (uncertainty === undefined || !(uncertainty > 0) || !Number.isFinite(uncertainty)) {
    return formatQuantity(value, units);
  }
  const decimals = 1 - powerOfTen(Number(uncertainty.toPrecision(2)));
  if (decimals >= 0 && decimals <= 6 && Math.abs(value) < LARGE) {
    return withUnits(`${fixed(value, decimals)} ± ${uncertainty.toFixed(decimals)}`, units);
  }
  const power = powerOfTen(Math.max(Math.abs(value), uncertainty));
  const digits = Math.min(MOST_DECIMALS, Math.max(0, power + decimals));
  const scaled = (number: number): string => fixed(Number(`${number}e${-power}`) || number / 10 ** power, digits);
  return withUnits(`(${scaled(value)} ± ${scaled(uncertainty)})e${power}`, units);
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
  if (prefix === undefined) return exponential(rounded, digits - 1).replace(/\.?0+e/, "e");
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
export function powerOfTen(size: number): number {
  return size === 0 ? 0 : Math.floor(Math.log10(Math.abs(size)) + 1e-12);
}

/** A number with this many digits after the point, without the sign of a negative zero. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  const text = value.toFixed(Math.min(Math.max(Math.trunc(decimals), 0), MOST_DECIMALS));
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** A number with a power of ten and this many digits after the point: `1.234e-2`. */
export function exponential(value: number, digits: number): string {
  if (!Number.isFinite(value)) return nonFinite(value);
  return value === 0 ? "0" : value.toExponential(digits).replace("e+", "e");
}

function withPrecision(value: number, precision: number): string {
  const decimals = Math.min(Math.max(Math.trunc(precision), 0), MOST_DECIMALS);
  const size = Math.abs(value);
  if (size > 0 && size < 0.5 * 10 ** -decimals) {
    // 0.1 is easier to read than 1.0e-1; from 0.01 downwards the power is shorter.
    return size >= 0.01 ? String(Number(value.toPrecision(2))) : exponential(value, 1);
  }
  if (size >= 1e9 && !Number.isSafeInteger(value)) {
    return exponential(value, Math.min(MOST_DECIMALS, Math.max(3, decimals + powerOfTen(size)))).replace(/\.?0+e/, "e");
  }
  if (decimals > 6 && size > 0 && size < SMALL) return exponential(value, Math.max(0, decimals + powerOfTen(size)));
  return fixed(value, decimals);
}

/** A number of things: `1 row`, `16 rows`. */
export const counted = (count: number, what: string): string => `${count} ${plural(count, what)}`;

/** A word for one thing or, with an `s`, for another number of them. */
export const plural = (count: number, what: string): string => (count === 1 ? what : `${what}s`);

/** A size for people: `12 kB`, `3.4 MB`, `1.2 GB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1000)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Like `%g` in C: significant digits without zeros at the end, and a power of ten where that is shorter. */
function general(digits: number): NumberFormat {
  return (value) => {
    if (!Number.isFinite(value)) return nonFinite(value);
    const text = value.toExponential(digits - 1);
    const power = Number(text.split("e")[1]);
    if (power >= -4 && power < digits) return String(Number(text));
    return text.replace(/\.?0+e/, "e").replace("e+", "e");
  };
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "∞" : "-∞";
}
