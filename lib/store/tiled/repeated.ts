/** Repeats requests that a Tiled server could not answer at this moment. */

import { randomInt } from "node:crypto";
import { realClock } from "../../clock";
import { TiledError } from "./tiledError";

/** Attempts of a request. */
const ATTEMPTS = 6;
/** Milliseconds before the second attempt, about; doubled for each further one. */
const FIRST_DELAY_MS = 100;

/** Whether another attempt can succeed: not if the server has understood and refused. */
export function isTemporary(error: unknown): boolean {
  return !(error instanceof TiledError) || error.status >= 500 || error.status === 429 || error.status === 408;
}

/** Whether the server has said itself that it failed; one that cannot be reached is gone for longer. */
const isBusy = (error: unknown): boolean => error instanceof TiledError && isTemporary(error);

/**
 * Does work that can be done twice, again while the server fails at it: with DuckDB, Tiled has one connection
 * for all requests, and those at the same time end each other's transactions (status 500). The waiting times
 * are random, so that two writers do not meet again.
 */
export async function repeated<T>(work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= ATTEMPTS || !isBusy(error)) throw error;
      const longest = FIRST_DELAY_MS * 2 ** attempt;
      const ms = randomInt(longest / 4, longest);
      await new Promise<void>((resolve) => void realClock.timer(ms / 1000, resolve).unref());
    }
  }
}
