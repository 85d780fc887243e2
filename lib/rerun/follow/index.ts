/**
 * A recorded node on a TCP port, for clients of any kind.
 *
 * This chapter uses `format`, `record` and `replay`, and the transports of secop/. Begin reading with
 * `followingNode`, which answers from a recording; `recordingProxy` records such a client and its node.
 */

export { type FollowingNode, type FollowOptions, startFollowing } from "./followingNode";
export { type RecordingProxy, startRecordingProxy } from "./recordingProxy";
