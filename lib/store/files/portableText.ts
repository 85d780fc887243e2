/** Text that the files and databases of other programs can hold. */

/**
 * Text without NUL, which ends a text of HDF5 and is refused by PostgreSQL, and without halves of characters.
 */
export const portableText = (text: string): string =>
  text.replaceAll("\0", "\ufffd").replace(/\p{Surrogate}/gu, "\ufffd");
