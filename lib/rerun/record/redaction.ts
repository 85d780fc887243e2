/** Keeps secret values out of a recording. */

import { isDeepStrictEqual } from "node:util";
import { UsageError } from "../../errors";
import { nearest } from "../../nearest";
import { oneLine } from "../../printable";
import { parseDescription } from "../../secop/description/parseDescription";

/** The JSON text that replaces a secret value. */
export const REDACTED = '"<redacted>"';

/** Names of parameters that probably hold a secret. */
const SECRET = /pass(?:word|wd|phrase)|token|secret|api_?key|credential/i;

/** Messages with a value, which is the first member of a report, or all data of a request. */
const WITH_VALUE = /^(update|reply|changed|done|checked|change|do|check) (\S+) (.*)$/s;
const SENT = new Set(["change", "do", "check"]);

/** Redacts the parameters and commands that match `module:accessible`, `*:accessible` or `module:*`. */
export class Redaction {
  readonly #patterns: readonly string[];
  /** Whether each specifier that was seen is redacted. */
  readonly #seen = new Map<string, boolean>();
  readonly #notice: (text: string) => void;
  /** The patterns that have matched no node so far, and were not reported. */
  readonly #unknown: Set<string>;

  /**
   * `notice` is called once for each name that looks like a secret and is not redacted, and for each pattern
   * that matches nothing in a node.
   */
  constructor(patterns: readonly string[], notice: (text: string) => void = () => {}) {
    for (const pattern of patterns) {
      if (!/^[\w*]+:[\w*]+$/.test(pattern))
        throw new UsageError(`cannot redact "${pattern}": write module:parameter, *:parameter or module:*`);
    }
    this.#patterns = patterns;
    this.#notice = notice;
    this.#unknown = new Set(patterns.filter((pattern) => !pattern.includes("*")));
  }

  /** Reports the patterns that match nothing in a description, since they may be misspelt. */
  described(json: string): void {
    const names = specifiersIn(json);
    for (const name of names) this.#unknown.delete(name);
    for (const pattern of this.#unknown) {
      this.#unknown.delete(pattern);
      const meant = nearest(pattern, names);
      const advice = meant === undefined ? "is it of another node?" : `did you mean ${oneLine(meant)}?`;
      this.#notice(`the node has no ${pattern} to leave out of the recording: ${advice}`);
    }
  }

  get patterns(): readonly string[] {
    return this.#patterns;
  }

  /** The line as it is recorded, without a secret value. */
  apply(line: string): string {
    const specifier = specifierOf(line);
    if (!specifier.includes(":")) return line;
    if (!this.#isRedacted(specifier)) return line;
    const [, action = "", , data = ""] = WITH_VALUE.exec(line) ?? [];
    if (action === "") return line.startsWith("error_") ? redactedError(line) : line;
    if (SENT.has(action)) return `${action} ${specifier} ${REDACTED}`;
    return `${action} ${specifier} [${REDACTED}${qualifiersOf(data, 1)}]`;
  }

  /**
   * Whether a parameter or command is redacted. One whose name looks like a secret is reported once if it is
   * not redacted.
   */
  #isRedacted(specifier: string): boolean {
    const known = this.#seen.get(specifier);
    if (known !== undefined) return known;
    const isRedacted = this.#matches(specifier);
    this.#seen.set(specifier, isRedacted);
    if (!isRedacted && SECRET.test(specifier)) {
      const name = oneLine(specifier);
      this.#notice(`${name} looks like a secret: it is recorded. Leave it out with --redact ${name}`);
    }
    return isRedacted;
  }

  #matches(specifier: string): boolean {
    const [module, accessible] = specifier.split(":");
    return this.#patterns.some((pattern) => {
      const [m, a] = pattern.split(":");
      return (m === "*" || m === module) && (a === "*" || a === accessible);
    });
  }
}

/** `module:accessible` for all accessibles of a description; empty if the text is not a description. */
function specifiersIn(json: string): string[] {
  try {
    const { modules } = parseDescription(JSON.parse(json));
    return [...modules.values()].flatMap(({ name, accessibles }) => [...accessibles.keys()].map((a) => `${name}:${a}`));
  } catch {
    return [];
  }
}

function specifierOf(line: string): string {
  const at = line.indexOf(" ") + 1;
  if (at === 0) return "";
  const end = line.indexOf(" ", at);
  return end < 0 ? line.slice(at) : line.slice(at, end);
}

/** An error report may quote the value in its text. */
function redactedError(line: string): string {
  const [, head = "", data = ""] = /^(\S+ \S+) (.*)$/s.exec(line) ?? [];
  try {
    const [kind] = JSON.parse(data);
    return `${head} [${JSON.stringify(kind)}, ${REDACTED}${qualifiersOf(data, 2)}]`;
  } catch {
    return head;
  }
}

/**
 * The qualifiers of a report after its first `before` members, as they are written, with a comma before them.
 */
function qualifiersOf(data: string, before: number): string {
  try {
    const report = JSON.parse(data);
    // A report of one member, or an error of two, has no qualifiers: its last member is the secret.
    if (!Array.isArray(report) || report.length <= before) return "";
    const last: unknown = report.at(-1);
    if (typeof last !== "object" || last === null) return "";
    const text = data.slice(data.lastIndexOf("{"), data.lastIndexOf("}") + 1);
    return `, ${isTextOf(text, last) ? text : JSON.stringify(last)}`;
  } catch {
    return "";
  }
}

/** Whether the text is this value: not if qualifiers hold objects, or braces in strings. */
function isTextOf(text: string, value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(text), value);
  } catch {
    return false;
  }
}
