/** The queue of everything that cells publish: it keeps the order and loses nothing. */

// To send fewer messages, it joins consecutive text of one stream, and of several pending updates of one
// display it sends only the newest.

import type { MessageCodec, MessageHeader, OutgoingMessage } from "./jupyterMessage";
import { type MessageFrames, type SendingSocket, SocketPump } from "./socketPump";

export type StreamName = "stdout" | "stderr";

export interface PublishOptions {
  readonly metadata?: object;
  readonly buffers?: readonly Uint8Array[];
  /** The topic by which subscribers choose messages. Default: the type of the message. */
  readonly topic?: string;
}

/** The most characters of stream text in one message. */
const MAX_STREAM_TEXT = 65_536;
/** Text that comes so soon after the last text that was sent waits this long for more text. */
const STREAM_PAUSE_MS = 20;

interface StreamItem {
  readonly kind: "stream";
  readonly parent: MessageHeader;
  readonly name: StreamName;
  readonly chunks: string[];
  size: number;
}

interface MessageItem {
  readonly kind: "message";
  message: OutgoingMessage;
  readonly topic: string;
  readonly displayId: string | undefined;
}

export class IopubQueue {
  readonly #codec: MessageCodec;
  readonly #pump: SocketPump;
  #queue: (StreamItem | MessageItem)[] = [];
  /** The index of the first item that is not sent yet. */
  #head = 0;
  /** The stream item at the end of the queue, while text can still be added to it. */
  #openStream: StreamItem | undefined;
  readonly #pendingUpdates = new Map<string, MessageItem>();
  #soon: NodeJS.Immediate | undefined;
  #later: NodeJS.Timeout | undefined;
  #lastStreamMs = 0;
  #flushing = false;

  constructor(socket: SendingSocket, codec: MessageCodec) {
    this.#codec = codec;
    this.#pump = new SocketPump(socket, () => this.#next());
  }

  stream(parent: MessageHeader, name: StreamName, text: string): void {
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

  /**
   * Throws if `content` cannot be written as JSON, at once, so that the cell that
   * published it gets the error.
   */
  publish(parent: Partial<MessageHeader>, type: string, content: object, options: PublishOptions = {}): void {
    const message: OutgoingMessage = {
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
    const item: MessageItem = { kind: "message", message, topic: options.topic ?? type, displayId };
    if (displayId !== undefined) this.#pendingUpdates.set(displayId, item);
    this.#openStream = undefined;
    this.#queue.push(item);
    this.#schedule();
  }

  /** Resolves when ZeroMQ has accepted everything that was published so far. */
  async flush(): Promise<void> {
    this.#flushing = true;
    await this.#pump.flush();
    this.#flushing = false;
  }

  /**
   * Hands everything published so far to ZeroMQ, without waiting: for a process that ends now.
   * Messages that ZeroMQ refuses are lost.
   */
  sendRest(): void {
    this.#flushing = true;
    this.#pump.sendRest();
  }

  /** Starts sending again, after code was stopped by force. */
  recover(): void {
    this.#soon = undefined;
    this.#later = undefined;
    this.#pump.recover();
  }

  /**
   * Starts sending in a later turn of the event loop, so that what code publishes in one turn can be joined.
   */
  #schedule(): void {
    if (this.#pump.running || this.#soon) return;
    const waitMs = this.#streamWaitMs();
    if (waitMs > 0) this.#later ??= setTimeout(() => this.#start(), waitMs);
    else this.#soon = setImmediate(() => this.#start());
  }

  #start(): void {
    clearTimeout(this.#later);
    clearImmediate(this.#soon);
    this.#later = undefined;
    this.#soon = undefined;
    this.#pump.start();
  }

  /**
   * How long the stream text in the queue should wait for more (ms). Zero or less if anything else is queued.
   */
  #streamWaitMs(): number {
    const onlyOpenStream = this.#head === this.#queue.length - 1 && this.#queue[this.#head] === this.#openStream;
    if (this.#flushing || !onlyOpenStream) return 0;
    return this.#lastStreamMs + STREAM_PAUSE_MS - performance.now();
  }

  #next(): MessageFrames | undefined {
    if (this.#streamWaitMs() > 0) {
      this.#later ??= setTimeout(() => this.#start(), this.#streamWaitMs());
      return undefined;
    }
    const item = this.#queue[this.#head++];
    if (!item) {
      this.#queue = [];
      this.#head = 0;
      return undefined;
    }
    const message = item.kind === "stream" ? this.#closeStream(item) : item.message;
    if (item.kind === "message" && item.displayId !== undefined) this.#pendingUpdates.delete(item.displayId);
    return this.#codec.encode(message, [Buffer.from(item.kind === "message" ? item.topic : message.type)]);
  }

  #closeStream(item: StreamItem): OutgoingMessage {
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
