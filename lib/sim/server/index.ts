/**
 * The network side of a simulated node: TCP, WebSocket and UDP discovery, and the conversation with each
 * client.
 *
 * It may use node/ and secop/ (messages). Begin with clientSession.ts, which answers messages; simServer.ts
 * gives it connections.
 */

export { answerDiscovery } from "./discovery";
export { connectInMemory } from "./memoryTransport";
export { type NodeServer, serve } from "./simServer";
