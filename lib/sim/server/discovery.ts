/** Answers to UDP discovery (RFC-105): who asks is told the node's port. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import type { JsonObject, JsonValue } from "../node/moduleDefinition";

export interface DiscoveryOptions {
  /** UDP port to listen on; nodes have 10767. */
  readonly port: number;
  /** TCP port to tell. */
  readonly nodePort: number;
  /** Whether other machines are answered. */
  readonly everybody: boolean;
}

/** Of an answer, in bytes (RFC-105). */
const LONGEST = 508;

/** Rejects if the port is taken. Returns what ends it. */
export async function answerDiscovery(description: () => JsonObject, options: DiscoveryOptions): Promise<() => void> {
  const socket = createSocket({ type: "udp4", reuseAddr: true });
  socket.on("message", (packet, from) => {
    if (!isProbe(packet) || !(options.everybody || isThisMachine(from.address))) return;
    // who asked may be gone
    socket.send(announcement(description(), options.nodePort), from.port, from.address, () => {});
  });
  // broadcasts reach the wildcard address only
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

/** The description is cut where the answer would be too long. */
function announcement(node: JsonObject, port: number): Buffer {
  const text = (value: JsonValue | undefined) => (typeof value === "string" ? value : "");
  const words = [...text(node.description)];
  const packet = (length: number) =>
    Buffer.from(
      JSON.stringify({
        SECoP: "node",
        port,
        equipment_id: text(node.equipment_id),
        firmware: text(node.firmware),
        description: words.slice(0, length).join(""),
      }),
    );
  let length = Math.min(words.length, LONGEST);
  while (length > 0 && packet(length).length > LONGEST) length -= 1;
  return packet(length);
}
