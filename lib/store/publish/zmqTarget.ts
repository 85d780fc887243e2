/**
 * bluesky's documents over 0MQ: simple and fast, for live views; a broker keeps nothing, and under load some
 * are lost.
 */

import { realClock } from "../../clock";
import { DOCUMENT_NAMES, type Document, type DocumentName } from "../../engine/documents/documents";
import { UsageError } from "../../errors";
import { checkOptions } from "../../options";
import { isAddress, publicAddress } from "../../publicAddress";
import { documentLine, parseDocumentLine } from "../files/documentLine";
import { loadLibrary } from "../reading/loadLibrary";
import type { DocumentSender, PublishTarget } from "./publisher";

/** The used part of the package zeromq. */
interface Zmq {
  readonly Publisher: new (options: object) => Socket & { send(frame: string): Promise<void> };
  readonly Subscriber: new (options: object) => Socket & AsyncIterable<Buffer[]> & { subscribe(prefix: string): void };
}
interface Socket {
  readonly closed: boolean;
  connect(uri: string): void;
  close(): void;
}

/** Options of bluesky's 0MQ proxy. */
export interface ZmqOptions {
  /** The prefix of bluesky, a text without spaces; default "". */
  readonly prefix?: string;
}

/** The first byte of a pickle. */
const PICKLE = 0x80;
/** What a publisher in Python needs, whose values may be numpy's. */
const SERIALIZER = "Publisher(address, serializer=lambda doc: json.dumps(doc, default=lambda v: v.tolist()).encode())";

/** Milliseconds that subscribers take to connect: documents that are sent before are lost. */
const SLOW_JOINER_MS = 500;

/**
 * A proxy of bluesky (`bluesky-0MQ-proxy IN OUT`): documents are sent to its in-port and received from its
 * out-port. Bodies are JSON, so Python needs `RemoteDispatcher(address, deserializer=json.loads)`; a Python
 * publisher needs `serializer=lambda doc: json.dumps(doc, default=lambda v: v.tolist()).encode()`, as pickled
 * documents are never read.
 */
export function zmq(address: string, options: ZmqOptions = {}): PublishTarget {
  checkOptions("zmq", options, { prefix: true });
  const { prefix = "" } = options;
  if (/\s/.test(prefix)) throw new UsageError("the prefix of 0MQ documents has no spaces");
  const uri = isAddress(address) ? address : `tcp://${address}`;
  if (!/^(ipc|inproc):/i.test(uri) && /[@?#]/.test(uri))
    throw new UsageError(`${publicAddress(uri)}: an address of 0MQ has neither user nor password`);
  return {
    kind: "zmq",
    uri,
    open: () => openSender(uri, prefix),
    documents: (signal) => received(uri, prefix, signal),
  };
}

const load = (): Promise<Zmq> => loadLibrary<Zmq>("zeromq", "0MQ documents");

async function openSender(uri: string, prefix: string): Promise<DocumentSender> {
  const { Publisher } = await load();
  const socket = new Publisher({ linger: 2000, sendHighWaterMark: 100_000 });
  socket.connect(uri);
  await new Promise<void>((resolve) => realClock.timer(SLOW_JOINER_MS / 1000, resolve));
  let last = Promise.resolve();
  return {
    send: ({ name, doc }) => {
      const json = documentLine(name, doc as never).slice(`{"name":"${name}","doc":`.length, -2);
      last = last.then(() => socket.send(`${prefix} ${name} ${json}`));
      return last;
    },
    close: async () => {
      await last;
      socket.close();
    },
  };
}

async function* received(uri: string, prefix: string, signal?: AbortSignal): AsyncGenerator<Document, void, undefined> {
  const { Subscriber } = await load();
  const socket = new Subscriber({ receiveHighWaterMark: 100_000 });
  socket.connect(uri);
  socket.subscribe(`${prefix} `);
  signal?.addEventListener("abort", () => socket.close(), { once: true });
  let isReported = false;
  try {
    for await (const [frame] of socket) {
      if (!frame) continue;
      const first = frame.indexOf(32);
      const second = frame.indexOf(32, first + 1);
      if (first < 0 || second < 0) continue;
      const name = frame.toString("utf8", first + 1, second) as DocumentName;
      if (!DOCUMENT_NAMES.includes(name)) continue;
      // A pickle is a program, and is never run.
      if (frame[second + 1] === PICKLE && !isReported) {
        console.warn(`${uri}: documents are pickled, which is never read; in Python: ${SERIALIZER} (reported once)`);
        isReported = true;
      }
      const document = parseDocumentLine(`{"name":"${name}","doc":${frame.toString("utf8", second + 1)}}`);
      if (document) yield document;
    }
  } finally {
    if (!socket.closed) socket.close();
  }
}
