/**
 * How many random cases are tried: thousands, and `FUZZ` times as many if that environment variable is set.
 */

const FACTOR = Number(process.env.FUZZ ?? 1);

/** The number of cases of a property, for fast-check. */
export const cases = (n: number): { readonly numRuns: number } => ({ numRuns: n * FACTOR });

/** The timeout of a property in milliseconds. */
export const CASES_TIMEOUT_MS = 120_000 * FACTOR;
