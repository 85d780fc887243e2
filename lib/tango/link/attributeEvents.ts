/** Subscribes to the events of an attribute, as its server publishes them over ZeroMQ (Tango 8 and later). */

import type { DeadlineOptions } from "../../core/status/deadline";
import { errorText } from "../../errors";
import { CdrReader } from "../giop/cdr";
import { TangoError } from "../tangoError";
import type { LongStrings } from "../values/deviceIdl";
import * as idl from "../values/deviceIdl";
import type { DeviceProxy } from "./deviceProxy";
import { EventSocket, eventSockets } from "./eventSocket";
import { acquireProxy } from "./proxyPool";
import { type DeviceAddress, deviceTrl } from "./trl";

/** The kinds of events that a signal can follow. */
export type TangoEvent = "change" | "periodic" | "archive" | "dataReady";

/** The content of an event: a value, an error, or only the notice that there is a new value to read. */
export type EventContent =
  | { readonly value: idl.AttributeValue }
  | { readonly error: TangoError }
  | { readonly ready: true };

/** The names of the kinds on the wire. */
const WIRE_NAMES: Readonly<Record<TangoEvent, string>> = {
  change: "change",
  periodic: "periodic",
  archive: "archive",
  dataReady: "data_ready",
};

/**
 * The client version that servers receive: for it they send values as version 5 of the interface defines.
 */
const CLIENT_VERSION = "6";
/** The bytes that begin the data, once or twice, so that the numbers are aligned. */
const PADDING = Buffer.from("c0dec0de", "hex");

/** The attribute and the kind of events to subscribe to. */
export interface EventSource {
  readonly device: DeviceAddress;
  readonly proxy: DeviceProxy;
  readonly attribute: string;
  readonly kind: TangoEvent;
}

/**
 * Subscribes, and calls `fn` with each event until the returned function is called. Rejects if the server
 * does not send events of this kind, with its reason.
 */
export async function subscribeToEvents(
  source: EventSource,
  fn: (content: EventContent) => void,
  options: DeadlineOptions,
): Promise<() => void> {
  const { kind, attribute, device } = source;
  const what = `${device.device}/${attribute} sends no ${WIRE_NAMES[kind].replace("_", " ")} events`;
  const { endpoint, topic } = await announce(source, { ...options, what });
  const { item: socket, release } = eventSockets.acquire(endpoint, () => new EventSocket(endpoint));
  try {
    const end = await socket.listen(topic, (parts) => fn(contentOf(parts, kind, `${device.device}/${attribute}`)));
    return () => {
      end();
      release();
    };
  } catch (error) {
    release();
    throw new TangoError(`${what}: ${errorText(error)}`, { cause: error });
  }
}

/**
 * Requests the events from the device that administers the server; the server forgets this after 10 minutes.
 * Resolves to the address of the events and their topic.
 */
export async function announce(
  { device, proxy, attribute, kind }: EventSource,
  options: DeadlineOptions & { readonly what: string },
): Promise<{ readonly endpoint: string; readonly topic: string }> {
  const name = WIRE_NAMES[kind];
  const { value: info } = await proxy.info(options);
  const admin = acquireProxy({ ...device, device: `dserver/${info.server_id}`.toLowerCase() });
  try {
    const value = [device.device, attribute, "subscribe", name, CLIENT_VERSION];
    const argument = { type: idl.stringList, value };
    const { value: answer } = await admin.item.execute("ZmqEventSubscriptionChange", argument, options);
    const [, endpoint, ...topics] = (answer as LongStrings).svalue;
    if (endpoint === undefined) throw new TangoError(`${options.what}: the server names no address`);
    const topic = topics.find((text) => text.endsWith(`.idl5_${name}`) || text.endsWith(`.${name}`));
    return {
      endpoint,
      topic: topic ?? `${deviceTrl({ ...device, device: `${device.device}/${attribute}` })}.idl5_${name}`,
    };
  } finally {
    admin.release();
  }
}

/** Reads a message: the byte order, the description of the call, and its data. */
function contentOf([order, call, data]: readonly Uint8Array[], kind: TangoEvent, place: string): EventContent {
  try {
    if (!order || !call || !data) throw new RangeError("a part is missing");
    const little = order[0] !== 0;
    if (isError(new CdrReader(call, little))) {
      const errors = idl.devErrors.read(new CdrReader(unpadded(data), little));
      const [first] = errors;
      const words = first ? `${first.desc} (${first.reason})` : "the server does not say why";
      return { error: new TangoError(`cannot read ${place}: ${words}`, { errors }) };
    }
    if (kind === "dataReady") return { ready: true };
    return { value: idl.attributeValue5.read(new CdrReader(unpadded(data), little)) };
  } catch (cause) {
    const words = `an event does not follow Tango's protocol (${errorText(cause)})`;
    return { error: new TangoError(`cannot read ${place}: ${words}`, { cause }) };
  }
}

/** Whether the data of a call are the errors of an exception (struct ZmqCallInfo of tango.idl). */
function isError(call: CdrReader): boolean {
  call.long();
  call.unsignedLong();
  call.string();
  call.octets();
  return call.boolean();
}

/** The data without its padding, in memory of its own: the alignment begins after it. */
function unpadded(data: Uint8Array): Uint8Array {
  let start = 0;
  while (PADDING.equals(data.subarray(start, start + PADDING.length))) start += PADDING.length;
  return Uint8Array.from(data.subarray(start));
}
