/**
 * A codec for each data type: it turns the JSON of the wire into a value and back, and refuses what the type
 * does not allow.
 *
 * This folder uses the ground floor only. Begin reading with `codec`, the interface; `../codecFor` makes the
 * codec of a datainfo out of these.
 */

export { type Codec, shown } from "./codec";
export type { Matrix, MatrixData } from "./matrixCodec";
