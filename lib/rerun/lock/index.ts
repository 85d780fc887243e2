/**
 * Locks: the description of each node in a file beside the notebook, and what has changed in the node since.
 *
 * This chapter uses `verify`, `format` and the comparison of lib/codegen. Begin reading with `nodeLock`, the
 * file; `lockDrift` compares it with the live node.
 */

export { type LockDifference, lockDrift, lockDriftText } from "./lockDrift";
export { type LockedNode, type NodeLock, readNodeLock, writeNodeLock } from "./nodeLock";
