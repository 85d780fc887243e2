/**
 * Messages of GIOP 1.2, CORBA's protocol between client and server, as far as a client needs them (CORBA 3.3
 * part 2, section 9.4).
 */

import { MessageSplitter } from "../../messageSplitter";
import { CdrReader, CdrWriter } from "./cdr";

/** The types of messages. */
export const MessageType = {
  request: 0,
  reply: 1,
  closeConnection: 5,
  messageError: 6,
  fragment: 7,
} as const;

/** The statuses of replies. */
export const ReplyStatus = {
  noException: 0,
  userException: 1,
  systemException: 2,
  locationForward: 3,
  locationForwardPermanently: 4,
} as const;

/** A received message, reassembled from its fragments. */
export interface GiopMessage {
  readonly type: number;
  /** The reader is positioned after the header. */
  readonly body: CdrReader;
}

/** The reply to a request. */
export interface GiopReply {
  readonly requestId: number;
  readonly status: number;
  /**
   * Contains the result, the exception, or a reference to the object's new address, depending on `status`.
   */
  readonly body: CdrReader;
}

/** Bytes of the header of a message. */
const HEADER = 12;
/** Bytes of the header of a fragment: the header of a message and the number of the request. */
const FRAGMENT_HEADER = 16;
/** The largest message in bytes. A larger length means that the data is not GIOP. */
const MAX_SIZE = 256 * 1024 * 1024;
const EMPTY = Buffer.alloc(0);
const LITTLE_ENDIAN = 1;
const MORE_FRAGMENTS = 2;
/** The response flags of a request that the server answers when the operation has finished. */
const RESPONSE_EXPECTED = 3;

/** Encodes a request; `writeArguments` is called with a writer that is at the place of the arguments. */
export function encodeRequest(
  requestId: number,
  objectKey: Uint8Array,
  operation: string,
  writeArguments: (to: CdrWriter) => void,
): Buffer {
  const to = new CdrWriter();
  to.raw(Buffer.from(`GIOP\x01\x02${String.fromCharCode(LITTLE_ENDIAN, MessageType.request)}\0\0\0\0`, "latin1"));
  to.unsignedLong(requestId);
  to.raw(Buffer.from([RESPONSE_EXPECTED, 0, 0, 0]));
  // The target is addressed by its object key (AddressingDisposition KeyAddr).
  to.short(0);
  to.octets(objectKey);
  to.string(operation);
  // The list of service contexts is empty.
  to.unsignedLong(0);
  const header = to.bytes.length;
  to.align(8);
  const body = to.bytes.length;
  writeArguments(to);
  // A request without arguments ends at its header: padding is only sent in front of a body.
  const message = to.bytes.length === body ? to.bytes.subarray(0, header) : to.bytes;
  message.writeUInt32LE(message.length - HEADER, 8);
  return message;
}

/** Parses the body of a message of type `reply`. */
export function readReply(body: CdrReader): GiopReply {
  const requestId = body.unsignedLong();
  const status = body.unsignedLong();
  const contexts = body.count(8);
  for (let i = 0; i < contexts; i++) {
    body.unsignedLong();
    body.octets();
  }
  body.align(8);
  return { requestId, status, body };
}

/** A message of which some fragments have arrived. */
interface Unfinished {
  readonly type: number;
  readonly little: boolean;
  readonly parts: Buffer[];
  /** The memory of the first part with the free bytes that follow it. */
  readonly withSpare: Buffer;
  size: number;
}

/**
 * Bytes that are kept free after a large message: omniORB sends the last bytes of an image in a fragment of
 * their own, and the image would have to be copied to join them.
 */
const SPARE = 0x400;

/** Splits a stream of bytes into messages. `push` throws RangeError for data that is not GIOP. */
export class GiopMessageSplitter extends MessageSplitter<GiopMessage> {
  constructor() {
    const fragments = new Fragments();
    super({ header: HEADER, spare: SPARE, sizeOf: messageSize, parse: fragments.whole });
  }
}

/** The messages of which fragments have arrived. */
class Fragments {
  readonly #unfinished = new Map<number, Unfinished>();

  /** The message to which the bytes belong; undefined until its last fragment has arrived. */
  readonly whole = (bytes: Buffer, withSpare: Buffer): GiopMessage | undefined => {
    const [flags = 0, type = 0] = bytes.subarray(6, 8);
    const little = (flags & LITTLE_ENDIAN) !== 0;
    const more = (flags & MORE_FRAGMENTS) !== 0;
    if (type !== MessageType.fragment && !more) return { type, body: new CdrReader(bytes, little, HEADER) };
    const requestId = new CdrReader(bytes, little, HEADER).unsignedLong();
    if (type !== MessageType.fragment) {
      this.#unfinished.set(requestId, { type, little, parts: [bytes], withSpare, size: bytes.length });
      return undefined;
    }
    const begun = this.#unfinished.get(requestId);
    if (!begun) throw new RangeError("a fragment belongs to no message");
    const part = bytes.subarray(FRAGMENT_HEADER);
    begun.parts.push(part);
    begun.size += part.length;
    if (begun.size > MAX_SIZE) throw new RangeError(`a message of more than ${MAX_SIZE} bytes`);
    if (more) return undefined;
    this.#unfinished.delete(requestId);
    return { type: begun.type, body: bodyOf(begun) };
  };
}

/** A reader of the whole message. The later parts are copied after the first one if there is room. */
function bodyOf({ parts, withSpare, little, size }: Unfinished): CdrReader {
  const [first = EMPTY, ...later] = parts;
  if (size > withSpare.length) return new CdrReader(first, little, HEADER, later);
  let at = first.length;
  for (const part of later) at += part.copy(withSpare, at);
  return new CdrReader(withSpare.subarray(0, size), little, HEADER);
}

/** The size of a message in bytes, including its header. */
function messageSize(bytes: Buffer): number {
  if (bytes.toString("latin1", 0, 4) !== "GIOP") throw new RangeError("a message does not begin with GIOP");
  const [major, minor, flags = 0] = bytes.subarray(4, 7);
  if (major !== 1 || minor === undefined || minor > 2)
    throw new RangeError(`GIOP ${major}.${minor} is not supported, only 1.0 to 1.2`);
  const size = flags & LITTLE_ENDIAN ? bytes.readUInt32LE(8) : bytes.readUInt32BE(8);
  if (size > MAX_SIZE) throw new RangeError(`a message of ${size} bytes is too large`);
  return HEADER + size;
}
