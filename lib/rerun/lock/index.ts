/**
 * Locks: the description of each node in a file beside the notebook, and what has changed in the node since.
 *
 * Begin with nodeLock.ts, the file; lockDrift.ts compares it with the live node.
 */

export { type LockDifference, lockDrift, lockDriftText } from "./lockDrift";
export { type LockedNode, type NodeLock, readNodeLock, writeNodeLock } from "./nodeLock";
