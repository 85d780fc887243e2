/**
 * NATS JetStream, as Python's bluesky-nats speaks it: every document kept by the broker, and replayed to
 * latecomers.
 */

import type { ConsumerMessages, JetStreamClient } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { realClock } from "../../clock";
import { DOCUMENT_NAMES, type Document, type DocumentName } from "../../engine/documents/documents";
import { errorText, UsageError } from "../../errors";
import { exactNumber } from "../../exactNumber";
import { checkOptions } from "../../options";
import { isAddress, publicAddress } from "../../publicAddress";
import { delayFor } from "../../timeLimit";
import { loadLibrary } from "../reading/loadLibrary";
import type { DocumentSender, PublishTarget } from "./publisher";

type Transport = typeof import("@nats-io/transport-node");
type JetStream = typeof import("@nats-io/jetstream");
type MsgPack = typeof import("@msgpack/msgpack");

/** Options of a NATS broker. */
export interface NatsOptions {
  /** The beginning of the subjects, to which the name of the document is added; default "events.volatile". */
  readonly prefix?: string;
  /** The stream, which is made if it does not exist; default "bluesky", for all subjects below "events". */
  readonly stream?: string;
  /**
   * From where to receive: "all" (default) that the broker has, "new" ones only, or those of the last
   * seconds.
   */
  readonly from?: "all" | "new" | number;
}

/** Kept by the broker, at most: bytes and days. */
const MOST_BYTES = 2 ** 30;
const MOST_DAYS = 7;

/**
 * A NATS server with JetStream, for live documents:
 * `createRunEngine({ publish: nats("nats://broker:4222") })`, and `follow(nats(uri))`. User and password are
 * taken from the environment variables `NATS_USER` and `NATS_PASSWORD`.
 */
export function nats(address = "nats://localhost:4222", options: NatsOptions = {}): PublishTarget {
  checkOptions("nats", options, { prefix: true, stream: true, from: true });
  if (address.includes("@"))
    throw new UsageError("put user and password of NATS into the environment variables NATS_USER and NATS_PASSWORD");
  const uri = publicAddress(isAddress(address) ? address : `nats://${address}`);
  const { prefix = "events.volatile", stream = "bluesky", from = "all" } = options;
  const subjects = [`${prefix.split(".")[0]}.>`];
  return {
    kind: "nats",
    uri,
    open: () => openSender(uri, stream, subjects, prefix),
    documents: (signal) => received(uri, stream, subjects, from, signal),
  };
}

interface Broker {
  readonly connection: NatsConnection;
  readonly jetstream: JetStream;
  readonly transport: Transport;
  readonly msgpack: MsgPack;
}

async function connected(uri: string): Promise<Broker> {
  // All libraries come first: one that is missing leaves no open connection behind.
  const transport = await loadLibrary<Transport>("@nats-io/transport-node", "NATS brokers");
  const jetstream = await loadLibrary<JetStream>("@nats-io/jetstream", "NATS brokers");
  const msgpack = await loadLibrary<MsgPack>("@msgpack/msgpack", "NATS brokers");
  const { NATS_USER: user, NATS_PASSWORD: pass } = process.env;
  const login = user !== undefined && { user, ...(pass !== undefined && { pass }) };
  // The client connects again by itself, however long the broker is away.
  try {
    const connection = await transport.connect({ servers: uri, maxReconnectAttempts: -1, ...login });
    return { connection, jetstream, transport, msgpack };
  } catch (error) {
    const hint = user === undefined ? "" : " (user and password are those of NATS_USER and NATS_PASSWORD)";
    throw new Error(`cannot connect to the NATS broker at ${uri}: ${errorText(error)}${hint}`, { cause: error });
  }
}

/** How often a stream is looked for while another process makes it, and the seconds in between. */
const LOOKS = { most: 20, pause: 0.1 };

/**
 * Makes the stream unless it exists. The broker refuses to make it while another process does, and shortly
 * after a start, while it still reads the stream from its disk: then we wait until it is there.
 */
async function ensureStream(
  { jetstreamManager }: JetStream,
  connection: NatsConnection,
  name: string,
  subjects: string[],
) {
  const manager = await jetstreamManager(connection);
  const limits = { max_bytes: MOST_BYTES, max_age: MOST_DAYS * 86_400 * 1e9 };
  const exists = () =>
    manager.streams.info(name).then(
      () => true,
      () => false,
    );
  for (let look = 1; !(await exists()); look += 1) {
    try {
      await manager.streams.add({ name, subjects, ...limits });
      return;
    } catch (error) {
      if (look === LOOKS.most) throw error;
      await delayFor(LOOKS.pause, undefined, { real: true });
    }
  }
}

async function openSender(uri: string, stream: string, subjects: string[], prefix: string): Promise<DocumentSender> {
  const { connection, jetstream, transport, msgpack } = await connected(uri);
  try {
    await ensureStream(jetstream, connection, stream, subjects);
  } catch (error) {
    // An open connection would try to reach the broker for ever, and keep the process alive.
    await connection.close();
    throw error;
  }
  const client: JetStreamClient = jetstream.jetstream(connection);
  return {
    send: async ({ name, doc }, runUid) => {
      const headers = transport.headers();
      headers.set("run_id", runUid);
      const body = msgpack.encode(plainDocument(doc), { ignoreUndefined: true, useBigInt64: true });
      // The broker drops a second copy with the same id, so that a repeated sending is safe.
      await client.publish(`${prefix}.${name}`, body, { headers, msgID: `${name}/${idOf(doc)}`, retries: 10 });
    },
    // The broker has acknowledged each document. Draining would wait for a broker that is gone, and keep the
    // process alive.
    close: () => connection.close(),
  };
}

const idOf = (doc: object): string => {
  const { uid, datum_id } = doc as { uid?: unknown; datum_id?: unknown };
  return String(uid ?? datum_id);
};

/** Typed arrays as lists, as Python expects them; MessagePack would send bytes. */
function plainDocument(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, plainDocument);
  if (Array.isArray(value)) return value.map(plainDocument);
  // With bigints, MessagePack sends other large integers as doubles.
  if (Number.isSafeInteger(value) && Math.abs(value as number) > 2 ** 32 - 1) return BigInt(value as number);
  // It has no integers of more than 64 bits.
  if (typeof value === "bigint" && BigInt.asIntN(64, value) !== value && BigInt.asUintN(64, value) !== value)
    return Number(value);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainDocument(item)]));
  return value;
}

/** Integers of 64 bits as numbers, as far as these have all of their digits. */
function exact(value: unknown): unknown {
  if (typeof value === "bigint") return exactNumber(value);
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, exact(item)]));
  return value;
}

async function* received(
  uri: string,
  stream: string,
  subjects: string[],
  from: "all" | "new" | number,
  signal?: AbortSignal,
): AsyncGenerator<Document, void, undefined> {
  const { connection, jetstream, msgpack } = await connected(uri);
  try {
    await ensureStream(jetstream, connection, stream, subjects);
    const { DeliverPolicy } = jetstream;
    const policy =
      from === "all"
        ? { deliver_policy: DeliverPolicy.All }
        : from === "new"
          ? { deliver_policy: DeliverPolicy.New }
          : {
              deliver_policy: DeliverPolicy.StartTime,
              opt_start_time: new Date(1000 * (realClock.now() - from)).toISOString(),
            };
    // An ordered consumer leaves nothing on the broker, and goes on after the broker was away.
    const consumer = await jetstream
      .jetstream(connection)
      .consumers.get(stream, { filter_subjects: subjects[0] as string, ...policy });
    const messages: ConsumerMessages = await consumer.consume();
    signal?.addEventListener("abort", () => messages.stop(), { once: true });
    if (signal?.aborted) return;
    for await (const { subject, data } of messages) {
      const name = subject.split(".").at(-1) as DocumentName;
      // The cast is for what other programs send; readers of documents check what they use.
      if (DOCUMENT_NAMES.includes(name))
        yield { name, doc: exact(msgpack.decode(data, { useBigInt64: true })) } as Document;
    }
  } finally {
    await connection.close();
  }
}
