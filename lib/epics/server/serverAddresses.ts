/** The addresses where PVs are searched, from EPICS' environment variables. */

import { networkInterfaces } from "node:os";

/** A host and port. */
export interface UdpAddress {
  readonly host: string;
  readonly port: number;
}

/** The environment variables of a protocol, each with the default port. */
export interface AddressVariables {
  /** Hosts with an optional port, separated by spaces. */
  readonly list: string;
  /** NO: only the hosts of the list. */
  readonly autoList: string;
  readonly nameServers: string;
  /** The port of searches by UDP. */
  readonly searchPort: { readonly variable: string; readonly standard: number };
  /** The port of servers, for TCP. */
  readonly serverPort: { readonly variable: string; readonly standard: number };
}

const LARGEST_PORT = 65_535;

/**
 * The addresses in the list of a protocol and, unless the automatic list is switched off, this machine and
 * the broadcast addresses of all its networks. Malformed entries are left out, as in EPICS' own library.
 */
export function searchAddresses(variables: AddressVariables, env: NodeJS.ProcessEnv = process.env): UdpAddress[] {
  const port = portIn(env, variables.searchPort);
  const found = listed(env[variables.list], port);
  if ((env[variables.autoList] ?? "YES").toUpperCase() === "NO") return found;
  for (const host of ["127.0.0.1", ...broadcasts()]) {
    if (!found.some((address) => address.host === host && address.port === port)) found.push({ host, port });
  }
  return found;
}

/** The name servers of a protocol, which are asked for PVs by TCP. Malformed entries are left out. */
export const nameServerAddresses = (
  variables: AddressVariables,
  env: NodeJS.ProcessEnv = process.env,
): readonly UdpAddress[] => listed(env[variables.nameServers], portIn(env, variables.serverPort));

/** Whether two addresses mean one server: this machine has several addresses, and answers from each. */
export function sameServer(one: UdpAddress, other: UdpAddress): boolean {
  return one.port === other.port && (one.host === other.host || (isOwn(one.host) && isOwn(other.host)));
}

/** Whether an address stands for all machines of a network. */
export const isBroadcast = (host: string): boolean => host === "255.255.255.255" || broadcasts().includes(host);

const isOwn = (host: string): boolean =>
  host.startsWith("127.") ||
  Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === host));

function listed(list = "", port: number): UdpAddress[] {
  return list.split(/\s+/).flatMap((entry) => {
    const [, bracketed, plain = "", own] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(entry) ?? [];
    const host = bracketed ?? plain;
    const ownPort = own === undefined ? port : portOf(own);
    return host !== "" && ownPort !== undefined ? [{ host, port: ownPort }] : [];
  });
}

const portIn = (env: NodeJS.ProcessEnv, { variable, standard }: AddressVariables["searchPort"]): number =>
  portOf(env[variable]) ?? standard;

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
