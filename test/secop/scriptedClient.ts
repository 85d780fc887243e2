/** A client of a scripted node, made anew for each test. */
import { type ClientLog, type ClientOptions, SecopClient } from "../../lib/secop/client";
import { ScriptedNode } from "../faults/scriptedNode";

export interface ScriptedClient {
  readonly node: ScriptedNode;
  readonly client: SecopClient;
  /** What the client logged. */
  readonly told: readonly string[];
  connect(options?: ClientOptions): Promise<SecopClient>;
  /** Connected, with the second connection in use. */
  connectTwice(options?: ClientOptions): Promise<SecopClient>;
}

/** Called in a `describe`: starts the node before each test, closes it and the client after it. */
export function useScriptedClient(): ScriptedClient {
  let node: ScriptedNode;
  let client: SecopClient | undefined;
  let told: string[];
  const tell = (text: string) => void told.push(text);
  const log: ClientLog = { debug: tell, info: tell, warn: tell, error: tell };
  const connect = async (options: ClientOptions = {}) => {
    client = await SecopClient.connect(node.uri, { log, ...options });
    return client;
  };

  beforeEach(async () => {
    told = [];
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
    get told() {
      return told;
    },
    connect,
    connectTwice: async (options) => {
      const connected = await connect(options);
      do await connected.ping();
      while (node.lastPeer?.index !== 1);
      return connected;
    },
  };
}
