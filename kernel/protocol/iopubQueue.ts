/**
 * What cells publish, in order, nothing lost: the next message waits for the one before, text of a stream goes together,
 * and of several pending updates of one display only the newest is sent.
 */

import type { Header, MessageCodec, Outgoing } from "./message";
import type { SocketSender } from "./socketSender";

export type StreamName = "stdout" | "stderr";

export interface PublishOptions {
  readonly metadata?: object;
  readonly buffers?: readonly Uint8Array[];
}

/** Characters of stream text in one message at most. */
const MAX_STREAM_TEXT = 65_536;
/** Text that follows other text within this time waits for more of it. */
const STREAM_PAUSE_MS = 20;

interface StreamItem {
  readonly kind: "stream";
  readonly parent: Header;
  readonly name: StreamName;
  readonly chunks: string[];
  size: number;
}

interface MessageItem {
  readonly kind: "message";
  message: Outgoing;
  readonly displayId: string | undefined;
}

export class IopubQueue {
  readonly #sender: SocketSender;
  readonly #codec: MessageCodec;
  #queue: (StreamItem | MessageItem)[] = [];
  /** The stream item at the end of the queue, while text can still be added to it. */
  #openStream: StreamItem | undefined;
  readonly #pendingUpdates = new Map<string, MessageItem>();
  #pumping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  #lastStreamMs = 0;

  constructor(sender: SocketSender, codec: MessageCodec) {
    this.#sender = sender;
    this.#codec = codec;
  }

  stream(parent: Header, name: StreamName, text: string): void {
    if (text === "") return;
    const open = this.#openStream;
    if (open && open.parent === parent && open.name === name && open.size < MAX_STREAM_TEXT) {
      open.chunks.push(text);
      open.size += text.length;
      return;
    }
    this.#openStream = { kind: "stream", parent, name, chunks: [text], size: text.length };
    this.#queue.push(this.#openStream);
    this.#schedule();
  }

  /** Throws if `content` cannot be written as JSON, at once, so that the cell that published it gets the error. */
  publish(parent: Partial<Header>, type: string, content: object, options: PublishOptions = {}): void {
    const message: Outgoing = {
      type,
      parent,
      content: JSON.stringify(content),
      ...(options.metadata && { metadata: JSON.stringify(options.metadata) }),
      ...(options.buffers && { buffers: options.buffers }),
    };
    const displayId = type === "update_display_data" ? displayIdOf(content) : undefined;
    const pending = displayId === undefined ? undefined : this.#pendingUpdates.get(displayId);
    if (pending) {
      pending.message = message;
      return;
    }
    const item: MessageItem = { kind: "message", message, displayId };
    if (displayId !== undefined) this.#pendingUpdates.set(displayId, item);
    this.#openStream = undefined;
    this.#queue.push(item);
    this.#schedule();
  }

  /** Resolves when everything published so far is with ZeroMQ. */
  async flush(): Promise<void> {
    do {
      this.#lastStreamMs = 0;
      this.#startPump();
      await this.#pumping;
    } while (this.#queue.length > 0);
  }

  #schedule(): void {
    if (this.#pumping || this.#soon) return;
    const waitMs = this.#streamWaitMs();
    if (waitMs > 0) {
      this.#timer ??= setTimeout(() => this.#startPump(), waitMs);
      return;
    }
    this.#soon = setImmediate(() => this.#startPump());
  }

  /** How long the text in the queue should wait for more: only if nothing else does. */
  #streamWaitMs(): number {
    if (this.#queue.length !== 1 || this.#queue[0] !== this.#openStream) return 0;
    return this.#lastStreamMs + STREAM_PAUSE_MS - performance.now();
  }

  #startPump(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    this.#timer = undefined;
    this.#soon = undefined;
    this.#pumping ??= this.#pump();
  }

  async #pump(): Promise<void> {
    while (this.#queue.length > 0 && this.#streamWaitMs() <= 0) {
      const batch = this.#queue;
      this.#queue = [];
      for (const item of batch) {
        const message = item.kind === "stream" ? this.#closeStream(item) : item.message;
        if (item.kind === "message" && item.displayId !== undefined) this.#pendingUpdates.delete(item.displayId);
        await this.#sender.send(this.#codec.encode(message, [Buffer.from(message.type)]));
      }
    }
    this.#pumping = undefined;
    if (this.#queue.length > 0) this.#schedule();
  }

  #closeStream(item: StreamItem): Outgoing {
    if (this.#openStream === item) this.#openStream = undefined;
    this.#lastStreamMs = performance.now();
    return {
      type: "stream",
      parent: item.parent,
      content: JSON.stringify({ name: item.name, text: item.chunks.join("") }),
    };
  }
}

function displayIdOf(content: object): string | undefined {
  const { transient } = content as { transient?: { display_id?: string } };
  return transient?.display_id;
}
