/** Finds SEC nodes in the local network by UDP (RFC-105). */

import { Buffer } from "node:buffer";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { networkInterfaces } from "node:os";
import { checkOptions } from "../../options";
import { delayFor } from "../../timeLimit";
import { asObject } from "../values/jsonFields";
import { DEFAULT_PORT } from "./uri";

/** A node that has answered or announced itself. */
export interface DiscoveredNode {
  /** `host:port`, to connect to. */
  readonly uri: string;
  readonly equipment_id: string;
  readonly firmware: string;
  /** May be truncated: an answer has at most 508 bytes. */
  readonly description: string;
}

/** Options of the search for nodes in the network. */
export interface DiscoverOptions {
  /** Seconds to wait for answers. Default 1. */
  readonly timeout?: number;
  /** The UDP port on which nodes listen. Default 10767. */
  readonly port?: number;
  /** Addresses to ask. Default: the broadcast addresses of all interfaces, which include this machine. */
  readonly addresses?: readonly string[];
  /**
   * Whether to find nodes that announce themselves as they start, too. This occupies the port: a node on this
   * machine that starts meanwhile cannot have it. Default false.
   */
  readonly listen?: boolean;
  readonly signal?: AbortSignal;
}

const PROBE = Buffer.from('{"SECoP":"discover"}');

/**
 * Finds the SEC nodes that answer within the timeout, sorted by their uris. Answers are not signed: any
 * machine can claim to be a node. Answers that cannot be read are ignored; in a network without broadcast the
 * list is empty. Rejects when the signal aborts.
 */
export async function discoverNodes(options: DiscoverOptions = {}): Promise<DiscoveredNode[]> {
  const names = { timeout: true, port: true, addresses: true, listen: true, signal: true } as const;
  checkOptions("discoverNodes", options, names);
  const { timeout = 1, port = DEFAULT_PORT, addresses = broadcastAddresses(), listen = false, signal } = options;
  const found = new Map<string, DiscoveredNode>();
  const own = ownAddresses();
  const onPacket = (packet: Buffer, from: RemoteInfo) => {
    const node = parseAnnouncement(packet, own.has(from.address) ? "127.0.0.1" : from.address);
    if (node) found.set(node.uri, node);
  };
  const sockets = await Promise.all([openSocket(0, onPacket), listen ? openSocket(port, onPacket) : undefined]);
  try {
    for (const address of addresses) sockets[0]?.send(PROBE, port, address, () => {});
    await delayFor(timeout, signal);
    signal?.throwIfAborted();
  } finally {
    for (const socket of sockets) socket?.close();
  }
  return [...found.values()].sort((a, b) => (a.uri < b.uri ? -1 : 1));
}

/** Opens a UDP socket; undefined if the port is taken. */
function openSocket(port: number, onPacket: (packet: Buffer, from: RemoteInfo) => void): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: "udp4", reuseAddr: port !== 0 });
    socket.once("error", () => {
      socket.close();
      resolve(undefined);
    });
    socket.on("message", onPacket);
    socket.bind(port, () => {
      socket.removeAllListeners("error").on("error", () => {});
      socket.setBroadcast(true);
      resolve(socket);
    });
  });
}

function parseAnnouncement(packet: Buffer, host: string): DiscoveredNode | undefined {
  let json: Readonly<Record<string, unknown>> | undefined;
  try {
    json = asObject(JSON.parse(packet.toString("utf8")));
  } catch {
    return undefined;
  }
  const { SECoP: kind, port, equipment_id, firmware, description } = json ?? {};
  if (kind !== "node" || !Number.isInteger(port) || (port as number) < 1 || (port as number) > 65535) return undefined;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    uri: `${host}:${port}`,
    equipment_id: text(equipment_id),
    firmware: text(firmware),
    description: text(description),
  };
}

function ipv4Interfaces(): { address: string; netmask: string }[] {
  return Object.values(networkInterfaces())
    .flat()
    .filter((i) => i?.family === "IPv4")
    .map((i) => ({ address: i?.address ?? "", netmask: i?.netmask ?? "" }));
}

function ownAddresses(): Set<string> {
  return new Set(ipv4Interfaces().map(({ address }) => address));
}

/**
 * The broadcast address of each interface, since a broadcast to 255.255.255.255 leaves through one of them
 * only.
 */
function broadcastAddresses(): string[] {
  const directed = ipv4Interfaces().map(({ address, netmask }) => {
    const mask = netmask.split(".").map(Number);
    return address
      .split(".")
      .map((part, i) => Number(part) | (~(mask[i] ?? 0) & 255))
      .join(".");
  });
  return [...new Set(["255.255.255.255", ...directed])];
}
