// Where to look for PVs, by EPICS' environment variables.
// Source: "EPICS Process Database Concepts / CA reference manual", section "Environment variables".

import { networkInterfaces } from "node:os";

export interface UdpAddress {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 5064;

/**
 * `EPICS_CA_ADDR_LIST` (hosts with an optional port, separated by spaces) and, unless `EPICS_CA_AUTO_ADDR_LIST` is NO, the
 * broadcast addresses of all networks and this machine. The port is `EPICS_CA_SERVER_PORT`, 5064 by default.
 */
export function searchAddresses(env: NodeJS.ProcessEnv = process.env): UdpAddress[] {
  const port = Number(env.EPICS_CA_SERVER_PORT) || DEFAULT_PORT;
  const listed = (env.EPICS_CA_ADDR_LIST ?? "").split(/\s+/).filter((entry) => entry !== "");
  const found = listed.map((entry) => {
    const [host = "", own] = entry.split(":");
    return { host, port: Number(own) || port };
  });
  if ((env.EPICS_CA_AUTO_ADDR_LIST ?? "YES").toUpperCase() === "NO") return found;
  for (const host of ["127.0.0.1", ...broadcasts()]) {
    if (!found.some((address) => address.host === host && address.port === port)) found.push({ host, port });
  }
  return found;
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
