/** A proxy between clients of any kind and a node, which records their messages. */

import { createServer, type Server, type Socket } from "node:net";
import { errorText, UsageError } from "../../errors";
import { LineSplitter } from "../../secop/wire/lineSplitter";
import { openTransport } from "../../secop/wire/transport/index";
import { type NodeAddress, parseUri } from "../../secop/wire/uri";
import { RecordingFile, type RecordingFileOptions } from "../record/recordingFile";
import { Redaction } from "../record/redaction";

/** A running proxy. */
export interface RecordingProxy {
  /** The address for clients. */
  readonly uri: string;
  /** The size of the recording in bytes. */
  readonly bytes: number;
  close(): Promise<void>;
}

/**
 * Listens for clients and connects each of them to the node. Its recording can be followed; for an exact
 * replay the client itself has to record.
 *
 * Rejects with a UsageError if the port or the file cannot be used.
 */
export async function startRecordingProxy(
  uri: string,
  path: string,
  options: { readonly port?: number; readonly host?: string; readonly redact?: readonly string[] } = {},
): Promise<RecordingProxy> {
  const address = parseUri(uri);
  const { port = 0, host = "127.0.0.1", redact = [] } = options;
  const notice = (text: string) => console.warn(text);
  const redaction = new Redaction(redact, notice);
  const server = createServer({ noDelay: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new UsageError(`cannot listen on port ${port}: ${error.message}`)));
    server.listen(port, host, resolve);
  });
  const file = recordingOf(server, { path, client: "secop-lab record", seed: 0, redaction, notice });
  const sockets = new Set<Socket>();
  const numbers = { last: 0 };
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    void connectThrough(socket, address, file, numbers).catch((error: unknown) => {
      notice(errorText(error));
      socket.destroy();
    });
  });
  const listening = server.address();
  const served = typeof listening === "object" && listening ? listening.port : port;
  return {
    uri: `${host.includes(":") ? `[${host}]` : host}:${served}`,
    get bytes() {
      return file.bytes;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      file.close();
    },
  };
}

/**
 * Opens the recording of a server that listens already, so that a port that is taken leaves an older
 * recording as it is.
 *
 * @throws UsageError if the file cannot be written; the server is closed then
 */
function recordingOf(server: Server, options: RecordingFileOptions): RecordingFile {
  try {
    return new RecordingFile(options);
  } catch (error) {
    server.close();
    throw error;
  }
}

/** Connects a client to the node, and records the messages between them. */
async function connectThrough(
  socket: Socket,
  address: NodeAddress,
  file: RecordingFile,
  numbers: { last: number },
): Promise<void> {
  const lines = new LineSplitter();
  const early: string[] = [];
  let send = (line: string): void => void early.push(line);
  socket.on("data", (chunk) => lines.push(chunk, (line) => send(line)));
  let number = 0;
  let ended = false;
  const end = (reason: string) => {
    if (!ended && number > 0) file.add(number, "-", reason);
    ended = true;
  };
  const receive = (line: string) => {
    file.add(number, "<", line);
    socket.write(`${line}\n`);
  };
  const closed = (reason: string) => {
    end(reason);
    socket.destroy();
  };
  const events = { line: receive, problem: (text: string) => console.warn(text), closed };
  // The client may leave before the node answers.
  const left = new AbortController();
  const leave = () => left.abort();
  socket.once("close", leave);
  const transport = await openTransport(address, events, left.signal).catch((error: unknown) => {
    if (!left.signal.aborted) throw error;
  });
  socket.off("close", leave);
  if (!transport || socket.destroyed) {
    transport?.close();
    return;
  }
  numbers.last += 1;
  number = numbers.last;
  file.add(number, "+", address.text);
  send = (line) => {
    if (!ended) file.add(number, ">", line);
    transport.send(line);
  };
  for (const line of early) send(line);
  socket.once("close", () => {
    end("by the client");
    transport.close();
  });
}
