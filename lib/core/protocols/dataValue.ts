/** The values that readings, documents and tables can hold. */

/** The arrays of numbers that devices read. */
export type NumberArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

/** A value as it is recorded: a scalar, an array, or a struct of such values; null where there is none. */
export type DataValue =
  | number
  | string
  | boolean
  | bigint
  | null
  | NumberArray
  | readonly DataValue[]
  | { readonly [field: string]: DataValue };
