// Tango resource locators: where a device, or an attribute or a command of it, is to be found.

import { UsageError } from "../../errors";

/** A device and how to get to it. */
export interface DeviceAddress {
  /** `domain/family/member`, in lower case: Tango does not tell cases apart. */
  readonly device: string;
  /** The server itself, or the database that knows where it runs. */
  readonly host: string;
  readonly port: number;
  readonly database: boolean;
}

/** A device with the name of something of it. */
export interface MemberAddress {
  readonly device: DeviceAddress;
  readonly member: string;
}

/**
 * `a/b/c` (in the database that `TANGO_HOST` names), `tango://host:port/a/b/c` (in that database),
 * `tango://host:port/a/b/c#dbase=no` (in the server at that port, which runs without a database).
 *
 * @throws UsageError for anything else.
 */
export function parseDevice(trl: string): DeviceAddress {
  const { place, path } = split(trl);
  if (path.length !== 3)
    throw refusal(trl, "a device is a/b/c, tango://host:port/a/b/c or tango://host:port/a/b/c#dbase=no");
  return { ...place, device: path.join("/").toLowerCase() };
}

/** A device's address with `/attribute` or `/command` behind it. @throws UsageError for anything else. */
export function parseMember(trl: string): MemberAddress {
  const { place, path } = split(trl);
  const member = path[3];
  if (path.length !== 4 || member === undefined)
    throw refusal(trl, "an attribute or command is a/b/c/name or tango://host:port/a/b/c/name");
  return { device: { ...place, device: path.slice(0, 3).join("/").toLowerCase() }, member };
}

/** The address of a device as text. */
export function deviceTrl({ device, host, port, database }: DeviceAddress): string {
  return `tango://${bracketed(host)}:${port}/${device}${database ? "" : "#dbase=no"}`;
}

/** The address of something of a device: its name stands before `#dbase=no`. */
export function memberTrl(address: DeviceAddress, member: string): string {
  return deviceTrl({ ...address, device: `${address.device}/${member}` });
}

const TRL = /^(?:tango:\/\/(?:(\[[^\]]+\]|[^:/\s#]+):(\d+)\/)?)?([^#\s]+?)\/?(#dbase=(?:no|yes))?$/i;

function split(trl: string): { place: Omit<DeviceAddress, "device">; path: readonly string[] } {
  const [, host, port, rest = "", dbase] = TRL.exec(trl) ?? [];
  const path = rest.split("/");
  if (path.some((part) => part === "")) throw refusal(trl, "write a/b/c or tango://host:port/a/b/c");
  const database = dbase?.toLowerCase() !== "#dbase=no";
  if (host !== undefined) return { place: { host: unbracketed(host), port: portOf(port, trl), database }, path };
  if (!database) throw refusal(trl, "without a database the server must be named: tango://host:port/a/b/c#dbase=no");
  return { place: { ...tangoHost(trl), database }, path };
}

/** The first of the databases in `TANGO_HOST`. */
function tangoHost(trl: string): { host: string; port: number } {
  const first = process.env.TANGO_HOST?.split(",")[0]?.trim();
  if (!first) throw refusal(trl, "no database is known: set TANGO_HOST to host:port, or write tango://host:port/a/b/c");
  const [, host, port] = /^(\[[^\]]+\]|[^:\s]+):(\d+)$/.exec(first) ?? [];
  if (host === undefined) throw refusal(trl, `TANGO_HOST is "${first}", which is not host:port`);
  return { host: unbracketed(host), port: portOf(port, trl) };
}

function portOf(text: string | undefined, trl: string): number {
  const port = Number(text);
  if (port < 1 || port > 65_535) throw refusal(trl, `${text} is no port`);
  return port;
}

const unbracketed = (host: string): string => host.replace(/^\[(.*)\]$/, "$1");
const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);

const refusal = (trl: string, words: string): UsageError => new UsageError(`cannot use "${trl}": ${words}`);
