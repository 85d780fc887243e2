import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port of loopback that no server has now, neither TCP nor UDP. It lies below those that systems give to
 * whoever asks for any, so that no connection of another program takes it before the server it is for is up.
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
