/** The pattern of the lines with the events of a stream, by which a number is read without parsing. */

import type { Event } from "../../engine/documents/documents";

const NUMBER = String.raw`(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|NaN|-?Infinity)`;
const TEXT = String.raw`"(?:[^"\\\x00-\x1f]|\\["\\/bfnrtu])*"`;

/**
 * A regular expression for whole lines, in text of latin1, made from one event: its members in their order,
 * with values of the same types. A line that is damaged, or that has other members, does not fit it.
 */
export class EventPattern {
  readonly #line: RegExp;
  /** The number of the event that fitted last, and its value; 0 in a stream that has no wanted column. */
  number = 0;
  value = Number.NaN;

  private constructor(line: string) {
    this.#line = new RegExp(line, "y");
  }

  /**
   * The pattern of events like this one.
   * @param key the column whose numbers are wanted; undefined in a stream that has none
   * @returns undefined if some values are lists or structs, or if the wanted one is not a number
   */
  static of(event: Event, key: string | undefined): EventPattern | undefined {
    const members: (string | undefined)[] = [];
    for (const [name, value] of Object.entries(event)) {
      if (name === "data" || name === "timestamps") members.push(memberOf(name, objectOf(value, name, key)));
      else if (name === "descriptor") members.push(memberOf(name, escaped(value)));
      else members.push(memberOf(name, patternOf(value), key !== undefined && name === "seq_num"));
    }
    const names = Object.keys(event);
    const isWanted = key === undefined || typeof event.data[key] === "number";
    if (!isWanted || members.includes(undefined) || names.indexOf("seq_num") > names.indexOf("data")) return undefined;
    return new EventPattern(String.raw`\{"name":"event","doc":\{${members.join(",")}\}\}\n`);
  }

  /** Tries the line at `at`. @returns where the next line begins, undefined if this one does not fit */
  match(text: string, at: number): number | undefined {
    this.#line.lastIndex = at;
    let found: RegExpExecArray | null;
    try {
      found = this.#line.exec(text);
    } catch {
      // A text of some megabytes is too long for it.
      return undefined;
    }
    if (found === null) return undefined;
    if (found.length > 1) {
      this.number = Number(found[1]);
      this.value = Number(found[2]);
    }
    return this.#line.lastIndex;
  }
}

/** A member with its value; undefined without a pattern for that. */
function memberOf(name: string, value: string | undefined, isCaptured = false): string | undefined {
  if (value === undefined) return undefined;
  return `${escaped(name)}:${isCaptured ? `(${value})` : value}`;
}

/** An object of plain values. The wanted one is captured if it is in the data. */
function objectOf(value: unknown, of: string, wanted: string | undefined): string | undefined {
  const entries = Object.entries(value as object);
  const members = entries.map(([name, item]) => memberOf(name, patternOf(item), of === "data" && name === wanted));
  return members.includes(undefined) ? undefined : String.raw`\{${members.join(",")}\}`;
}

function patternOf(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return NUMBER;
  if (typeof value === "string") return TEXT;
  if (typeof value === "boolean") return "(?:true|false)";
  const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return isEmpty && !Array.isArray(value) ? String.raw`\{\}` : undefined;
}

/** A text as JSON in latin1 has it, for a regular expression. */
const escaped = (text: unknown): string =>
  Buffer.from(JSON.stringify(text))
    .toString("latin1")
    .replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
