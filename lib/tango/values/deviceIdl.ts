/** The interface of a Tango device as far as a client uses it. */

// Source: tango.idl of the Tango project, versions 4 and 5 of the interface.

import * as codec from "../giop/idlTypes";
import { enumeration, type IdlType, type IdlValue, sequence, string, struct, union } from "../giop/idlTypes";

/** The names of the states of a device, in the order of Tango's numbers. */
export const DEV_STATES = [
  "ON",
  "OFF",
  "CLOSE",
  "OPEN",
  "INSERT",
  "EXTRACT",
  "MOVING",
  "STANDBY",
  "FAULT",
  "INIT",
  "RUNNING",
  "ALARM",
  "DISABLE",
  "UNKNOWN",
] as const;

/** The state of a device. */
export type DevState = (typeof DEV_STATES)[number];

const id = (name: string): string => `IDL:Tango/${name}:1.0`;

export const devState = enumeration(id("DevState"), DEV_STATES);
export const stringList = sequence(string);
const states = sequence(devState);
const booleans = sequence(codec.boolean);
const quality = enumeration(id("AttrQuality"), ["VALID", "INVALID", "ALARM", "CHANGING", "WARNING"]);
const writeType = enumeration(id("AttrWriteType"), ["READ", "READ_WITH_WRITE", "WRITE", "READ_WRITE", "UNKNOWN"]);
const dataFormat = enumeration(id("AttrDataFormat"), ["SCALAR", "SPECTRUM", "IMAGE", "UNKNOWN"]);
export const displayLevel = enumeration(id("DispLevel"), ["OPERATOR", "EXPERT", "UNKNOWN"]);
const severity = enumeration(id("ErrSeverity"), ["WARN", "ERR", "PANIC"]);

/** Whether a value is valid. */
export type AttrQuality = IdlValue<typeof quality>;
export type DisplayLevel = IdlValue<typeof displayLevel>;

/** Bytes with the name of their format. */
export interface DevEncoded {
  readonly encoded_format: string;
  readonly encoded_data: Uint8Array;
}

export interface LongStrings {
  readonly lvalue: Int32Array;
  readonly svalue: readonly string[];
}

export interface DoubleStrings {
  readonly dvalue: Float64Array;
  readonly svalue: readonly string[];
}

export const devEncoded: IdlType<DevEncoded> = struct(id("DevEncoded"), {
  encoded_format: string,
  encoded_data: codec.octets,
});
export const longStrings: IdlType<LongStrings> = struct(id("DevVarLongStringArray"), {
  lvalue: codec.longs,
  svalue: stringList,
});
export const doubleStrings: IdlType<DoubleStrings> = struct(id("DevVarDoubleStringArray"), {
  dvalue: codec.doubles,
  svalue: stringList,
});

export const timeVal = struct(id("TimeVal"), { tv_sec: codec.long, tv_usec: codec.long, tv_nsec: codec.long });
/** A time of Tango in seconds since 1970. */
export const unixTime = ({ tv_sec, tv_usec, tv_nsec }: IdlValue<typeof timeVal>): number =>
  tv_sec + tv_usec / 1e6 + tv_nsec / 1e9;
const dim = struct(id("AttributeDim"), { dim_x: codec.long, dim_y: codec.long });

/** The error stack of the exception DevFailed. */
export const devErrors = sequence(struct(id("DevError"), { reason: string, severity, desc: string, origin: string }));
export const DEV_FAILED = id("DevFailed");

/** The error stacks of several attributes, as the exception MultiDevFailed contains them. */
export const namedDevErrors = sequence(
  struct(id("NamedDevError"), { name: string, index_in_call: codec.long, err_list: devErrors }),
);
export const MULTI_DEV_FAILED = id("MultiDevFailed");

/** The discriminators of the union that holds an attribute's value. */
export const AttributeDataType = {
  boolean: 0,
  short: 1,
  long: 2,
  long64: 3,
  float: 4,
  double: 5,
  uchar: 6,
  ushort: 7,
  ulong: 8,
  ulong64: 9,
  string: 10,
  states: 11,
  state: 12,
  encoded: 13,
  none: 14,
} as const;

/** The values of an attribute, or of an element of a pipe. */
export const attributeData = union<unknown>([
  booleans,
  codec.shorts,
  codec.longs,
  codec.longLongs,
  codec.floats,
  codec.doubles,
  codec.octets,
  codec.unsignedShorts,
  codec.unsignedLongs,
  codec.unsignedLongLongs,
  stringList,
  states,
  devState,
  sequence(devEncoded),
  codec.boolean,
]);

export const attributeValue4 = struct(id("AttributeValue_4"), {
  value: attributeData,
  quality,
  data_format: dataFormat,
  time: timeVal,
  name: string,
  r_dim: dim,
  w_dim: dim,
  err_list: devErrors,
});

export const attributeValue5 = struct(id("AttributeValue_5"), {
  value: attributeData,
  quality,
  data_format: dataFormat,
  data_type: codec.long,
  time: timeVal,
  name: string,
  r_dim: dim,
  w_dim: dim,
  err_list: devErrors,
});

/**
 * A value with its quality, time and dimensions. `value` holds the elements that were read, then those that
 * were last set.
 */
export type AttributeValue = IdlValue<typeof attributeValue4>;

const alarms = struct(id("AttributeAlarm"), {
  min_alarm: string,
  max_alarm: string,
  min_warning: string,
  max_warning: string,
  delta_t: string,
  delta_val: string,
  extensions: stringList,
});

const events = struct(id("EventProperties"), {
  ch_event: struct(id("ChangeEventProp"), { rel_change: string, abs_change: string, extensions: stringList }),
  per_event: struct(id("PeriodicEventProp"), { period: string, extensions: stringList }),
  arch_event: struct(id("ArchiveEventProp"), {
    rel_change: string,
    abs_change: string,
    period: string,
    extensions: stringList,
  }),
});

const configHead = { name: string, writable: writeType, data_format: dataFormat, data_type: codec.long };
const configMiddle = {
  max_dim_x: codec.long,
  max_dim_y: codec.long,
  description: string,
  label: string,
  unit: string,
  standard_unit: string,
  display_unit: string,
  format: string,
  min_value: string,
  max_value: string,
  writable_attr_name: string,
  level: displayLevel,
};
const configTail = { att_alarm: alarms, event_prop: events, extensions: stringList, sys_extensions: stringList };

export const attributeConfig3 = struct(id("AttributeConfig_3"), { ...configHead, ...configMiddle, ...configTail });

export const attributeConfig5 = struct(id("AttributeConfig_5"), {
  ...configHead,
  memorized: codec.boolean,
  mem_init: codec.boolean,
  ...configMiddle,
  root_attr_name: string,
  enum_labels: stringList,
  ...configTail,
});

/**
 * The configuration of an attribute. Numbers are strings; a field without a value says so in words, for
 * example "Not specified".
 */
export type AttributeConfig = Omit<
  IdlValue<typeof attributeConfig5>,
  "memorized" | "mem_init" | "root_attr_name" | "event_prop" | "extensions" | "sys_extensions"
> & {
  /**
   * Whether the server sets the attribute again when it is restarted. Undefined for devices before Tango 9.
   */
  readonly memorized?: boolean;
};

export const commandInfo = struct(id("DevCmdInfo_2"), {
  cmd_name: string,
  level: displayLevel,
  cmd_tag: codec.long,
  in_type: codec.long,
  out_type: codec.long,
  in_type_desc: string,
  out_type_desc: string,
});

/** What a device reports about a command; `in_type` and `out_type` are numbers of `CmdArgType`. */
export type TangoCommandInfo = IdlValue<typeof commandInfo>;

export const deviceInfo = struct(id("DevInfo_3"), {
  dev_class: string,
  server_id: string,
  server_host: string,
  server_version: codec.long,
  doc_url: string,
  dev_type: string,
});

/** What a device reports about itself and its server. */
export type TangoDeviceInfo = IdlValue<typeof deviceInfo>;

/**
 * Where a value is read from: the device, the polling buffer of the server, or the buffer if there is one and
 * else the device.
 */
export const devSource = enumeration(id("DevSource"), ["DEV", "CACHE", "CACHE_DEV"]);

/**
 * The client's identity, by which devices are locked: the variant of C++ clients, which is the process id.
 */
export const clientIdentity = union<number>([codec.unsignedLong]);
