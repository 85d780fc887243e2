/** A recorded node on a TCP port, for clients of any kind. */

export { type FollowingNode, type FollowOptions, startFollowing } from "./followingNode";
export { type RecordingProxy, startRecordingProxy } from "./recordingProxy";
