/** What a module needs of the node it belongs to. */

import type { LostConnection } from "../../core/protocols/lostConnection";
import type { Cache } from "../../secop/cache/cache";
import type { SecopClient } from "../../secop/client";

/** The node as seen by its modules, parameters and commands. */
export interface NodeLink {
  /** The address `host:port`, as in sources and messages. */
  readonly address: string;
  /** The client of the node. @throws SecopError if the node was never connected. */
  readonly client: SecopClient;
  /** The last known values; undefined if the node was never connected. */
  readonly cache: Cache | undefined;
  /** The connection, while it is lost. */
  readonly lost: LostConnection | undefined;
  /** Resolves if the node answers, rejects if it does not. */
  ping(): Promise<unknown>;
  /** Whether the node is mocked: nothing is sent, and values are kept in memory. */
  readonly mocked: boolean;
  /**
   * Calls `fn` with the current client, if any, and with every new one. Returns the function that ends it.
   */
  onClient(fn: (client: SecopClient) => void): () => void;
  /** Calls `fn` with the reason whenever the connection is lost. Returns the function that ends it. */
  onLost(fn: (reason: string) => void): () => void;
}
