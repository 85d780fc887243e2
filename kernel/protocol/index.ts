/**
 * Jupyter's messages on ZeroMQ sockets.
 *
 * It uses nothing else of the kernel. Begin with jupyterMessage.ts (the wire format). iopubQueue.ts orders
 * what cells publish, socketPump.ts sends messages one at a time, and takeMessages.ts receives them.
 */

export { bind, LINGER_MS } from "./bind";
export { channelAddress, type SocketSecurity, signatureHash, socketSecurity } from "./connection";
export { IopubQueue, type PublishOptions, type StreamName } from "./iopubQueue";
export { IopubSocket } from "./iopubSocket";
export { type JupyterMessage, MessageCodec, type MessageHeader, PROTOCOL_VERSION } from "./jupyterMessage";
export { SocketSender } from "./socketPump";
export { takeMessages } from "./takeMessages";
