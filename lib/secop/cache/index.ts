/**
 * The values of a node that are known now: the last item of each parameter, from updates and replies, passed
 * to listeners and queues.
 *
 * This chapter uses `link` for the roles of connections, `description`, `values` and `wire`. Begin reading
 * with `nodeCache`.
 */

export type { Cache, Update } from "./cache";
export type { CacheItem } from "./cacheItem";
export { NodeCache } from "./nodeCache";
export { offsetOf, shiftedCodec } from "./offset";
export { UpdateQueue } from "./updateQueue";
