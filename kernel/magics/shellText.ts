/** Values of the notebook in a command of the shell: `!ls {folder}`. */

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
 * Puts values in the places of their expressions. They become parameters of the shell, which it never reads as
 * code: a value may hold quotes, spaces or `;`. The elements of an array become words of their own, unless they
 * stand in quotes.
 */
export function withValues(
  command: string,
  values: ReadonlyMap<string, unknown>,
): { readonly command: string; readonly parameters: readonly string[] } {
  const parameters: string[] = [];
  const parameter = (value: unknown): string => `\${${parameters.push(String(value))}}`;
  let text = "";
  let quote = "";
  for (let at = 0; at < command.length; ) {
    const expression = expressionAt(command, at);
    if (expression !== undefined && values.has(expression)) {
      text += inQuotes(values.get(expression), quote, parameter);
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

function expressionAt(command: string, at: number): string | undefined {
  PLACE_HERE.lastIndex = at;
  return PLACE_HERE.exec(command)?.[1];
}

/** The text of a value: `"${1}"` outside of quotes, `${1}` in double ones; single quotes are closed around it. */
function inQuotes(value: unknown, quote: string, parameter: (value: unknown) => string): string {
  if (quote === '"') return parameter(Array.isArray(value) ? value.join(" ") : value);
  const words = Array.isArray(value) && quote === "" ? value : [Array.isArray(value) ? value.join(" ") : value];
  const text = words.map((word) => `"${parameter(word)}"`).join(" ");
  return quote === "'" ? `'${text}'` : text;
}
