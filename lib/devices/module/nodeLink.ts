import type { Cache } from "../../secop/cache/nodeCache";
import type { SecopClient } from "../../secop/client";

/** What modules, parameters and commands need of their node. */
export interface NodeLink {
  /** `host:port`, as in sources and messages. */
  readonly address: string;
  /** The client. @throws SecopError in words if the node was never connected. */
  readonly client: SecopClient;
  /** What the node told; null if it was never connected. */
  readonly cache: Cache | null;
  /** Whether the node plays without a network. */
  readonly mocked: boolean;
  /** Calls `fn` with the client, now if there is one and whenever there is a new one, until the returned function is called. */
  onClient(fn: (client: SecopClient) => void): () => void;
  /** Calls `fn` with the reason whenever the connection is lost, until the returned function is called. */
  onLost(fn: (reason: string) => void): () => void;
}
