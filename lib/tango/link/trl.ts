/** Tango resource locators (TRL): the addresses of devices, attributes and commands. */

import { UsageError } from "../../errors";

/** The address of a device. */
export interface DeviceAddress {
  /** `domain/family/member`, in lower case, because names in Tango are not case-sensitive. */
  readonly device: string;
  /** The host of the device's server, or of the database that knows where the server runs. */
  readonly host: string;
  readonly port: number;
  /** Whether `host` and `port` are those of a database. */
  readonly database: boolean;
}

/** The address of an attribute or a command. */
export interface MemberAddress {
  readonly device: DeviceAddress;
  readonly member: string;
}

/**
 * Parses the address of a device: `a/b/c` (in the database that `TANGO_HOST` names),
 * `tango://host:port/a/b/c` (in the database at that port), or `tango://host:port/a/b/c#dbase=no` (in the
 * server at that port, which runs without a database).
 *
 * @throws UsageError for anything else.
 */
export function parseDevice(trl: string): DeviceAddress {
  const { place, path } = splitTrl(trl);
  if (path.length !== 3)
    throw refusal(trl, "a device is a/b/c, tango://host:port/a/b/c or tango://host:port/a/b/c#dbase=no");
  return { ...place, device: path.join("/").toLowerCase() };
}

/**
 * Parses a device's address that is followed by `/attribute` or `/command`.
 *
 * @throws UsageError for anything else.
 */
export function parseMember(trl: string): MemberAddress {
  const { place, path } = splitTrl(trl);
  const member = path[3];
  if (path.length !== 4 || member === undefined)
    throw refusal(trl, "an attribute or command is a/b/c/name or tango://host:port/a/b/c/name");
  return { device: { ...place, device: path.slice(0, 3).join("/").toLowerCase() }, member };
}

/** Writes the address of a device. */
export function deviceTrl({ device, host, port, database }: DeviceAddress): string {
  return `tango://${bracketed(host)}:${port}/${device}${database ? "" : "#dbase=no"}`;
}

/** Writes the address of an attribute or a command; its name comes before `#dbase=no`. */
export function memberTrl(address: DeviceAddress, member: string): string {
  return deviceTrl({ ...address, device: `${address.device}/${member}` });
}

const TRL = /^(?:tango:\/\/(?:(\[[^\]]+\]|[^:/\s#]+):(\d+)\/)?)?([^#\s]+?)\/?(#dbase=(?:no|yes))?$/i;

function splitTrl(trl: string): { place: Omit<DeviceAddress, "device">; path: readonly string[] } {
  const [, host, port, rest = "", dbase] = TRL.exec(trl) ?? [];
  const path = rest.split("/");
  if (path.some((part) => part === "")) throw refusal(trl, "write a/b/c or tango://host:port/a/b/c");
  const database = dbase?.toLowerCase() !== "#dbase=no";
  if (host !== undefined) return { place: { host: unbracketed(host), port: portOf(port, trl), database }, path };
  if (!database) throw refusal(trl, "without a database the server must be named: tango://host:port/a/b/c#dbase=no");
  return { place: { ...tangoHost(trl), database }, path };
}

/** The first of the databases in the environment variable `TANGO_HOST`. */
function tangoHost(trl: string): { host: string; port: number } {
  const first = process.env.TANGO_HOST?.split(",")[0]?.trim();
  if (!first) throw refusal(trl, "no database is known: set TANGO_HOST to host:port, or write tango://host:port/a/b/c");
  const [, host, port] = /^(\[[^\]]+\]|[^:\s]+):(\d+)$/.exec(first) ?? [];
  if (host === undefined) throw refusal(trl, `TANGO_HOST is "${first}", which is not host:port`);
  return { host: unbracketed(host), port: portOf(port, trl) };
}

function portOf(text: string | undefined, trl: string): number {
  const port = Number(text);
  if (port < 1 || port > 65_535) throw refusal(trl, `${text} is not a port number (1 to 65535)`);
  return port;
}

const unbracketed = (host: string): string => host.replace(/^\[(.*)\]$/, "$1");
const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);

const refusal = (trl: string, words: string): UsageError => new UsageError(`cannot use "${trl}": ${words}`);
