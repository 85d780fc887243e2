/** A port for a server that a test starts. */

import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port that no server uses now, neither for TCP nor for UDP. It is below the range from which systems
 * choose ports for connections, so that no other program takes it before the server of the test starts.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    if ((await isFree("tcp", port)) && (await isFree("udp", port))) return port;
  }
}

async function isFree(protocol: "tcp" | "udp", port: number): Promise<boolean> {
  const server = protocol === "tcp" ? createServer().listen(port) : createSocket("udp4").bind(port);
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
