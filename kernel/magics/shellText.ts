/** Values of the notebook in a command of the shell: `!ls {folder}`. */

import { UsageError } from "../../lib/errors";

/** `{name}` or `{name.member}`; other braces belong to the shell. */
const PLACE = /(?<!\$)\{([\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*)\}/u;
const PLACES = new RegExp(PLACE, "gu");
const PLACE_HERE = new RegExp(PLACE, "uy");

/** The expressions in braces whose first name `isName` knows, each once, in order. */
export function expressionsIn(command: string, isName: (word: string) => boolean): string[] {
  const expressions = [...command.matchAll(PLACES)].map(([, expression = ""]) => expression);
  return [...new Set(expressions)].filter((expression) => isName(expression.split(".", 1)[0] ?? ""));
}

/**
 * Puts values in the places of their expressions. They become parameters of the shell, which it never reads
 * as code: a value may hold quotes, spaces or `;`. The elements of an array become words of their own, unless
 * they stand in quotes.
 */
export function withValues(
  command: string,
  values: ReadonlyMap<string, unknown>,
): { readonly command: string; readonly parameters: readonly string[] } {
  const parameters: string[] = [];
  const parameter = (value: string): string => `\${${parameters.push(value)}}`;
  let text = "";
  let quote = "";
  for (let at = 0; at < command.length; ) {
    const expression = expressionAt(command, at);
    if (expression !== undefined && values.has(expression)) {
      text += inQuotes(values.get(expression), quote, (value) => parameter(textOf(value, expression)));
      at += expression.length + 2;
      continue;
    }
    const char = command.charAt(at);
    if (char === "\\" && quote !== "'") text += command.charAt(at++);
    else if (char === quote) quote = "";
    else if (quote === "" && (char === "'" || char === '"')) quote = char;
    text += command.charAt(at++);
  }
  return { command: text, parameters };
}

/** The most bytes of one value: Linux takes 128 KiB, and the same limit everywhere is easier to know. */
const MOST_BYTES = 131_071;

/** A value as an argument of a command. @throws UsageError if it cannot be one */
function textOf(value: unknown, expression: string): string {
  let text: string;
  try {
    text = String(value);
  } catch {
    throw new UsageError(`{${expression}} in the command is an object without a text: name one of its members`);
  }
  if (text.includes("\0"))
    throw new UsageError(`{${expression}} in the command holds a zero byte, which no command can take`);
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) {
    const size = `${bytes.toLocaleString("en-US")} bytes, and a command takes ${MOST_BYTES.toLocaleString("en-US")}`;
    throw new UsageError(`{${expression}} in the command has ${size}: write it to a file`);
  }
  return text;
}

function expressionAt(command: string, at: number): string | undefined {
  PLACE_HERE.lastIndex = at;
  return PLACE_HERE.exec(command)?.[1];
}

/**
 * The text of a value: `"${1}"` outside of quotes, `${1}` in double ones; single quotes are closed around it.
 */
function inQuotes(value: unknown, quote: string, parameter: (value: unknown) => string): string {
  if (quote === '"') return parameter(Array.isArray(value) ? value.join(" ") : value);
  const words = Array.isArray(value) && quote === "" ? value : [Array.isArray(value) ? value.join(" ") : value];
  const text = words.map((word) => `"${parameter(word)}"`).join(" ");
  return quote === "'" ? `'${text}'` : text;
}
