/** 64-bit integers as numbers, where these are exact. */

/** The integer as a number if that has all of its digits; else the bigint, which is beyond 2^53. */
export function exactNumber(value: bigint): number | bigint {
  const plain = Number(value);
  return Number.isSafeInteger(plain) ? plain : value;
}
