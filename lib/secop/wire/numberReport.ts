/**
 * The data report of a number with its time, which is most of what nodes send, read without a JSON parser.
 */

/** A value and its time. The same object is used for all reports, so its members must be read at once. */
export interface NumberReport {
  value: number;
  /** The time as the node wrote it, in Unix seconds. */
  t: number;
}

const report: NumberReport = { value: 0, t: 0 };
const POINT = 46;
const MINUS = 45;
const ZERO = 48;
const BRACKET = 91;
const NINE = 57;
const COMMA = 44;
const SPACE = 32;
const T_KEY = '{"t":';
/** The powers of ten that doubles hold exactly. */
const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);

/** The index after the number that was read last. */
let end = 0;

/**
 * Reads `[1.5, {"t": 1795325308.25}]`. Undefined for anything else, which the JSON parser has to read, in
 * several times as long.
 */
export function numberReport(json: string): NumberReport | undefined {
  const value = json.charCodeAt(0) === BRACKET ? numberAt(json, 1) : undefined;
  if (value === undefined || json.charCodeAt(end) !== COMMA) return undefined;
  const key = json.charCodeAt(end + 1) === SPACE ? end + 2 : end + 1;
  if (!json.startsWith(T_KEY, key)) return undefined;
  const number = key + T_KEY.length;
  const t = numberAt(json, json.charCodeAt(number) === SPACE ? number + 1 : number);
  if (t === undefined || end + 2 !== json.length || !json.endsWith("}]")) return undefined;
  report.value = value;
  report.t = t;
  return report;
}

/**
 * The number of JSON that begins at `from`, without exponent; undefined if there is none. Its digits are an
 * integer that a double holds exactly, divided by an exact power of ten: so it is rounded only once, as by
 * the JSON parser.
 */
function numberAt(text: string, from: number): number | undefined {
  const isNegative = text.charCodeAt(from) === MINUS;
  const first = isNegative ? from + 1 : from;
  let at = first;
  let digits = 0;
  let code = text.charCodeAt(at);
  for (; code >= ZERO && code <= NINE; code = text.charCodeAt(at)) {
    digits = 10 * digits + code - ZERO;
    at += 1;
  }
  if (at === first || (text.charCodeAt(first) === ZERO && at > first + 1)) return undefined;
  let decimals = 0;
  if (code === POINT) {
    const point = at;
    at += 1;
    for (code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(at)) {
      digits = 10 * digits + code - ZERO;
      at += 1;
    }
    decimals = at - point - 1;
    if (decimals === 0) return undefined;
  }
  const power = POWERS[decimals];
  if (digits > Number.MAX_SAFE_INTEGER || power === undefined) return undefined;
  end = at;
  return (isNegative ? -digits : digits) / power;
}
