/**
 * Jupyter's wire format: signed messages as frames on a ZeroMQ socket (jupyter-client, "The wire protocol").
 */

// tslab has its own implementation, but it cannot carry binary buffers.

import { createHmac, createSecretKey, type KeyObject, randomUUID, timingSafeEqual } from "node:crypto";
import { errorText, UsageError } from "../../lib/errors";
import { signatureHash } from "./connection";

/** The version of the messaging protocol that this kernel speaks. */
export const PROTOCOL_VERSION = "5.4";

export interface MessageHeader {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
  /** The subshell that a request is for (JEP 91); without it, the main shell. */
  readonly subshell_id?: string | null;
}

export interface JupyterMessage {
  /** ZeroMQ's routing prefix: the client that a reply goes to. */
  readonly identities: readonly Buffer[];
  readonly header: MessageHeader;
  readonly parentHeader: Partial<MessageHeader>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Buffer[];
}

/**
 * A message to send. `content` is JSON text already, so that a later change of the object
 * does not change the message.
 */
export interface OutgoingMessage {
  /** The message id. Default: the next one of this connection. */
  readonly id?: string;
  readonly type: string;
  readonly parent: Partial<MessageHeader>;
  readonly content: string;
  readonly metadata?: string;
  readonly buffers?: readonly Uint8Array[];
}

const DELIMITER = Buffer.from("<IDS|MSG>");

/** Reads and writes the messages of one connection. As in Jupyter, an empty key means unsigned messages. */
export class MessageCodec {
  /** Undefined if messages are unsigned. */
  readonly #key: KeyObject | undefined;
  readonly #hash: string;
  readonly #session = randomUUID();
  #count = 0;

  /**
   * @param scheme How messages are signed, as the connection file says. Default: `hmac-sha256`.
   * @throws UsageError for an unknown scheme.
   */
  constructor(key: string, scheme?: string) {
    this.#key = key === "" ? undefined : createSecretKey(key, "utf8");
    this.#hash = key === "" ? "" : signatureHash(scheme);
  }

  /** @throws UsageError if the frames are not a message, or if the signature is wrong. */
  decode(frames: readonly Buffer[]): JupyterMessage {
    const delimiter = frames.findIndex((frame) => frame.equals(DELIMITER));
    const [signature, header, parent, metadata, content, ...buffers] = frames.slice(delimiter + 1);
    if (delimiter < 0 || !signature || !header || !parent || !metadata || !content) {
      throw new UsageError("received frames that are not a Jupyter message");
    }
    this.#verify(signature, [header, parent, metadata, content]);
    return {
      identities: frames.slice(0, delimiter),
      header: JSON.parse(header.toString()),
      parentHeader: JSON.parse(parent.toString()),
      metadata: JSON.parse(metadata.toString()),
      content: JSON.parse(content.toString()),
      buffers,
    };
  }

  /** Like `decode`, but logs a refused message to stderr and returns undefined. */
  decodeOrLog(frames: readonly Buffer[]): JupyterMessage | undefined {
    try {
      return this.decode(frames);
    } catch (error) {
      console.error(`secop-lab kernel: ${errorText(error)}`);
      return undefined;
    }
  }

  encode(message: OutgoingMessage, identities: readonly Buffer[]): (Buffer | string | Uint8Array)[] {
    const header: MessageHeader = {
      msg_id: message.id ?? `${this.#session}_${++this.#count}`,
      session: this.#session,
      username: "secop-lab",
      date: new Date().toISOString(),
      msg_type: message.type,
      version: PROTOCOL_VERSION,
    };
    const parts = [JSON.stringify(header), JSON.stringify(message.parent), message.metadata ?? "{}", message.content];
    return [...identities, DELIMITER, this.#sign(parts), ...parts, ...(message.buffers ?? [])];
  }

  #sign(parts: readonly (string | Buffer)[]): string {
    if (this.#key === undefined) return "";
    const hmac = createHmac(this.#hash, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  #verify(signature: Buffer, parts: readonly Buffer[]): void {
    if (this.#key === undefined) return;
    const expected = Buffer.from(this.#sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new UsageError("received a Jupyter message with a wrong signature");
    }
  }
}
