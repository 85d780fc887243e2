/** The one source of random numbers and of uids in the process. */

import { randomUUID } from "node:crypto";

/** A generator of numbers in [0, 1): equal seeds give equal sequences (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A normally distributed number of mean 0 and standard deviation 1 (Box-Muller), for simulated noise. */
export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A seed that nobody can guess. */
export function freshSeed(): number {
  return Number.parseInt(randomUUID().slice(0, 8), 16);
}

// A workspace may load its own copy of this package: all copies draw from the same source.
const KEY: unique symbol = Symbol.for("secop-lab.random") as never;
type Global = { [KEY]?: { draw: () => number } };
(globalThis as Global)[KEY] ??= { draw: Math.random };
const shared = (globalThis as Global)[KEY] as { draw: () => number };

/** A random number in [0, 1), of the sequence that `seedRandom` began if it was called. */
export function randomNumber(): number {
  return shared.draw();
}

/** Begins the sequence that belongs to the seed: a recording keeps it, so that its replay draws the same. */
export function seedRandom(seed: number): void {
  shared.draw = seededRandom(seed);
}

/** A new unique id (UUID version 4). It is never repeated, also not by a replay. */
export function newUid(): string {
  return randomUUID();
}
