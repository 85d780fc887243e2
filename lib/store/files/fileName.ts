/** The names of run files: a template that is filled with the metadata of a run, safe whatever these say. */

import { timeNow } from "../../clock";
import type { RunStart } from "../../engine/documents/documents";
import { UsageError } from "../../errors";

/** `2026/11/22/140321-12-3f9a2c41`: names sort by time. */
export const DEFAULT_FILE_NAME = "{year}/{month}/{day}/{time}-{scan_id}-{uid8}";

/** The most bytes of a folder or file name, so that disks accept it with an ending. */
const MOST_BYTES = 180;
/** The most bytes of one value of the metadata in it. */
const MOST_VALUE_BYTES = 64;
/** The end of the year 9999, in seconds since 1970. */
const LATEST = 253_402_300_799;

/**
 * Checks a template such as `{proposal}/{sample}/{plan}-{scan_id}`: a `/` of the template makes a folder.
 * Keys are those of the start document (`{sample.name}` for one inside of another), and `{plan}`, `{uid8}`,
 * `{year}`, `{month}`, `{day}`, `{date}`, `{time}`.
 *
 * @throws UsageError for a template that would leave the folder, or that has an unclosed brace.
 */
export function checkFileName(template: string): void {
  const problem = problemOf(template);
  if (problem !== undefined)
    throw new UsageError(
      `the file name ${JSON.stringify(template)} ${problem}: write for example {proposal}/{sample}/{plan}-{scan_id}`,
    );
}

function problemOf(template: unknown): string | undefined {
  if (typeof template !== "string" || template === "") return "is empty";
  if (/[{}]/.test(template.replace(/\{[^{}]+\}/g, ""))) return "has a brace without its partner";
  const parts = template.split("/");
  if (parts.some((part) => part === "" || /^\.+$/.test(part))) return "has an empty part, or one of dots only";
  if (/[\\:\0]/.test(template)) return 'has a "\\", ":" or NUL, which not every disk allows';
  return undefined;
}

/** The path of a run below the folder of the runs, with `/` and without an ending. */
export function fileNameOf(template: string, start: RunStart): string {
  const known = timeWords(start.time);
  return template
    .split("/")
    .map((part) => {
      const filled = part.replace(/\{([^{}]+)\}/g, (_, key: string) =>
        safe(Object.hasOwn(known, key) ? known[key] : metadataOf(start, key)),
      );
      return asName(filled);
    })
    .join("/");
}

/** Local date and time as words. A time that is not a date counts as now. */
function timeWords(time: unknown): Record<string, string> {
  const valid = typeof time === "number" && time >= 0 && time <= LATEST - 86_400;
  const date = valid ? new Date(time * 1000) : new Date(1000 * timeNow());
  const twoDigits = (n: number): string => String(n).padStart(2, "0");
  const year = String(date.getFullYear()).padStart(4, "0");
  const [month, day] = [twoDigits(date.getMonth() + 1), twoDigits(date.getDate())];
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join("");
  return { year, month, day, date: `${year}-${month}-${day}`, time: clock };
}

function metadataOf(start: RunStart, key: string): unknown {
  if (key === "plan") return start.plan_name ?? "plan";
  if (key === "uid8") return String(start.uid).slice(0, 8);
  if (key === "scan_id") return start.scan_id ?? "run";
  const value = key
    .split(".")
    .reduce<unknown>((inner, name) => (Object.hasOwn(Object(inner), name) ? Object(inner)[name] : undefined), start);
  if (typeof value === "object" && value !== null) {
    const { name } = value as { name?: unknown };
    return name ?? "_";
  }
  return value ?? "_";
}

/** A value as part of a name: letters and digits of any script, `_`, `-` and dots inside remain. */
function safe(value: unknown): string {
  const text = String(value)
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}\p{M}_.-]/gu, "_")
    .replace(/^\.+|\.{2,}|\.+$/g, (dots) => "_".repeat(dots.length));
  return shortened(text, MOST_VALUE_BYTES) || "_";
}

/** Windows opens devices under these names, whatever their ending. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

function asName(text: string): string {
  const name = shortened(text, MOST_BYTES).replace(/[. ]+$/, "_");
  return DEVICES.test(name) || name.startsWith(".") ? `_${name}` : name;
}

/** The beginning of a text that has at most `most` bytes of UTF-8, without a character cut in two. */
export function shortened(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  let short = "";
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    short += character;
  }
  return short;
}
