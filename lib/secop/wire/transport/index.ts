/**
 * Carries lines to a node and back: over TCP, over WebSocket, or from a recording.
 *
 * This folder uses the ground floor and addresses. Begin reading with `transport`, the interface;
 * `openTransport` chooses by the address.
 */

export { type OpenTransport, openTransport, RENEWED, renewConnections, useTransport } from "./openTransport";
export type { Transport, TransportEvents } from "./transport";
