/** Messages of pvAccess: a header of 8 bytes and a payload, both in the byte order that the header names. */

// Source: "pvAccess protocol specification", sections "Message structure" and "Application messages".

import { MessageSplitter } from "../../messageSplitter";
import { PvaWriter } from "./pvaWriter";

/** The numbers of the commands that a client sends or receives. */
export const PvaCommand = {
  connectionValidation: 1,
  echo: 2,
  search: 3,
  searchResponse: 4,
  createChannel: 7,
  destroyChannel: 8,
  connectionValidated: 9,
  get: 10,
  put: 11,
  monitor: 13,
  destroyRequest: 15,
  message: 18,
  rpc: 20,
} as const;

/** The numbers of the control messages, which have a number instead of a payload. */
export const PvaControl = { setByteOrder: 2, echoRequest: 3, echoResponse: 4 } as const;

/** The phases of an operation, which combine as bits. */
export const Phase = { init: 0x08, destroy: 0x10, get: 0x40, start: 0x44, stop: 0x04, pipeline: 0x80 } as const;

/** A message, or a control message. */
export interface PvaMessage {
  readonly command: number;
  /** Whether it is a control message, whose `size` is its number. */
  readonly control: boolean;
  readonly bigEndian: boolean;
  readonly size: number;
  readonly payload: Buffer;
}

const MAGIC = 0xca;
const VERSION = 2;
const HEADER = 8;
const CONTROL = 0x01;
const SEGMENT = 0x30;
const FIRST_SEGMENT = 0x10;
const LAST_SEGMENT = 0x20;
const BIG_ENDIAN = 0x80;
/** The largest message in bytes. A larger length means that the data is not pvAccess. */
const LARGEST = 2 ** 30;
const EMPTY = Buffer.alloc(0);

/** Encodes a message of a client. */
export function encodePvaMessage(command: number, bigEndian: boolean, write: (to: PvaWriter) => void): Buffer {
  const payload = new PvaWriter(bigEndian);
  write(payload);
  return Buffer.concat([header(command, bigEndian, 0, payload.bytes.length), payload.bytes]);
}

/** Encodes a control message. */
export const encodePvaControl = (command: number, bigEndian: boolean, number: number): Buffer =>
  header(command, bigEndian, CONTROL, number);

function header(command: number, bigEndian: boolean, flags: number, size: number): Buffer {
  const bytes = Buffer.alloc(HEADER);
  bytes[0] = MAGIC;
  bytes[1] = VERSION;
  bytes[2] = flags | (bigEndian ? BIG_ENDIAN : 0);
  bytes[3] = command;
  if (bigEndian) bytes.writeUInt32BE(size, 4);
  else bytes.writeUInt32LE(size, 4);
  return bytes;
}

/**
 * Splits a stream into messages, and joins the segments of a large message. `push` throws RangeError
 * for data that is not pvAccess.
 */
export class PvaMessageSplitter extends MessageSplitter<PvaMessage> {
  constructor() {
    const segments = new Segments();
    super({ header: HEADER, sizeOf: messageSize, parse: (bytes) => parseMessage(bytes, segments) });
  }
}

function parseMessage(bytes: Buffer, segments: Segments): PvaMessage | undefined {
  const flags = bytes[2] ?? 0;
  const bigEndian = (flags & BIG_ENDIAN) !== 0;
  const command = bytes[3] ?? 0;
  if ((flags & CONTROL) !== 0) {
    const size = bigEndian ? bytes.readUInt32BE(4) : bytes.readUInt32LE(4);
    return { command, control: true, bigEndian, size, payload: EMPTY };
  }
  const payload = segments.whole(flags & SEGMENT, bytes.subarray(HEADER));
  return payload && { command, control: false, bigEndian, size: payload.length, payload };
}

/** The segments of a large message that have arrived. */
class Segments {
  #parts: Buffer[] = [];
  #length = 0;

  /** The payload of a message; undefined until its last segment has arrived. */
  whole(segment: number, payload: Buffer): Buffer | undefined {
    if (segment === 0) return payload;
    if (segment === FIRST_SEGMENT) this.#forget();
    this.#parts.push(payload);
    this.#length += payload.length;
    if (this.#length > LARGEST) throw new RangeError(`a message has ${this.#length} bytes`);
    if (segment !== LAST_SEGMENT) return undefined;
    const whole = Buffer.concat(this.#parts, this.#length);
    this.#forget();
    return whole;
  }

  #forget(): void {
    this.#parts = [];
    this.#length = 0;
  }
}

function messageSize(data: Buffer): number {
  const flags = data[2] ?? 0;
  if (data[0] !== MAGIC) throw new RangeError("a message does not begin as pvAccess does");
  if ((flags & CONTROL) !== 0) return HEADER;
  const size = (flags & BIG_ENDIAN) !== 0 ? data.readUInt32BE(4) : data.readUInt32LE(4);
  if (size > LARGEST) throw new RangeError(`a message has ${size} bytes`);
  return HEADER + size;
}
