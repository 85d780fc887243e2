/** The network port of a simulated node, for plain TCP and WebSocket alike. */

import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { LineSplitter } from "../../secop/wire/lineSplitter";
import type { SimulatedNode } from "../node/simulatedNode";
import { ClientSession } from "./clientSession";

/** A running server. */
export interface NodeServer {
  readonly port: number;
  /** Cuts every connection; the server keeps listening. */
  dropClients(): void;
  close(): Promise<void>;
}

/** The host and the port of a server, and whether it accepts WebSockets. */
export interface ServerOptions {
  readonly host: string;
  /** TCP port; 0 is any free one. */
  readonly port: number;
  readonly webSocket: boolean;
}

/** A client that does not read is disconnected when this many bytes wait for it. */
const MAX_BACKLOG = 64 * 1024 * 1024;

/**
 * Serves a node. The first bytes of a connection show whether it speaks HTTP or SECoP (RFC-107). Rejects if
 * the port is taken.
 */
export async function serve(node: SimulatedNode, options: ServerOptions): Promise<NodeServer> {
  const sockets = new Set<Socket>();
  const web = options.webSocket ? webSocketServer(node) : undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    firstBytes(socket, (first) => {
      if (web && isHttp(first)) handOver(web, socket, first);
      else serveLines(node, socket, first);
    });
  });
  await listen(server, options);
  const dropClients = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    dropClients,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        dropClients();
      }),
  };
}

function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

const HTTP = "GET ";
const isHttp = (bytes: Buffer): boolean => bytes.subarray(0, HTTP.length).toString("latin1") === HTTP;

/** Calls `then` with the received bytes, as soon as they distinguish HTTP from SECoP. */
function firstBytes(socket: Socket, then: (bytes: Buffer) => void): void {
  let seen = Buffer.alloc(0);
  const look = (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk]);
    if (seen.length < HTTP.length && HTTP.startsWith(seen.toString("latin1"))) return;
    socket.off("data", look);
    then(seen);
  };
  socket.on("data", look);
}

function serveLines(node: SimulatedNode, socket: Socket, first: Buffer): void {
  const session = new ClientSession(node, (line) => {
    socket.write(`${line}\n`);
    if (socket.writableLength > MAX_BACKLOG) socket.destroy();
  });
  const splitter = new LineSplitter();
  const receive = (chunk: Buffer) => {
    // All answers go in one segment, since a second small one would wait for a delayed acknowledgement.
    socket.cork();
    splitter.push(chunk, (line) => session.handle(line));
    socket.uncork();
  };
  socket.on("data", receive);
  socket.once("close", () => session.close());
  receive(first);
}

function handOver(web: HttpServer, socket: Socket, first: Buffer): void {
  web.emit("connection", socket);
  socket.unshift(first);
}

/** An HTTP server that does not listen itself: it receives the connections that began with GET. */
function webSocketServer(node: SimulatedNode): HttpServer {
  const upgrader = new WebSocketServer({ noServer: true });
  const http = createHttpServer((_request, response) => {
    response.writeHead(426, { "Content-Type": "text/plain" });
    response.end("This is a SEC node: speak SECoP over TCP or WebSocket.\n");
  });
  http.on("upgrade", (request, socket, head) => {
    upgrader.handleUpgrade(request, socket, head, (client) => serveFrames(node, client));
  });
  return http;
}

function serveFrames(node: SimulatedNode, client: WebSocket): void {
  const session = new ClientSession(node, (line) => {
    client.send(line);
    if (client.bufferedAmount > MAX_BACKLOG) client.terminate();
  });
  client.on("message", (data) => {
    for (const line of data.toString().split("\n")) if (line !== "") session.handle(line);
  });
  client.once("close", () => session.close());
  client.on("error", () => client.terminate());
}
