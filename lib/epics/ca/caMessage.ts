/**
 * Messages of Channel Access: a big-endian header of 16 bytes (24 for large payloads) and a payload that is
 * padded to 8 bytes.
 */

import { MessageSplitter } from "../../messageSplitter";

/**
 * The numbers of the commands that a client sends or receives. Source: "CA protocol specification", EPICS
 * base documentation, sections "Message structure" and "Commands".
 */
export const CaCommand = {
  version: 0,
  eventAdd: 1,
  eventCancel: 2,
  write: 4,
  search: 6,
  error: 11,
  clearChannel: 12,
  readNotify: 15,
  createChannel: 18,
  writeNotify: 19,
  clientName: 20,
  hostName: 21,
  accessRights: 22,
  echo: 23,
  createChannelFailed: 26,
  serverDisconnected: 27,
} as const;

/** The minor version of the protocol (4.13), which has arrays of variable length. */
export const MINOR_VERSION = 13;

/** A message. The meaning of the two parameters depends on the command. */
export interface CaMessage {
  readonly command: number;
  readonly dataType: number;
  readonly dataCount: number;
  readonly parameter1: number;
  readonly parameter2: number;
  readonly payload: Buffer;
}

/** The bytes of a header, and of one for large payloads. */
const HEADER = 16;
const LARGE_HEADER = 24;
/** The size in a header that stands for a large payload. */
const LARGE = 0xffff;
/** Payloads of up to this many bytes are sent in one piece with their header. */
const SHORT_PAYLOAD = 1024;
const EMPTY = Buffer.alloc(0);
/** The largest message in bytes. A larger length means that the data is not Channel Access. */
const LARGEST = 2 ** 30;

/** The size of a payload on the wire, with its padding. */
const padded = (length: number): number => Math.ceil(length / 8) * 8;

/** The size in bytes of a message with a short payload. */
export const messageLength = (payloadLength: number): number => HEADER + padded(payloadLength);

/** Encodes a message as a list of buffers: a large payload is not copied. */
export function encodeMessage(command: number, fields: Partial<Omit<CaMessage, "command">> = {}): readonly Buffer[] {
  const { dataType = 0, dataCount = 0, parameter1 = 0, parameter2 = 0, payload = EMPTY } = fields;
  const size = padded(payload.length);
  const large = size >= LARGE || dataCount >= LARGE;
  const headerSize = large ? LARGE_HEADER : HEADER;
  const joined = size <= SHORT_PAYLOAD;
  // `allocUnsafe` takes the header from the pool of Node, because connecting PVs takes thousands of messages.
  const header = Buffer.allocUnsafe(headerSize + (joined ? size : 0));
  header.writeUInt16BE(command, 0);
  header.writeUInt16BE(large ? LARGE : size, 2);
  header.writeUInt16BE(dataType, 4);
  header.writeUInt16BE(large ? 0 : dataCount, 6);
  header.writeUInt32BE(parameter1, 8);
  header.writeUInt32BE(parameter2, 12);
  if (large) {
    header.writeUInt32BE(size, 16);
    header.writeUInt32BE(dataCount, 20);
  }
  if (!joined) return [header, payload, Buffer.alloc(size - payload.length)];
  header.set(payload, headerSize);
  header.fill(0, headerSize + payload.length);
  return [header];
}

/** A name as a payload: UTF-8 with a zero byte at the end. */
export const namePayload = (name: string): Buffer => Buffer.from(`${name}\0`, "utf8");

/** Splits a stream of bytes into messages. `push` throws RangeError for data that is not Channel Access. */
export class CaMessageSplitter extends MessageSplitter<CaMessage> {
  constructor() {
    super({ header: HEADER, sizeOf: messageSize, parse: parseMessage });
  }
}

const isLarge = (data: Buffer): boolean => data.readUInt16BE(2) === LARGE && data.readUInt16BE(6) === 0;

function messageSize(data: Buffer): number {
  if (!isLarge(data)) return HEADER + data.readUInt16BE(2);
  if (data.length < LARGE_HEADER) return LARGE_HEADER;
  const size = data.readUInt32BE(16);
  if (size > LARGEST) throw new RangeError(`a message of ${size} bytes is too large`);
  return LARGE_HEADER + size;
}

function parseMessage(data: Buffer): CaMessage {
  const large = isLarge(data);
  return {
    command: data.readUInt16BE(0),
    dataType: data.readUInt16BE(4),
    dataCount: large ? data.readUInt32BE(20) : data.readUInt16BE(6),
    parameter1: data.readUInt32BE(8),
    parameter2: data.readUInt32BE(12),
    payload: data.subarray(large ? LARGE_HEADER : HEADER),
  };
}
