/** A SEC node whose answers and faults a test chooses; by default it has one small module `m`. */

import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

/** The default description. */
export const DESCRIPTION = {
  equipment_id: "scripted.test",
  description: "a node for tests",
  modules: {
    m: {
      description: "a module",
      interface_classes: ["Drivable"],
      accessibles: {
        value: { description: "v", datainfo: { type: "double", unit: "K" }, readonly: true },
        target: { description: "t", datainfo: { type: "double", min: 0, max: 325, unit: "K" }, readonly: false },
        status: {
          description: "s",
          datainfo: {
            type: "tuple",
            members: [{ type: "enum", members: { IDLE: 100, BUSY: 300 } }, { type: "string" }],
          },
          readonly: true,
        },
        _text: { description: "x", datainfo: { type: "string", isUTF8: true }, readonly: false },
        _ratio: { description: "r", datainfo: { type: "double" }, readonly: true, constant: 1.5 },
        stop: { description: "stop", datainfo: { type: "command" } },
        _add: {
          description: "a + b",
          datainfo: {
            type: "command",
            argument: { type: "tuple", members: [{ type: "double" }, { type: "double" }] },
            result: { type: "double" },
          },
        },
      },
    },
  },
};

/** A connection of a client. `index` counts connections from 0. */
export interface Peer {
  readonly index: number;
  readonly socket: Socket;
  send(line: string): void;
}

/** The answer to a line: one or several lines, `[]` for no answer, undefined for the usual one. */
export type Answer = (line: string, peer: Peer) => string | readonly string[] | undefined;

/** Answers each line as `answer` says, or in the usual way. */
export class ScriptedNode {
  description: unknown = DESCRIPTION;
  /** Called before the usual answers. */
  answer: Answer = () => undefined;
  /** Called with a new connection before anything is read from it. It may destroy the socket to refuse it. */
  onConnection: (peer: Peer) => void = () => {};
  /** All lines so far. */
  readonly received: string[] = [];
  peers: Peer[] = [];
  /** The connection that sent the last line. */
  lastPeer: Peer | undefined;
  port = 0;
  #connections = 0;
  readonly #server: Server;
  readonly #activated = new Set<Peer>();

  constructor() {
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(host?: string): Promise<ScriptedNode> {
    const node = new ScriptedNode();
    await node.listen(0, host);
    return node;
  }

  async listen(port = this.port, host = "127.0.0.1"): Promise<void> {
    this.#server.listen(port, host);
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (typeof address === "object" && address) this.port = address.port;
  }

  get uri(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The number of connections so far, closed ones included. */
  get connections(): number {
    return this.#connections;
  }

  /** Sends lines to every activated connection. */
  update(...lines: string[]): void {
    for (const peer of this.#activated) for (const line of lines) peer.send(line);
  }

  /** Resolves with the next line received that begins with `start`. */
  async next(start: string): Promise<string> {
    const from = this.received.length;
    while (true) {
      const found = this.received.slice(from).find((line) => line.startsWith(start));
      if (found !== undefined) return found;
      await once(this.#server, "line");
    }
  }

  /** Ends every connection, as a killed process does. */
  drop(): void {
    for (const peer of this.peers) peer.socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.drop();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(socket: Socket): void {
    const peer: Peer = { index: this.#connections, socket, send: (line) => void socket.write(`${line}\n`) };
    this.#connections += 1;
    this.peers.push(peer);
    socket.setNoDelay(true).setEncoding("utf8");
    socket.on("error", () => {});
    socket.on("close", () => {
      this.peers = this.peers.filter((other) => other !== peer);
      this.#activated.delete(peer);
    });
    this.onConnection(peer);
    let rest = "";
    socket.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#onLine(line, peer);
    });
  }

  #onLine(line: string, peer: Peer): void {
    this.received.push(line);
    this.lastPeer = peer;
    const answer = this.answer(line, peer) ?? this.#usual(line, peer);
    for (const reply of typeof answer === "string" ? [answer] : answer) peer.send(reply);
    this.#server.emit("line");
  }

  #usual(line: string, peer: Peer): string | string[] {
    const [action = "", specifier = ""] = line.split(" ", 2);
    const data = line.split(" ").slice(2).join(" ");
    switch (action) {
      case "*IDN?":
        return "ISSE&SINE2020,SECoP,V2019-09-16,v1.0";
      case "describe":
        return `describing . ${JSON.stringify(this.description)}`;
      case "activate":
        this.#activated.add(peer);
        return [
          'update m:value [1.5, {"t": 1000}]',
          'update m:status [[100, ""], {"t": 1000}]',
          `active ${specifier}`.trim(),
        ];
      case "ping":
        return `pong ${specifier} [null, {}]`;
      case "read":
        return `reply ${specifier} ${specifier === "m:status" ? '[[100, ""], {}]' : "[2.5, {}]"}`;
      case "change":
        return `changed ${specifier} [${data}, {}]`;
      case "do":
        return `done ${specifier} [null, {}]`;
      default:
        return `error_${action} ${specifier} ["ProtocolError", "unknown action", {}]`;
    }
  }
}
