/** A client and a scripted node, new for each test. */

import { type ClientLog, type ClientOptions, SecopClient } from "../../lib/secop/client";
import { ScriptedNode } from "./scriptedNode";

/** The node and the client of the present test. */
export interface ScriptedClient {
  readonly node: ScriptedNode;
  readonly client: SecopClient;
  /** All lines that the client logged. */
  readonly logged: readonly string[];
  readonly log: ClientLog;
  connect(options?: ClientOptions): Promise<SecopClient>;
  /** Connects, and resolves when the second connection is in use. */
  connectTwice(options?: ClientOptions): Promise<SecopClient>;
  /** Makes a client for an address, without connecting it. */
  make(uri: string, options?: ClientOptions): SecopClient;
}

/** Called in a `describe`: starts the node before each test, and closes node and client after it. */
export function useScriptedClient(): ScriptedClient {
  let node: ScriptedNode;
  let client: SecopClient | undefined;
  let logged: string[];
  const add = (text: string) => void logged.push(text);
  const log: ClientLog = { debug: add, info: add, warn: add, error: add };
  const make = (uri: string, options: ClientOptions = {}) => {
    client = new SecopClient(uri, { log, ...options });
    return client;
  };
  const connect = (options?: ClientOptions) => make(node.uri, options).connect();

  beforeEach(async () => {
    logged = [];
    client = undefined;
    node = await ScriptedNode.start();
  });
  afterEach(async () => {
    await client?.close();
    await node.close();
  });

  return {
    get node() {
      return node;
    },
    get client() {
      if (!client) throw new Error("the test has not connected the client yet");
      return client;
    },
    get logged() {
      return logged;
    },
    log,
    make,
    connect,
    connectTwice: async (options) => {
      const connected = await connect(options);
      do await connected.ping();
      while (node.lastPeer?.index !== 1);
      return connected;
    },
  };
}
