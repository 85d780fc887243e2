/** Tango resource locators (TRL): the addresses of devices, attributes and commands. */

import { UsageError } from "../../errors";

/** The address of a device. */
export interface DeviceAddress {
  /** `domain/family/member`, in lower case, because names in Tango are not case-sensitive; or an alias. */
  readonly device: string;
  /**
   * The host of the device's server, or of the database that locates the server. Empty if no database was
   * known when the address was read, which is enough for a mocked device.
   */
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
 * `tango://host:port/a/b/c` or `//host:port/a/b/c` (in the database at that port), or
 * `tango://host:port/a/b/c#dbase=no` (in the server at that port, which runs without a database). A database
 * also knows devices by an alias, which is one word instead of `a/b/c`.
 *
 * @throws UsageError for anything else.
 */
export function parseDevice(trl: string): DeviceAddress {
  const { place, path } = splitTrl(trl);
  if (!isDevice(path, place))
    throw refusal(trl, "a device is a/b/c, tango://host:port/a/b/c or tango://host:port/a/b/c#dbase=no");
  return { ...place, device: nameOf(path) };
}

/**
 * Parses a device's address that is followed by `/attribute` or `/command`.
 *
 * @throws UsageError for anything else.
 */
export function parseMember(trl: string): MemberAddress {
  const { place, path } = splitTrl(trl);
  const member = path.at(-1);
  if (!isDevice(path.slice(0, -1), place) || member === undefined)
    throw refusal(trl, "an attribute or command is a/b/c/name or tango://host:port/a/b/c/name");
  return { device: { ...place, device: nameOf(path.slice(0, -1)) }, member };
}

/**
 * Parses the address of an attribute: as `parseMember` does, or one word, which is the alias of an attribute
 * in a database. The device of an alias is empty; see `resolveAttribute`.
 *
 * @throws UsageError for anything else.
 */
export function parseAttribute(trl: string): MemberAddress {
  const { place, path } = splitTrl(trl);
  const [alias] = path;
  if (path.length !== 1 || alias === undefined || !place.database) return parseMember(trl);
  return { device: { ...place, device: "" }, member: alias };
}

/** The name of a device in lower case, since Tango ignores the case; an alias as it is written. */
const nameOf = (path: readonly string[]): string => (path.length === 3 ? path.join("/").toLowerCase() : path.join("/"));

/** A device is named by three words, or by its alias in the database. */
const isDevice = (path: readonly string[], { database }: Pick<DeviceAddress, "database">): boolean =>
  path.length === 3 || (path.length === 1 && database);

/**
 * The databases to ask for a device, in this order: the one of its address, and all others in `TANGO_HOST` if
 * it is one of them. @throws UsageError if no database is known
 */
export function databasesOf(address: DeviceAddress): readonly Pick<DeviceAddress, "host" | "port">[] {
  const { host, port } = address.host === "" ? knownHost(deviceTrl(address)) : address;
  const all = (process.env.TANGO_HOST ?? "").split(",").flatMap((text) => hostAndPort(text.trim()) ?? []);
  const own = all.findIndex((one) => one.host === host && one.port === port);
  return own < 0 ? [{ host, port }] : [...all.slice(own), ...all.slice(0, own)];
}

/** Writes the address of a device. */
export function deviceTrl({ device, host, port, database }: DeviceAddress): string {
  if (host === "") return device;
  return `tango://${bracketed(host)}:${port}/${device}${database ? "" : "#dbase=no"}`;
}

/** Writes the address of an attribute or a command; its name comes before `#dbase=no`. */
export function memberTrl(address: DeviceAddress, member: string): string {
  return deviceTrl({ ...address, device: address.device === "" ? member : `${address.device}/${member}` });
}

const TRL = /^(?:(?:tango:)?\/\/(?:(\[[^\]]+\]|[^:/\s#]+):(\d+)\/)?)?([^#\s]+?)\/?(#dbase=(?:no|yes))?$/i;

function splitTrl(trl: string): { place: Omit<DeviceAddress, "device">; path: readonly string[] } {
  const [, host, port, rest = "", dbase] = TRL.exec(trl) ?? [];
  const path = rest.split("/");
  if (path.some((part) => part === "")) throw refusal(trl, "write a/b/c or tango://host:port/a/b/c");
  const database = dbase?.toLowerCase() !== "#dbase=no";
  if (host !== undefined) return { place: { host: unbracketed(host), port: portOf(port, trl), database }, path };
  if (!database) throw refusal(trl, "without a database the server must be named: tango://host:port/a/b/c#dbase=no");
  return { place: { ...(tangoHost(trl) ?? { host: "", port: 0 }), database }, path };
}

function knownHost(trl: string): { host: string; port: number } {
  const known = tangoHost(trl);
  if (known) return known;
  throw refusal(trl, "no database is known: set TANGO_HOST to host:port, or write tango://host:port/a/b/c");
}

/** The first of the databases in the environment variable `TANGO_HOST`; undefined without one. */
function tangoHost(trl: string): { host: string; port: number } | undefined {
  const first = process.env.TANGO_HOST?.split(",")[0]?.trim();
  if (!first) return undefined;
  const found = hostAndPort(first);
  if (!found) throw refusal(trl, `TANGO_HOST is "${first}", which is not host:port`);
  return { host: found.host, port: portOf(`${found.port}`, trl) };
}

function hostAndPort(text: string): { host: string; port: number } | undefined {
  const [, host, port] = /^(\[[^\]]+\]|[^:\s]+):(\d+)$/.exec(text) ?? [];
  return host === undefined ? undefined : { host: unbracketed(host), port: Number(port) };
}

function portOf(text: string | undefined, trl: string): number {
  const port = Number(text);
  if (port < 1 || port > 65_535) throw refusal(trl, `${text} is not a port number (1 to 65535)`);
  return port;
}

const unbracketed = (host: string): string => host.replace(/^\[(.*)\]$/, "$1");
const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);

const refusal = (trl: string, words: string): UsageError => new UsageError(`cannot use "${trl}": ${words}`);
