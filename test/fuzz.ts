/**
 * How many cases a property is tried on: `n`, or `FUZZ` times as many if that environment variable is set, to search
 * for longer than a test run may take.
 */
export const cases = (n: number): { readonly numRuns: number } => ({ numRuns: n * Number(process.env.FUZZ ?? 1) });
