/** Splits the arguments of a magic into words and options. */

import { UsageError } from "../../lib/errors";

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/**
 * The words of a magic's line, which are separated by spaces or commas. Text in quotes or brackets is not
 * split and keeps them, so that a word can be a TypeScript expression: `motor (start + 1)` has two words.
 * Throws UsageError if a quote or bracket is not closed.
 */
export function splitArguments(text: string): string[] {
  const words: string[] = [];
  let word = "";
  let quote: string | undefined;
  const open: string[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quote === undefined && open.length === 0 && /[\s,]/.test(char)) {
      if (word !== "") words.push(word);
      word = "";
      continue;
    }
    word += char;
    if (quote !== undefined) {
      if (char === "\\") word += text.charAt(++i);
      else if (char === quote) quote = undefined;
    } else if ("\"'`".includes(char)) quote = char;
    else if (CLOSING[char]) open.push(CLOSING[char]);
    else if (char === open.at(-1)) open.pop();
  }
  if (quote !== undefined || open.length > 0) throw new UsageError(`${quote ?? open.at(-1)} is missing in: ${text}`);
  if (word !== "") words.push(word);
  return words;
}

/**
 * Separates `--flag` and `--option VALUE` from the positional words. Throws UsageError for unknown options.
 */
export function takeMagicOptions(
  words: readonly string[],
  known: { readonly flags?: readonly string[]; readonly values?: readonly string[] },
): { readonly positional: readonly string[]; readonly options: ReadonlyMap<string, string> } {
  const positional: string[] = [];
  const options = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (!word.startsWith("--")) positional.push(word);
    else if (known.flags?.includes(word)) options.set(word, "");
    else if (known.values?.includes(word)) {
      const value = words[++i];
      if (value === undefined) throw new UsageError(`${word} needs a value`);
      options.set(word, unquoted(value));
    } else
      throw new UsageError(`${word}: the options are ${[...(known.flags ?? []), ...(known.values ?? [])].join(", ")}`);
  }
  return { positional, options };
}

/** The word without the quotes around it. */
export function unquoted(word: string): string {
  return /^(["'`]).*\1$/s.test(word) ? word.slice(1, -1) : word;
}
