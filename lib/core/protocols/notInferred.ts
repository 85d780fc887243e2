/** A type parameter that an argument does not help to infer. */

/**
 * T as other arguments determine it: an argument of this type has no part in inferring T.
 *
 * TypeScript's `NoInfer` does the same, but the TypeScript of stock tslab is older and ignores it.
 */
export type NotInferred<T> = [T][T extends unknown ? 0 : never];
