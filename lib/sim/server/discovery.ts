/** Answers UDP discovery requests with the port of the node (RFC-105). */

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import type { JsonObject, JsonValue } from "../node/moduleDefinition";

/** Which requests are answered, and with which port. */
export interface DiscoveryOptions {
  /** UDP port to listen on; real nodes use 10767. */
  readonly port: number;
  /** TCP port of the node. */
  readonly nodePort: number;
  /** Whether requests of other machines are answered. */
  readonly everybody: boolean;
}

/** Longest answer in bytes (RFC-105). */
const LONGEST_ANSWER = 508;

/** Starts to answer; resolves to the function that stops it. Rejects if the port is taken. */
export async function answerDiscovery(description: () => JsonObject, options: DiscoveryOptions): Promise<() => void> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  socket.on("message", (packet, from) => {
    if (!isProbe(packet) || !(options.everybody || isThisMachine(from.address))) return;
    // Ignore a failure: the sender may be gone.
    socket.send(announcement(description(), options.nodePort), from.port, from.address, () => {});
  });
  // Only a socket on the wildcard address receives broadcasts.
  socket.bind(options.port);
  try {
    await once(socket, "listening");
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.on("error", () => {});
  return () => void socket.close();
}

function isProbe(packet: Buffer): boolean {
  try {
    const json: unknown = JSON.parse(packet.toString());
    return typeof json === "object" && json !== null && "SECoP" in json && json.SECoP === "discover";
  } catch {
    return false;
  }
}

function isThisMachine(address: string): boolean {
  return Object.values(networkInterfaces()).some((own) => own?.some((i) => i.address === address));
}

/** The answer. Its description is cut if the answer would be too long. */
function announcement(node: JsonObject, port: number): Buffer {
  const text = (value: JsonValue | undefined) => (typeof value === "string" ? value : "");
  const characters = [...text(node.description)];
  const packet = (length: number) =>
    Buffer.from(
      JSON.stringify({
        SECoP: "node",
        port,
        equipment_id: text(node.equipment_id),
        firmware: text(node.firmware),
        description: characters.slice(0, length).join(""),
      }),
    );
  let length = Math.min(characters.length, LONGEST_ANSWER);
  while (length > 0 && packet(length).length > LONGEST_ANSWER) length -= 1;
  return packet(length);
}
