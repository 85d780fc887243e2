/** Cuts a stream of bytes into messages whose headers say how long they are. */

const EMPTY = Buffer.alloc(0);
/** Messages with more bytes than this are received into memory of their own. */
const LARGE = 0x1_0000;

/** How the messages of a protocol are cut. */
export interface MessageFormat<M> {
  /** The bytes that must have arrived before `sizeOf` is asked. */
  readonly header: number;
  /**
   * The size of the message at the beginning of `bytes`, with its header; or, as long as that is not known,
   * how many bytes tell more. @throws RangeError for data that is not of this protocol.
   */
  readonly sizeOf: (bytes: Buffer) => number;
  /**
   * How many free bytes of memory follow a large message, so that its end can be added there if a later
   * message brings it. Default: 0.
   */
  readonly spare?: number;
  /**
   * What the bytes mean; undefined if they mean nothing without those of a later message. `withSpare` is the
   * memory of these bytes and of the free bytes that follow them.
   */
  readonly parse: (bytes: Buffer, withSpare: Buffer) => M | undefined;
}

/** Reads the messages of one connection. Their bytes are not used again, so that they may be kept. */
export class MessageSplitter<M> {
  readonly #format: MessageFormat<M>;
  /** Room for the message that has begun, and how much of it has arrived. */
  #begun: Buffer = EMPTY;
  /** The same memory with the free bytes that follow it. */
  #withSpare: Buffer = EMPTY;
  #length = 0;
  #arrivals: Buffer | undefined;

  constructor(format: MessageFormat<M>) {
    this.#format = format;
  }

  /**
   * Memory into which the next bytes may be received before they are pushed: the rest of a large message, so
   * that it is never copied, else a buffer that is used again and again.
   */
  get room(): Buffer {
    if (this.#begun.length - this.#length > LARGE) return this.#begun.subarray(this.#length);
    this.#arrivals ??= Buffer.allocUnsafeSlow(LARGE);
    return this.#arrivals;
  }

  /**
   * Takes bytes and reports each message that is complete.
   *
   * @throws RangeError for data of another protocol.
   */
  push(bytes: Buffer, onMessage: (message: M) => void): void {
    let rest = bytes.buffer === this.#arrivals?.buffer ? Buffer.from(bytes) : bytes;
    while (rest.length > 0) {
      if (this.#length === 0) {
        const size = this.#sizeOf(rest);
        if (size > rest.length) this.#begin(size);
        else {
          const whole = rest.subarray(0, size);
          this.#report(whole, whole, onMessage);
          rest = rest.subarray(size);
          continue;
        }
      }
      rest = this.#fill(rest);
      if (this.#length < this.#begun.length) return;
      const size = this.#sizeOf(this.#begun);
      if (size > this.#length) this.#begin(size);
      else {
        const withSpare = this.#end();
        this.#report(withSpare.subarray(0, size), withSpare, onMessage);
      }
    }
  }

  #sizeOf(bytes: Buffer): number {
    return bytes.length < this.#format.header ? this.#format.header : this.#format.sizeOf(bytes);
  }

  #report(bytes: Buffer, withSpare: Buffer, onMessage: (message: M) => void): void {
    const message = this.#format.parse(bytes, withSpare);
    if (message !== undefined) onMessage(message);
  }

  /** Makes room for a message, whose beginning may have arrived. */
  #begin(size: number): void {
    const spare = size > LARGE ? (this.#format.spare ?? 0) : 0;
    const room = Buffer.allocUnsafeSlow(size + spare);
    this.#begun.copy(room, 0, 0, this.#length);
    this.#begun = room.subarray(0, size);
    this.#withSpare = room;
  }

  #end(): Buffer {
    const whole = this.#withSpare;
    this.#begun = EMPTY;
    this.#withSpare = EMPTY;
    this.#length = 0;
    return whole;
  }

  /**
   * Adds bytes to the message that has begun, unless they were received there; returns those that are left.
   */
  #fill(bytes: Buffer): Buffer {
    const count = Math.min(bytes.length, this.#begun.length - this.#length);
    const isThere = bytes.buffer === this.#begun.buffer && bytes.byteOffset === this.#begun.byteOffset + this.#length;
    if (!isThere) bytes.copy(this.#begun, this.#length, 0, count);
    this.#length += count;
    return bytes.subarray(count);
  }
}
