/**
 * A conversation with a node that lasts: connections with their requests, the session made of them, and the
 * supervisor that starts a new session after each loss, with the pauses of `backoff`. What the node sends
 * unasked goes to one `LinkListener`, which the client passes down.
 *
 * This chapter uses `wire` and `description`. Begin reading with `supervisor`, then `nodeSession`, then
 * `secopConnection`; `hasteningPings` avoids the 40 ms that Nagle's algorithm costs at a node without
 * TCP_NODELAY.
 */

export type { ConnectionRole, LinkListener, UpdateReceiver } from "./linkListener";
export type { NodeSession, RoutedReply } from "./nodeSession";
export type { RequestOptions } from "./pendingRequest";
export { type ClientState, Supervisor } from "./supervisor";
