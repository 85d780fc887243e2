/** All that is known about the last error of a cell, which the cell shows as one clear line: for `%why`. */

let whole = (): string => "";

/** Remembers the last error; its text is made when somebody asks. */
export function rememberError(text: () => string): void {
  whole = text;
}

/** The compiler's own text, or the whole stack with fields and causes; empty if no cell failed yet. */
export function wholeError(): string {
  return whole();
}
