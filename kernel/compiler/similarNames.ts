/**
 * Suggests the name that was probably meant by a misspelt member, option or string where TypeScript suggests
 * nothing.
 */

import { nearest } from "../../lib/nearest";
import type { Diagnostic } from "../tslabAdapter";

/** The code of an unknown name in an object. */
const UNKNOWN_OPTION = 2353;
/** The codes of a name that an object does not have; the first is "Property 'x' does not exist on type". */
const MEMBER: ReadonlySet<number> = new Set([2339, UNKNOWN_OPTION]);
/** The codes of a value that fits no type, no parameter and no overload. */
const MISFIT: ReadonlySet<number> = new Set([2322, 2345, 2769]);
const QUOTE = /^["'`]$/;
const SUGGESTION = /Did you mean '[^']*'\?$/;

/** The most errors that are looked at, since each costs a question to the compiler. */
const MAX_ASKED = 5;
/** The most names of an object that are listed if none of them is similar. */
const MAX_LISTED = 12;

/**
 * Adds to each error about a misspelt name which name was probably meant, or which names there are.
 *
 * @param code The cell.
 * @param namesAt Asks for the names that the compiler would offer at an offset of the cell.
 */
export async function withSimilarNames(
  diagnostics: readonly Diagnostic[],
  code: string,
  namesAt: (offset: number) => Promise<readonly string[]>,
): Promise<readonly Diagnostic[]> {
  let asked = 0;
  const suggested = diagnostics.map(async (one) => {
    const place = one.fileName === undefined && !SUGGESTION.test(one.messageText) ? placeOf(one, code) : undefined;
    if (place === undefined || ++asked > MAX_ASKED) return one;
    const names = (await namesAt(place.offset)).filter((name) => name !== place.word);
    const meant = nearest(place.word, names, Math.max(1, Math.floor(place.word.length / 2)));
    if (meant !== undefined) return { ...one, messageText: `${one.messageText} Did you mean '${meant}'?` };
    const isListed = one.code === UNKNOWN_OPTION && names.length > 0 && names.length <= MAX_LISTED;
    return isListed ? { ...one, messageText: `${one.messageText} It takes ${names.join(", ")}.` } : one;
  });
  return Promise.all(suggested);
}

/** The word that is wrong, and where the compiler offers what is right instead of it. */
function placeOf(
  { code: errorCode, start, end }: Diagnostic,
  code: string,
): { word: string; offset: number } | undefined {
  const text = code.slice(start.offset, end.offset);
  const isString = QUOTE.test(text.slice(0, 1)) && text.length > 2;
  if (isString && MISFIT.has(errorCode)) return { word: text.slice(1, -1), offset: start.offset + 1 };
  return MEMBER.has(errorCode) && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text)
    ? { word: text, offset: start.offset }
    : undefined;
}
