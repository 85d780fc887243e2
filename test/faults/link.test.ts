/** The link to a node: lost, silent, slow, back with another description. */

import { spawn } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { filter } from "rxjs";
import { type ClientOptions, type DescriptionChange, SecopClient } from "../../lib/secop/client";
import type { LinkListener } from "../../lib/secop/link/linkListener";
import { Supervisor } from "../../lib/secop/link/supervisor";
import { parseUri } from "../../lib/secop/wire/uri";
import { repository } from "../peers/peers";
import { failure } from "../support/failure";
import { FaultProxy } from "../support/faultProxy";
import { DESCRIPTION, ScriptedNode } from "../support/scriptedNode";
import { silentLog } from "../support/silentLog";
import { first, item, state } from "../support/wait";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What the process holds after garbage collection; `life` is the signal that outlives every connection. */
function held(life: AbortSignal | undefined) {
  if (!life) throw new Error("no signal was made");
  const onProcess = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  collect();
  return {
    heap: process.memoryUsage().heapUsed,
    listeners: getEventListeners(life, "abort").length + onProcess,
    timers: process.getActiveResourcesInfo().filter((name) => name === "Timeout").length,
  };
}

/** The result of `make`, and the abort signals that it created. */
function recordingSignals<T>(make: () => T): { readonly made: AbortSignal[]; readonly result: T } {
  const made: AbortSignal[] = [];
  const Original = globalThis.AbortController;
  globalThis.AbortController = class extends Original {
    constructor() {
      super();
      made.push(this.signal);
    }
  };
  try {
    return { made, result: make() };
  } finally {
    globalThis.AbortController = Original;
  }
}

describe("the link to a node", function () {
  this.timeout(20_000);
  let node: ScriptedNode;
  let proxy: FaultProxy;
  let client: SecopClient;

  const connect = async (options: ClientOptions = {}) => {
    client = await SecopClient.connect(proxy.uri, { log: silentLog, ...options });
    return client;
  };

  beforeEach(async () => {
    node = await ScriptedNode.start();
    proxy = await FaultProxy.start(node.port);
  });
  afterEach(async () => {
    await client?.close();
    await proxy.close();
    await node.close();
  });

  it("reports when it is lost, marks values as stale with the reason, and comes back by itself", async () => {
    await connect();
    const seen: unknown[] = [];
    client.onUpdate("m", "value", (i) => seen.push(i.value));
    const before = client.description;
    const lost = state(client, "reconnecting");
    node.drop();
    expect((await lost).reason).to.equal("closed by the node");
    expect(client.cache.get("m", "value")).to.deep.include({ value: 1.5, stale: "closed by the node" });
    expect(client.cache.get("m", "_ratio")?.stale).to.equal(false);
    await state(client, "connected");
    expect(client.cache.get("m", "value")?.stale).to.equal(false);
    expect(client.description).to.equal(before);
    expect(seen).to.deep.equal([1.5]);
    expect((await client.read("m", "value")).value).to.equal(2.5);
  });

  it("keeps trying while the node is away, and says why it fails", async () => {
    await connect();
    const { port } = node;
    await node.close();
    const tried = client.state$.pipe(filter(({ reason }) => reason.includes("cannot connect")));
    expect(await first(tried)).to.deep.equal({
      name: "reconnecting",
      reason: `cannot connect to ${proxy.uri}: it ended the connection instead of answering *IDN? (closed by the node)`,
    });
    await node.listen(port);
    await state(client, "connected");
  });

  it("comes back with another description, which is reported with the old one", async () => {
    await connect();
    let change: DescriptionChange | undefined;
    client.descriptionChanged$.subscribe((c) => {
      change = c;
    });
    const { m } = DESCRIPTION.modules;
    const { _text, ...accessibles } = m.accessibles;
    const value = { ...accessibles.value, datainfo: { type: "int", min: 0, max: 9 } };
    await client.read("m", "_text").catch(() => {});
    node.answer = (line) => (line === "read m:_text" ? 'reply m:_text ["old", {}]' : undefined);
    await client.read("m", "_text");
    node.answer = () => undefined;
    node.description = { ...DESCRIPTION, modules: { m: { ...m, accessibles: { ...accessibles, value } } } };
    const received = item(client, "m", "value");
    node.drop();
    await state(client, "reconnecting");
    await state(client, "connected");
    expect(change?.before.modules.get("m")?.accessibles.has("_text")).to.equal(true);
    expect(change?.after).to.equal(client.description);
    expect(client.description.modules.get("m")?.accessibles.has("_text")).to.equal(false);
    expect((await received).error?.message).to.equal("m:value: the node sent a wrong value: 1.5 is not an integer");
    expect(client.cache.get("m", "_text")).to.deep.include({
      value: "old",
      stale: "the node has no such parameter any more",
    });
    expect((await failure(client.read("m", "_text"))).message).to.match(
      /^cannot read m:_text: m has no parameter "_text"/,
    );
  });

  it("does not call a description another one because its keys are in another order", async () => {
    await connect();
    let changes = 0;
    client.descriptionChanged$.subscribe(() => (changes += 1));
    node.description = Object.fromEntries(Object.entries(DESCRIPTION).reverse());
    node.drop();
    await state(client, "reconnecting");
    await state(client, "connected");
    expect(changes).to.equal(0);
  });

  it("is found dead although the only request on its only connection may take any time", async () => {
    await connect({ connections: 1, timeout: 0.3 });
    proxy.silent = true;
    const error = await failure(client.read("m", "value", { timeout: Number.POSITIVE_INFINITY }));
    expect(error.message).to.match(
      /^cannot read m:value: the connection .* was lost: no answer to "ping \d+" within 0.3 s$/,
    );
  });

  it("is not found dead while the node works on a request that may take any time", async () => {
    await connect({ connections: 1, timeout: 0.5 });
    let asked = 0;
    node.answer = (line, peer) => {
      if (line.startsWith("ping")) asked += 1;
      if (!line.startsWith("read")) return undefined;
      setTimeout(() => peer.send("reply m:value [7, {}]"), 1000);
      return [];
    };
    expect((await client.read("m", "value", { timeout: Number.POSITIVE_INFINITY })).value).to.equal(7);
    expect(asked, "pings before, none meanwhile").to.equal(1);
    expect(node.connections).to.equal(1);
  });

  it("is found dead when it goes silent, and comes back", async () => {
    await connect({ timeout: 0.5 });
    const lost = state(client, "reconnecting");
    proxy.silent = true;
    expect((await lost).reason).to.match(/^no answer to "ping \d+" within 0.5 s$/);
    expect(client.cache.get("m", "value")?.stale).to.match(/^no answer to "ping/);
    proxy.silent = false;
    await state(client, "connected");
  });

  it("is reported as slow when a ping takes long", async () => {
    const slow = new Promise<string>((resolve) => {
      const info = (text: string) => text.includes("is slow") && resolve(text);
      void connect({ timeout: 2, log: { ...silentLog, info } });
    });
    node.answer = (line, peer) => {
      if (!line.startsWith("ping")) return undefined;
      setTimeout(() => peer.send(`pong ${line.slice("ping ".length)} [null, {}]`), 1200);
      return [];
    };
    expect(await slow).to.match(/: the node is slow: it took 1\.\d s for a ping$/);
    expect(client.state.name).to.equal("connected");
  });

  it("is not called dead while it works on a request of a caller who gave it more time", async () => {
    await connect({ timeout: 0.5 });
    await client.ping();
    let hung = false;
    let release = () => {};
    node.answer = (line, peer) => {
      if (line === "do m:stop") {
        hung = true;
        release = () => {
          hung = false;
          peer.send("done m:stop [null, {}]");
        };
        setTimeout(release, 1500);
        return [];
      }
      return hung ? [] : undefined;
    };
    let lost = 0;
    const subscription = client.state$.subscribe((s) => {
      if (s.name !== "connected") lost += 1;
    });
    expect(await client.do("m", "stop", undefined, { timeout: 5 })).to.equal(null);
    subscription.unsubscribe();
    expect(lost).to.equal(0);
  });

  it("is not called dead after a cell computed for longer than the node's timeout", async () => {
    // The node is a process of its own, so that it answers while this one computes.
    const other = spawn(process.execPath, [join(repository, "test/bench/floodNode.mjs")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [port] = (await once(other.stdout.setEncoding("utf8"), "data")) as [string];
      client = await SecopClient.connect(`127.0.0.1:${port.trim()}`, { log: silentLog, timeout: 0.5 });
      await client.ping();
      const reading = client.read("m", "value");
      const done = performance.now() + 1000;
      while (performance.now() < done);
      expect((await reading).error).to.equal(undefined);
      expect(client.state.name).to.equal("connected");
    } finally {
      other.kill();
    }
  });

  it("works when bytes come one by one", async () => {
    proxy.byteByByte = true;
    await connect();
    node.answer = (line) => (line === "read m:_text" ? 'reply m:_text ["ä€😀", {"t": 1}]' : undefined);
    expect((await client.read("m", "_text")).value).to.equal("ä€😀");
  });

  it("ends when the node says its session is over", async () => {
    await connect();
    const lost = state(client, "reconnecting");
    node.update("error_closed");
    expect((await lost).reason).to.equal("the node ended the session, its description may have changed");
    await state(client, "connected");
  });

  it("is not given up when only the connection for requests is lost", async () => {
    await connect();
    await client.ping();
    const second = node.peers.find((peer) => peer.index === 1);
    second?.socket.destroy();
    expect((await client.read("m", "value").catch(() => client.read("m", "value"))).value).to.equal(2.5);
    expect(client.state.name).to.equal("connected");
  });

  it("survives a thousand losses without keeping a socket, timer, listener or memory", async () => {
    let described = 0;
    const listener: LinkListener = {
      awaits: () => {},
      described: () => (described += 1),
      updates: { receive: () => {} },
      message: () => {},
      problem: () => {},
      opened: () => {},
      lost: () => {},
    };
    const {
      made: [life],
      result: supervisor,
    } = recordingSignals(
      () =>
        new Supervisor(parseUri(proxy.uri), { timeout: 5, activate: true, connections: 2 }, listener, {
          first: 0,
          longest: 0,
        }),
    );
    const losses = (n: number) =>
      new Promise<void>((resolve) => {
        const end = described + n;
        const subscription = supervisor.state$.subscribe((s) => {
          if (s.name !== "connected") return;
          setImmediate(() => {
            if (described < end) return proxy.cut();
            subscription.unsubscribe();
            resolve();
          });
        });
      });
    try {
      await supervisor.connect();
      // The first losses compile code and fill caches.
      await losses(1000);
      node.received.length = 0;
      const before = held(life);
      await losses(1000);
      node.received.length = 0;
      const { heap, ...after } = held(life);
      expect((heap - before.heap) / 1000, "bytes kept per loss").to.be.below(500);
      expect(after.listeners).to.equal(before.listeners);
      expect(after.timers).to.be.below(10);
      expect(node.peers.length).to.be.below(10);
    } finally {
      supervisor.close();
    }
    expect(getEventListeners(life as AbortSignal, "abort")).to.deep.equal([]);
  }).timeout(60_000);
});
