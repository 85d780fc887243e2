/** The texts that EPICS servers send. */

/**
 * The text of bytes in UTF-8, or in Latin-1 if they are not valid UTF-8, because old records contain
 * degree signs.
 *
 * @param isFull whether the bytes fill their field, so that the server may have cut the last character in two
 */
export function textOf(bytes: Buffer, isFull = false): string {
  const utf8 = bytes.toString("utf8");
  if (!utf8.includes(BROKEN)) return utf8;
  const whole = isFull ? utf8.replace(/\uFFFD{1,3}$/, "") : utf8;
  // Characters beyond ASCII that are whole show that the text is UTF-8.
  return !whole.includes(BROKEN) && /[^\0-\x7f]/.test(whole) ? whole : bytes.toString("latin1");
}

/** The bytes before the first zero byte; all of them if there is none. */
export function untilZero(bytes: Buffer): Buffer {
  const zero = bytes.indexOf(0);
  return zero < 0 ? bytes : bytes.subarray(0, zero);
}

/** The replacement character, to which Node decodes bytes that are not UTF-8. */
const BROKEN = "\uFFFD";

/** Whether the name of a PV asks for a field as a long string: `REC.DESC$`, perhaps with a filter. */
export const asksForLongString = (pv: string): boolean => /\$(\{.*\})?$/.test(pv);
