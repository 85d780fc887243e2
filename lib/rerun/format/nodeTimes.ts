/** The times in messages of nodes, moved exactly: as decimal text, not as floating-point numbers. */

/** Messages whose last object holds qualifiers. */
const REPORT = /^(?:update|reply|changed|done|checked|pong|error_\w+) /;
/** The time of a report. A quote inside a string is escaped, so that `"t"` can only be a key here. */
const TIME = /(?<!\\)("t"\s*:\s*)(-?\d+(?:\.\d+)?)(?=\s*[,}])/;

/** Moves the time `t` of a report by whole seconds. All else stays byte for byte the same. */
export function moveTime(line: string, seconds: number): string {
  if (seconds === 0 || !REPORT.test(line)) return line;
  const at = line.lastIndexOf("{");
  if (at < 0) return line;
  const qualifiers = line.slice(at).replace(TIME, (_all, key: string, t: string) => key + addSeconds(t, seconds));
  return line.slice(0, at) + qualifiers;
}

/** Adds whole seconds to a decimal number: `addSeconds("1795921512.0423119", -1795921512)` is `0.0423119`. */
export function addSeconds(decimal: string, seconds: number): string {
  const [, sign, whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  const scale = 10n ** BigInt(fraction.length);
  const digits = BigInt(whole + fraction);
  const moved = (sign === "-" ? -digits : digits) + BigInt(seconds) * scale;
  const size = moved < 0n ? -moved : moved;
  const rest = fraction === "" ? "" : `.${(size % scale).toString().padStart(fraction.length, "0")}`;
  return `${moved < 0n ? "-" : ""}${size / scale}${rest}`;
}
