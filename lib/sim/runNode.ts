/** Runs a simulated node in this process: its clock, its server and its discovery. */

import { currentHost } from "../display/host";
import { UsageError } from "../errors";
import { isReplaying, journalNumber } from "../journal";
import { checkOptions, type OptionNames } from "../options";
import { announceSimulated } from "../secop/link/simulatedNodes";
import { replicaOf } from "./modules/replicaOf";
import type { JsonObject } from "./node/moduleDefinition";
import { startClock } from "./node/nodeClock";
import { SimulatedNode, type SimulatedNodeDefinition } from "./node/simulatedNode";
import { answerDiscovery } from "./server/discovery";
import { type NodeServer, serve } from "./server/simServer";

/** The address of a simulated node, and the speed of its time. */
export interface SimNodeOptions {
  /** TCP port. Default 0: any free port. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1: only this machine can connect. */
  readonly host?: string;
  /** Simulated seconds per second; default 1. At 60, a ramp of 2 K/min takes one second for 2 K. */
  readonly speed?: number;
  /** Whether WebSocket clients are served on the same port. Default true. */
  readonly webSocket?: boolean;
  /**
   * UDP port on which the node answers `discoverNodes`; real nodes use 10767. It answers only this machine,
   * unless `host` is not a loopback address. Default: none, because a frappy node on this machine may need
   * the port.
   */
  readonly discoveryPort?: number;
}

/** A running simulated node. */
export interface SimNode extends AsyncDisposable {
  /** The address `host:port`, for `new SecopNodeDevice(uri)`. */
  readonly uri: string;
  /** The TCP port. */
  readonly port: number;
  /** The answer of the node to `describe`. */
  readonly description: JsonObject;
  /**
   * Replaces the node by one with another description (as for `simulate`). Clients notice it by the end of
   * the connection as with TCP (`"disconnect"`, the default) or by an `error_closed` message as with a serial
   * line.
   *
   * @throws UsageError if it is not a description.
   */
  redescribe(description: unknown, how?: "disconnect" | "error_closed"): void;
  /** Cuts every connection, like a network failure. The node keeps running. */
  dropClients(): void;
  /** Stops the node and closes all its connections. */
  close(): Promise<void>;
}

/** The options of every simulated node. */
export const SIM_NODE_OPTIONS: OptionNames<SimNodeOptions> = {
  port: true,
  host: true,
  speed: true,
  webSocket: true,
  discoveryPort: true,
};

/** Starts a node of any definition. Rejects with a UsageError if the port is taken. */
export async function runNode(definition: SimulatedNodeDefinition, options: SimNodeOptions = {}): Promise<SimNode> {
  checkOptions("the simulated node", options, SIM_NODE_OPTIONS);
  const { host = "127.0.0.1", port = 0, speed = 1, webSocket = true } = options;
  if (!(speed > 0 && Number.isFinite(speed))) {
    throw new UsageError(`speed ${speed} is not a positive number: 1 is real time`);
  }
  const node = new SimulatedNode(definition);
  const server = isReplaying()
    ? UNSERVED
    : await serve(node, { host, port, webSocket }).catch(
        notTaken(`port ${port} is taken by another program: choose another one, or 0 for any that is free`),
      );
  const servedPort = journalNumber("port", server.port || port);
  const stopAnswering = await discovery(node, server, options).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const stopClock = startClock(speed, (seconds) => node.advance(seconds));
  const uri = `${host.includes(":") ? `[${host}]` : host}:${servedPort}`;
  const forget = announceSimulated(uri, definition.isTwin ?? false);
  const close = async () => {
    release();
    forget();
    stopClock();
    stopAnswering();
    await server.close();
  };
  const release = currentHost().onShutdown(close);
  return {
    uri,
    port: servedPort,
    get description() {
      return node.description;
    },
    redescribe: (description, how = "disconnect") => {
      node.redescribe(replicaOf(description));
      if (how === "disconnect") server.dropClients();
    },
    dropClients: server.dropClients,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Stands for the server in a replay, where recorded messages replace the node. */
const UNSERVED: NodeServer = { port: 0, dropClients: () => {}, close: () => Promise.resolve() };

async function discovery(node: SimulatedNode, server: NodeServer, options: SimNodeOptions): Promise<() => void> {
  const { discoveryPort, host = "127.0.0.1" } = options;
  if (discoveryPort === undefined || server === UNSERVED) return () => {};
  const everybody = !(host.startsWith("127.") || host === "::1" || host === "localhost");
  return answerDiscovery(() => node.description, { port: discoveryPort, nodePort: server.port, everybody }).catch(
    notTaken(
      `UDP port ${discoveryPort} is taken by another node on this machine: start this one without discovery, or on another UDP port`,
    ),
  );
}

/**
 * Turns the error of an address in use into a UsageError that says what to do; rethrows other errors
 * unchanged.
 */
function notTaken(words: string): (error: unknown) => never {
  return (error) => {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    throw taken ? new UsageError(words, { cause: error }) : error;
  };
}
