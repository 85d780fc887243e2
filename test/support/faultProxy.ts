/** A TCP proxy between a client and a node, with the faults that a test wants: cut, silent, slow. */

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Passes all bytes in both directions, unless one of its faults is switched on. */
export class FaultProxy {
  /** Drops everything in both directions, while the connections stay open: a pulled cable. */
  silent = false;
  /** Passes the node's bytes one by one. */
  byteByByte = false;
  /** Refuses new connections. */
  refusing = false;
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  port = 0;

  constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer((client) => this.#accept(client));
  }

  static async start(targetPort: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(targetPort);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    const address = proxy.#server.address();
    if (typeof address === "object" && address) proxy.port = address.port;
    return proxy;
  }

  get uri(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Open connections on the client's side and the node's. */
  get sockets(): number {
    return this.#sockets.size;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(client: Socket): void {
    if (this.refusing) {
      client.destroy();
      return;
    }
    const node = connect({ port: this.#targetPort, host: "127.0.0.1", noDelay: true });
    client.setNoDelay(true);
    this.#join(client, node, (bytes) => void node.write(bytes));
    this.#join(node, client, (bytes) => this.#toClient(client, bytes));
  }

  #join(from: Socket, to: Socket, pass: (bytes: Buffer) => void): void {
    this.#sockets.add(from);
    from.on("data", (bytes) => {
      if (!this.silent) pass(bytes);
    });
    from.on("error", () => {});
    from.on("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }

  #toClient(client: Socket, bytes: Buffer): void {
    if (!this.byteByByte) client.write(bytes);
    else for (const byte of bytes) client.write(Uint8Array.of(byte));
  }
}
