/** The addresses where PVs are searched, from EPICS' environment variables. */

import { networkInterfaces } from "node:os";

/** A host and port. */
export interface UdpAddress {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 5064;
const LARGEST_PORT = 65_535;

/**
 * The addresses in `EPICS_CA_ADDR_LIST` (hosts with an optional port, separated by spaces) and, unless
 * `EPICS_CA_AUTO_ADDR_LIST` is NO, this machine and the broadcast addresses of all its networks. The port is
 * `EPICS_CA_SERVER_PORT`, 5064 by default. Malformed entries are left out, as in EPICS' own library. Source:
 * "CA reference manual", section "Environment variables".
 */
export function searchAddresses(env: NodeJS.ProcessEnv = process.env): UdpAddress[] {
  const port = portOf(env.EPICS_CA_SERVER_PORT) ?? DEFAULT_PORT;
  const found = listed(env.EPICS_CA_ADDR_LIST, port);
  if ((env.EPICS_CA_AUTO_ADDR_LIST ?? "YES").toUpperCase() === "NO") return found;
  for (const host of ["127.0.0.1", ...broadcasts()]) {
    if (!found.some((address) => address.host === host && address.port === port)) found.push({ host, port });
  }
  return found;
}

/**
 * The name servers in `EPICS_CA_NAME_SERVERS` (hosts with an optional port, separated by spaces), which are
 * asked for PVs by TCP. Malformed entries are left out.
 */
export function nameServerAddresses(env: NodeJS.ProcessEnv = process.env): UdpAddress[] {
  return listed(env.EPICS_CA_NAME_SERVERS, portOf(env.EPICS_CA_SERVER_PORT) ?? DEFAULT_PORT);
}

/** Whether two addresses mean one server: this machine has several addresses, and answers from each. */
export function sameServer(one: UdpAddress, other: UdpAddress): boolean {
  return one.port === other.port && (one.host === other.host || (isOwn(one.host) && isOwn(other.host)));
}

const isOwn = (host: string): boolean =>
  host.startsWith("127.") ||
  Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === host));

function listed(list = "", port: number): UdpAddress[] {
  return list.split(/\s+/).flatMap((entry) => {
    const [host = "", own] = entry.split(":");
    const ownPort = own === undefined ? port : portOf(own);
    return host !== "" && ownPort !== undefined ? [{ host, port: ownPort }] : [];
  });
}

function portOf(text = ""): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port <= LARGEST_PORT ? port : undefined;
}

function broadcasts(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address, netmask }) => {
      const mask = netmask.split(".").map(Number);
      return address
        .split(".")
        .map((part, i) => Number(part) | (~(mask[i] ?? 0) & 0xff))
        .join(".");
    });
}
