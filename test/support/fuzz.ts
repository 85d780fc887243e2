/**
 * Random cases: thousands by default, `FUZZ` times as many if that environment variable is set, to search for
 * longer.
 */
const FACTOR = Number(process.env.FUZZ ?? 1);

/** How many cases a property is tried on. */
export const cases = (n: number): { readonly numRuns: number } => ({ numRuns: n * FACTOR });

/** How long a property may take, in ms. */
export const CASES_TIMEOUT_MS = 120_000 * FACTOR;
