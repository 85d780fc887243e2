/**
 * A client and a node in network namespaces of their own with a cable between them, which is pulled out: packets are
 * dropped by the kernel, nobody's socket is told. Before, the node is looked for by a broadcast. Runs in `unshare --map-root-user --net`; prints what the client saw as
 * one line of JSON.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { SecopClient } from "../../lib/secop/client";
import { discoverNodes } from "../../lib/secop/discover";
import { failure, state } from "./wait";

const [CLIENT, NODE] = ["10.77.0.1", "10.77.0.2"];
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const NODE_SCRIPT = `
  const { startSimNode } = require("./lib/sim/startSimNode");
  startSimNode({ host: "0.0.0.0", modules: ["sensor"], discoveryPort: 10767 }).then(({ port }) => console.log(port));`;

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: ["ignore", "pipe", "pipe"] });

/** Lays the cable between this namespace and the one of `pid`; returns what plugs it in or pulls it out. */
function layCable(pid: string): (plug: "up" | "down") => void {
  const there = (...args: string[]) => run("nsenter", "-t", pid, "-n", "ip", ...args);
  run("ip", "link", "set", "lo", "up");
  run("ip", "link", "add", "name", "cable0", "type", "veth", "peer", "name", "cable1", "netns", pid);
  run("ip", "addr", "add", `${CLIENT}/24`, "dev", "cable0");
  run("ip", "link", "set", "cable0", "up");
  there("addr", "add", `${NODE}/24`, "dev", "cable1");
  there("link", "set", "cable1", "up");
  return (plug) => void there("link", "set", "cable1", plug);
}

let watching: (line: string) => void = () => {};
const trace = (direction: "<" | ">", line: string) => watching(`${direction} ${line}`);

/** Resolves when a line that begins so was traced for the second time. */
function twice(start: string): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    watching = (line) => {
      if (line.startsWith(start)) seen += 1;
      if (seen === 2) resolve();
    };
  });
}

/** What a client sees of a cable that is out for a while, with a caller waiting for `timeout` seconds at most. */
async function pullCable(uri: string, plug: (plug: "up" | "down") => void, timeout: number): Promise<unknown> {
  const client = new SecopClient(uri, { log, timeout: 2, trace });
  const both = twice("< ISSE");
  await client.connect();
  try {
    await both;
    await client.ping();
    const silent = state(client, "reconnecting");
    plug("down");
    const reading = failure(client.read("sensor", "value", { timeout }));
    const { reason } = await silent;
    const stale = client.cache.get("sensor", "value")?.stale;
    const back = state(client, "connected");
    plug("up");
    await back;
    const { value, stale: staleAfter } = await client.read("sensor", "value");
    return { reason, stale, refused: (await reading).message, after: typeof value, staleAfter };
  } finally {
    await client.close();
  }
}

async function main(): Promise<void> {
  const node = spawn("unshare", ["--net", process.execPath, "--import=tsx", "-e", NODE_SCRIPT], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = (await once(node.stdout.setEncoding("utf8"), "data")) as [string];
    const uri = `${NODE}:${port.trim()}`;
    const plug = layCable(String(node.pid));
    const found = await discoverNodes();
    const seen = [await pullCable(uri, plug, 1), await pullCable(uri, plug, Number.POSITIVE_INFINITY)];
    console.log(JSON.stringify({ uri, found: found.map((one) => one.uri), seen }));
  } finally {
    node.kill();
  }
}

void main();
