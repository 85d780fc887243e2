/** The texts that EPICS servers send. */

/**
 * The text of bytes in UTF-8, or in Latin-1 if they are not valid UTF-8: old records contain degree signs.
 */
export function textOf(bytes: Buffer): string {
  const utf8 = bytes.toString("utf8");
  return utf8.includes("\uFFFD") ? bytes.toString("latin1") : utf8;
}
