/** Measures our SECoP client and frappy's, and our devices and secop-ophyd's, with the same nodes. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import type { SignalR, SignalRW } from "../../lib/core/signal/signal";
import { SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import { SecopClient } from "../../lib/secop/client";
import { startFrappy } from "../peers/frappy";
import { repository, runPython } from "../peers/peers";
import type { BenchRow } from "./bench";

interface Rates {
  /** The median time to connect, in seconds. */
  readonly connect: number;
  readonly reads: number;
  readonly changes: number;
}

interface DeviceRates {
  /**
   * The time of the first connection, in seconds; secop-ophyd keeps its clients, so it can connect only once.
   */
  readonly connect: number;
  /** Reads of pushed values per second. */
  readonly cached: number;
  readonly changes: number;
}

const CONNECTS = 5;
const TURNS = 5;
const UPDATES = 200_000;
/** The number of updates for our client, which is faster and needs more for a precise measurement. */
const OUR_UPDATES = 20 * UPDATES;

export async function benchSecop(): Promise<BenchRow[]> {
  return [
    ...(await benchRequests()),
    ...(await benchDevices()),
    ...(await benchBigNode()),
    ...(await benchTwenty()),
    ...(await benchFlood()),
  ];
}

async function benchRequests(): Promise<BenchRow[]> {
  const server = await startFrappy("cryo");
  try {
    const peer = await frappyClient<Rates>(server.uri, "active", 60);
    const active = await requestRates(server.uri, true);
    const [passive, passivePeer, bareReads] = await passiveRates(server.uri);
    return [
      rateRow("reads/s while updates are active", active.reads, peer.reads, ">= 250 x"),
      rateRow("changes/s while updates are active", active.changes, peer.changes, ">= 200 x"),
      rateRow("reads/s, not activated", passive.reads, passivePeer.reads, ">= 1.5 x"),
      rateRow("the same (peer: a bare loop that sends a line and waits for one)", passive.reads, bareReads),
      rateRow("changes/s, not activated", passive.changes, passivePeer.changes),
      timeRow("connect, describe, activate", active.connect, peer.connect),
      timeRow("connect, describe, not activated", passive.connect, passivePeer.connect),
    ];
  } finally {
    await server.stop();
  }
}

/**
 * The medians of both clients, measured in turns: without updates most of a request's time is that of the
 * server, and how the system divides two processors among three programs changes from one second to the next.
 */
async function passiveRates(uri: string): Promise<[ours: Rates, peer: Rates, bareReads: number]> {
  const ours: Rates[] = [];
  const peer: Rates[] = [];
  const bare: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    peer.push(await frappyClient<Rates>(uri, "passive", 2000));
    ours.push(await requestRates(uri, false));
    bare.push(await bareReadRate(uri));
  }
  return [medians(ours), medians(peer), bare.sort((a, b) => a - b)[TURNS >> 1] ?? 0];
}

/** Reads per second of a loop that does nothing with the replies: the server sets this limit for any client. */
async function bareReadRate(uri: string): Promise<number> {
  const [host = "", port = ""] = uri.split(":");
  const socket = connect({ host, port: Number(port), noDelay: true });
  try {
    await once(socket, "connect");
    let replied = () => {};
    socket.on("data", () => replied());
    const ask = (line: string) =>
      new Promise<void>((resolve) => {
        replied = resolve;
        socket.write(`${line}\n`);
      });
    await ask("*IDN?");
    await rate(500, () => ask("read cryo:value"));
    return await rate(10_000, () => ask("read cryo:value"));
  } finally {
    socket.destroy();
  }
}

function medians(rates: readonly Rates[]): Rates {
  const median = (pick: (each: Rates) => number) => rates.map(pick).sort((a, b) => a - b)[rates.length >> 1] ?? 0;
  return {
    connect: median(({ connect }) => connect),
    reads: median(({ reads }) => reads),
    changes: median(({ changes }) => changes),
  };
}

async function benchDevices(): Promise<BenchRow[]> {
  const server = await startFrappy("cryo");
  try {
    const peer = await ophydDevices<DeviceRates>(server.uri, "rates", 60);
    const { fresh, ...ours } = await deviceRates(server.uri);
    return [
      rateRow("signal reads/s of pushed values (peer: secop-ophyd)", ours.cached, peer.cached),
      { what: "signal reads/s that ask the node (secop-ophyd never does)", unit: "1/s", ours: fresh },
      rateRow("signal sets/s (peer: secop-ophyd)", ours.changes, peer.changes),
      timeRow("node device connected (peer: secop-ophyd)", ours.connect, peer.connect),
    ];
  } finally {
    await server.stop();
  }
}

async function deviceRates(uri: string): Promise<DeviceRates & { readonly fresh: number }> {
  const start = performance.now();
  const node = new SecopNodeDevice(uri);
  await node.connect();
  const connect = (performance.now() - start) / 1000;
  try {
    const value = node.cryo.value as SignalR<number>;
    const p = node.cryo.p as SignalRW<number>;
    await rate(500, async () => value.read({ cached: false }));
    const fresh = await rate(10_000, async () => value.read({ cached: false }));
    const changes = await rate(10_000, (i) => Promise.resolve(p.set(40 + (i % 2))));
    value.stage();
    const cached = await rate(100_000, async () => value.read());
    return { connect, fresh, changes, cached };
  } finally {
    await node.dispose();
  }
}

async function deviceConnectTime(uri: string): Promise<number> {
  const node = new SecopNodeDevice(uri);
  const start = performance.now();
  await node.connect();
  const seconds = (performance.now() - start) / 1000;
  await node.dispose();
  return seconds;
}

const frappyClient = <T>(
  uri: string,
  what: "active" | "passive" | "flood" | "connect" | "twenty",
  n: number,
): Promise<T> => pythonPeer("frappyClient.py", uri, what, n);

const ophydDevices = <T>(uri: string, what: "rates" | "connect", n: number): Promise<T> =>
  pythonPeer("ophydDevices.py", uri, what, n);

/** Runs a peer. Peers also log to stdout, so the result is the line that is JSON. */
async function pythonPeer<T>(script: string, uri: string, what: string, n: number): Promise<T> {
  const output = await runPython(`test/bench/${script}`, [uri, what, `${n}`]);
  return JSON.parse(output.split("\n").find((line) => line.startsWith("{")) ?? "") as T;
}

async function connectTime(uri: string, activate: boolean): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < CONNECTS; i += 1) {
    const start = performance.now();
    const client = await SecopClient.connect(uri, { activate });
    times.push((performance.now() - start) / 1000);
    await client.close();
  }
  return times.sort((a, b) => a - b)[Math.floor(CONNECTS / 2)] ?? Number.NaN;
}

async function requestRates(uri: string, activate: boolean): Promise<Rates> {
  const connect = await connectTime(uri, activate);
  const client = await SecopClient.connect(uri, { activate });
  try {
    // Warm up, so that the first runs of code that is not compiled yet are not measured.
    await rate(500, () => client.read("cryo", "value"));
    return {
      connect,
      reads: await rate(10_000, () => client.read("cryo", "value")),
      changes: await rate(10_000, (i) => client.change("cryo", "_p", 40 + (i % 2))),
    };
  } finally {
    await client.close();
  }
}

async function rate(n: number, call: (i: number) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < n; i += 1) await call(i);
  return (n * 1000) / (performance.now() - start);
}

/** Runs `measure` on the node of `floodNode.mjs`. */
async function withFloodNode<T>(args: readonly string[], measure: (uri: string) => Promise<T>): Promise<T> {
  const node = spawn(process.execPath, [join(repository, "test/bench/floodNode.mjs"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(node.stdout.setEncoding("utf8"), "data")) as [string];
    return await measure(`127.0.0.1:${port.trim()}`);
  } finally {
    node.kill();
  }
}

function benchBigNode(): Promise<BenchRow[]> {
  return withFloodNode(["60", "80"], async (uri) => {
    const peer = await frappyClient<{ connect: number }>(uri, "connect", CONNECTS);
    return [
      timeRow(
        "connect to 60 modules x 80 parameters until all values are there",
        await connectTime(uri, true),
        peer.connect,
      ),
      timeRow(
        "the same as a node device (peer: secop-ophyd)",
        await deviceConnectTime(uri),
        (await ophydDevices<{ connect: number }>(uri, "connect", 1)).connect,
      ),
    ];
  });
}

/**
 * Requests of 20 parameters of one module, sent together: SECoP has no ids, but their specifiers tell them
 * apart.
 */
function benchTwenty(): Promise<BenchRow[]> {
  const names = Array.from({ length: 20 }, (_, i) => `_p${2 * i + 3}`);
  return withFloodNode(["2", "80"], async (uri) => {
    const peer = await frappyClient<{ reads: number; changes: number }>(uri, "twenty", 20);
    const client = await SecopClient.connect(uri);
    try {
      const all = (ask: (name: string) => Promise<unknown>) => Promise.all(names.map(ask));
      await rate(200, () => all((name) => client.read("m0", name)));
      const reads = await rate(2000, () => all((name) => client.read("m0", name)));
      const changes = await rate(2000, (i) => all((name) => client.change("m0", name, 40 + (i % 2))));
      return [
        rateRow("reads of 20 parameters at once, per second", reads, peer.reads),
        rateRow("changes of 20 parameters at once, per second", changes, peer.changes),
      ];
    } finally {
      await client.close();
    }
  });
}

/** Updates per second that a bare loop over lines and `JSON.parse` takes in: the floor for our client. */
async function bareLoop(uri: string): Promise<number> {
  const [host = "", port = ""] = uri.split(":");
  const socket = connect(Number(port), host);
  try {
    await once(socket, "connect");
    socket.write("activate\n");
    await once(socket, "data");
    const start = performance.now();
    let rest = "";
    const over = new Promise<void>((resolve) => {
      socket.on("data", (chunk: Buffer) => {
        const text = rest + chunk.toString("utf8");
        let from = 0;
        for (let to = text.indexOf("\n"); to >= 0; to = text.indexOf("\n", from)) {
          const line = text.slice(from, to);
          from = to + 1;
          const json = line.slice(line.indexOf(" ", line.indexOf(" ") + 1) + 1);
          if (line.startsWith("update ") && (JSON.parse(json) as [number])[0] === -1) resolve();
        }
        rest = text.slice(from);
      });
    });
    socket.write(`do m:flood ${OUR_UPDATES}\n`);
    await over;
    return (OUR_UPDATES * 1000) / (performance.now() - start);
  } finally {
    socket.destroy();
  }
}

function benchFlood(): Promise<BenchRow[]> {
  return withFloodNode([], async (uri) => {
    const peer = await frappyClient<{ rate: number }>(uri, "flood", UPDATES);
    const ours = await flood(uri);
    const floor = await bareLoop(uri);
    const what = `memory growth by ${OUR_UPDATES.toLocaleString("en")} updates`;
    return [
      rateRow("update messages/s into the cache and one observer", ours.rate, peer.rate, ">= 10 x"),
      rateRow("the same (peer: a bare loop over lines and JSON.parse)", ours.rate, floor, ">= 0.7 x"),
      { what, unit: "MB", ours: ours.growth, target: "< 50" },
    ];
  });
}

async function flood(uri: string): Promise<{ rate: number; growth: number }> {
  const client = await SecopClient.connect(uri);
  try {
    await absorb(client, UPDATES);
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const seconds = await absorb(client, OUR_UPDATES);
    globalThis.gc?.();
    return { rate: OUR_UPDATES / seconds, growth: (process.memoryUsage().rss - before) / 2 ** 20 };
  } finally {
    await client.close();
  }
}

/** Seconds until the observer has seen the last of `n` values. */
async function absorb(client: SecopClient, n: number): Promise<number> {
  const start = performance.now();
  await new Promise<void>((resolve, reject) => {
    const end = client.onUpdate<number>("m", "value", (item) => {
      if (item.value !== -1) return;
      end();
      resolve();
    });
    client.do("m", "flood", n).catch(reject);
  });
  return (performance.now() - start) / 1000;
}

function rateRow(what: string, ours: number, peer: number, target?: string): BenchRow {
  return { what, unit: "1/s", ours, peer, ratio: ours / peer, ...(target !== undefined && { target }) };
}

function timeRow(what: string, ours: number, peer: number): BenchRow {
  return { what, unit: "ms", ours: ours * 1000, peer: peer * 1000, ratio: ours / peer };
}
