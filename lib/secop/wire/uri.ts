/** Addresses of SEC nodes as users write them. */

import { UsageError } from "../../errors";

/** The parts of an address. */
export interface NodeAddress {
  readonly transport: "tcp" | "ws" | "wss";
  /** A host name or an IP address; an IPv6 address is without brackets. */
  readonly host: string;
  readonly port: number;
  /** The path of a WebSocket; begins with "/". */
  readonly path: string;
  /**
   * `host:port`, `ws://host:port/path` or `wss://host:port/path`: short, for messages and to connect again.
   */
  readonly text: string;
}

/** The port on which SEC nodes listen by default. */
export const DEFAULT_PORT = 10767;

const FORMS = 'write "host", "host:port", "[v6]:port", "tcp://host:port", "ws://host:port" or "wss://host:port"';

/**
 * The address in `host`, `host:port`, `[v6]:port`, `tcp://...`, `ws://...` or `wss://...` (WebSocket over
 * TLS); default port 10767. Throws UsageError for anything else.
 */
export function parseUri(uri: string): NodeAddress {
  const wrong = (why: string) => new UsageError(`"${uri}" is not an address of a SEC node, ${why}: ${FORMS}`);
  if (typeof uri !== "string") throw wrong("it is not a string");
  const [, scheme = "tcp", rest = ""] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/s.exec(uri.trim()) ?? [];
  const transport = scheme.toLowerCase();
  if (transport !== "tcp" && transport !== "ws" && transport !== "wss") throw wrong(`"${scheme}" is not known`);
  const [, authority = "", path = ""] = /^([^/]*)(.*)$/s.exec(rest) ?? [];
  if (transport === "tcp" && path !== "" && path !== "/") throw wrong("a path is for ws:// and wss:// only");
  const [, v6, name, portText] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/s.exec(authority) ?? [];
  const host = v6 ?? name;
  if (host === undefined || (v6 === undefined && portText?.includes(":"))) {
    throw wrong("an IPv6 address goes in brackets");
  }
  if (v6 !== undefined ? !/^[0-9A-Fa-f:.]+(?:%.+)?$/.test(v6) : !/^[\w.-]+$/.test(host)) {
    throw wrong(host === "" ? "the host is missing" : `"${host}" is not a host`);
  }
  const port = portText === undefined ? DEFAULT_PORT : Number(portText);
  if (!/^\d+$/.test(portText ?? "0") || port > 65535 || (portText !== undefined && port === 0)) {
    throw wrong(`"${portText}" is not a port, which is a number from 1 to 65535`);
  }
  const place = `${v6 === undefined ? host : `[${v6}]`}:${port}`;
  const text = transport === "tcp" ? place : `${transport}://${place}${path}`;
  return { transport, host, port, path: path === "" ? "/" : path, text };
}
