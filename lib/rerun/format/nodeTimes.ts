/** The times in messages of nodes, moved exactly: as decimal text, not as floating-point numbers. */

/** Messages whose last object holds qualifiers. */
const REPORT = /^(?:update|reply|changed|done|checked|pong|error_\w+) /;
/** The time of a report, from its key on. */
const TIME = /"t"\s*:\s*(-?\d+(?:\.\d+)?)(?=\s*[,}])/y;

/** Moves the time `t` of a report by whole seconds. All else stays byte for byte the same. */
export function moveTime(line: string, seconds: number): string {
  const qualifiers = seconds === 0 ? -1 : line.lastIndexOf("{");
  if (qualifiers < 0 || !REPORT.test(line)) return line;
  for (let at = line.indexOf('"t"', qualifiers); at >= 0; at = line.indexOf('"t"', at + 1)) {
    // A quote after a backslash is inside a string, so this is not the key.
    if (line[at - 1] === "\\") continue;
    TIME.lastIndex = at;
    const time = TIME.exec(line)?.[1];
    if (time === undefined) continue;
    const end = TIME.lastIndex;
    return line.slice(0, end - time.length) + addSeconds(time, seconds) + line.slice(end);
  }
  return line;
}

/** Whole seconds from here on are not exact as numbers. */
const EXACT = 1e15;

/** Adds whole seconds to a decimal number: `addSeconds("1795921512.0423119", -1795921512)` is `0.0423119`. */
export function addSeconds(decimal: string, seconds: number): string {
  const point = decimal.indexOf(".");
  const whole = Number(point < 0 ? decimal : decimal.slice(0, point));
  // Most times stay positive: then the digits after the point stay as they are.
  const isSimple = !decimal.startsWith("-") && whole < EXACT && whole + seconds >= 0;
  if (!isSimple) return addExactly(decimal, seconds);
  return point < 0 ? `${whole + seconds}` : `${whole + seconds}${decimal.slice(point)}`;
}

/** The same for numbers of any size and sign. */
function addExactly(decimal: string, seconds: number): string {
  const [, sign, whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  const scale = 10n ** BigInt(fraction.length);
  const digits = BigInt(whole + fraction);
  const moved = (sign === "-" ? -digits : digits) + BigInt(seconds) * scale;
  const size = moved < 0n ? -moved : moved;
  const rest = fraction === "" ? "" : `.${(size % scale).toString().padStart(fraction.length, "0")}`;
  return `${moved < 0n ? "-" : ""}${size / scale}${rest}`;
}
