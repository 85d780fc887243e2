/**
 * Lines, messages and addresses: what is exchanged with a node, and by which transport.
 *
 * This chapter uses `values` only for reading JSON objects. Begin reading with `secopMessage`, then
 * `transport/tcp`.
 */

export { type DiscoveredNode, type DiscoverOptions, discoverNodes } from "./discoverNodes";
export { LineSplitter } from "./lineSplitter";
export { formatMessage, parseMessage, type RawMessage, type SecopMessage, splitMessage } from "./secopMessage";
export { DEFAULT_PORT, type NodeAddress, parseUri } from "./uri";
