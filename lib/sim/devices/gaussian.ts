/** Normally distributed random numbers, for simulated noise. */

/** A normally distributed number of mean 0 and standard deviation 1 (Box-Muller). */
export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
