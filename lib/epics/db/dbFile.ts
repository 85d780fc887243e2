/** Reads database files of EPICS (`.db`, `.template`): their records with their fields. */

// Source: EPICS Application Developer's Guide, chapter "Database Definition". Texts of a file are never code.

import { UsageError } from "../../errors";
import { oneLine } from "../../printable";

/** A record of a database file. */
export interface DbRecord {
  /** For example `ai` or `motor`. */
  readonly type: string;
  readonly name: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Values of macros by their names: `P` for `$(P)`. */
export type DbMacros = Readonly<Record<string, string>>;

/** A comment, a string, punctuation, or a word, which may contain macros. */
const TOKEN = /#[^\n]*|"(?:[^"\\\n]|\\.)*"|[(){},]|(?:\$\([^)\n]*\)|\$\{[^}\n]*\}|[^\s"(){},#])+/g;
const MACRO = /\$\((\w+)(?:=([^()]*))?\)|\$\{(\w+)(?:=([^{}]*))?\}/g;
/** The deepest nesting of macros, which may be the defaults and values of others. */
const DEEPEST = 20;
/** The largest file in characters; the files of large IOCs have a few million. */
const LARGEST = 50_000_000;

/**
 * The records in the order of their first appearance; fields of a record that appears again are added. Macros
 * without a value or a default stay as they are.
 *
 * @throws UsageError for a text that is not a database; the message names the line.
 */
export function parseDatabase(text: string, macros: DbMacros = {}): readonly DbRecord[] {
  if (text.length > LARGEST)
    throw new UsageError(`the database has ${text.length} characters: the limit is ${LARGEST}`);
  const records = new Map<string, { readonly type: string; readonly fields: Map<string, string> }>();
  const tokens = new Tokens(text, macros);
  for (let word = tokens.next(); word !== undefined; word = tokens.next()) {
    if (word === "record" || word === "grecord") {
      const [type = "", name = ""] = tokens.group();
      const known = records.get(name) ?? { type, fields: new Map<string, string>() };
      if (!records.has(name) && type !== "*") records.set(name, known);
      if (tokens.peek() === "{") readBody(tokens, known.fields);
    } else if (tokens.peek() === "(") {
      tokens.group();
      if (tokens.peek() === "{") tokens.skipBlock();
    }
  }
  return [...records].map(([name, { type, fields }]) => ({ type, name, fields }));
}

function readBody(tokens: Tokens, fields: Map<string, string>): void {
  tokens.expect("{");
  for (let word = tokens.next(); word !== "}"; word = tokens.next()) {
    if (word === undefined) throw tokens.error('a record ends without "}"');
    const [name, value] = tokens.group();
    if (word === "field" && name !== undefined && value !== undefined) fields.set(name, value);
  }
}

/** The words of a database, with macros replaced. */
class Tokens {
  readonly #text: string;
  readonly #macros: DbMacros;
  readonly #tokens: RegExpStringIterator<RegExpExecArray>;
  #ahead: { readonly word: string; readonly isText: boolean } | undefined;
  #at = 0;

  constructor(text: string, macros: DbMacros) {
    this.#text = text;
    this.#macros = macros;
    this.#tokens = text.matchAll(TOKEN);
  }

  peek(): string | undefined {
    const token = this.#look();
    return token?.isText ? undefined : token?.word;
  }

  next(): string | undefined {
    const token = this.#ahead ?? this.#read();
    this.#ahead = undefined;
    return token?.word;
  }

  expect(word: string): void {
    const found = this.next();
    if (found !== word) throw this.error(`"${word}" is missing before ${found ?? "the end"}`);
  }

  /** The words between parentheses, which commas separate. */
  group(): readonly string[] {
    this.expect("(");
    const words: string[] = [];
    for (;;) {
      const isText = this.#look()?.isText ?? false;
      const word = this.next();
      if (word === undefined) throw this.error('")" is missing');
      if (!isText && word === ")") return words;
      if (isText || word !== ",") words.push(word);
    }
  }

  skipBlock(): void {
    this.expect("{");
    for (let depth = 1; depth > 0; ) {
      const word = this.peek();
      if (this.next() === undefined) throw this.error('"}" is missing');
      if (word === "{") depth += 1;
      else if (word === "}") depth -= 1;
    }
  }

  error(problem: string): UsageError {
    const line = this.#text.slice(0, this.#at).split("\n").length;
    return new UsageError(`cannot read the database: ${oneLine(problem, 100)} in line ${line}`);
  }

  #look(): { readonly word: string; readonly isText: boolean } | undefined {
    this.#ahead ??= this.#read();
    return this.#ahead;
  }

  #read(): { readonly word: string; readonly isText: boolean } | undefined {
    for (;;) {
      const { value, done } = this.#tokens.next();
      if (done) return undefined;
      const [token] = value;
      this.#at = value.index;
      if (token.startsWith("#")) continue;
      if (!token.startsWith('"')) return { word: expand(token, this.#macros), isText: false };
      return { word: unescaped(expand(token.slice(1, -1), this.#macros)), isText: true };
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c);

/** Replaces macros by their values or defaults. */
function expand(text: string, macros: DbMacros, depth = 0): string {
  if (depth > DEEPEST || !text.includes("$")) return text;
  const next = text.replace(MACRO, (whole, one, oneDefault, other, otherDefault) => {
    const name: string = one ?? other;
    return (Object.hasOwn(macros, name) ? macros[name] : (oneDefault ?? otherDefault)) ?? whole;
  });
  return next === text ? text : expand(next, macros, depth + 1);
}
