/**
 * A client and a node in network namespaces of their own, with a cable between them that is pulled out.
 *
 * The kernel then drops packets without closing any socket. Before that, the client finds the node by a
 * broadcast. Runs in `unshare --map-root-user --net` and prints what the client saw as one line of JSON.
 */

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { SecopClient } from "../../lib/secop/client";
import { discoverNodes } from "../../lib/secop/wire/discoverNodes";
import { failure } from "../support/failure";
import { silentLog } from "../support/silentLog";
import { state } from "../support/wait";

const [CLIENT, NODE] = ["10.77.0.1", "10.77.0.2"];
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

/** A client whose two connections are open. */
async function connected(uri: string): Promise<SecopClient> {
  let greetings = 0;
  let bothGreeted = () => {};
  const both = new Promise<void>((resolve) => {
    bothGreeted = resolve;
  });
  const trace = (direction: "<" | ">", line: string) => {
    if (direction === "<" && line.startsWith("ISSE")) greetings += 1;
    if (greetings === 2) bothGreeted();
  };
  const client = new SecopClient(uri, { log: silentLog, timeout: 2, trace });
  await client.connect();
  await both;
  await client.ping();
  return client;
}

/** What clients see while the cable is out; the caller of each waits for `timeouts` seconds at most. */
async function pullCable(
  uri: string,
  plug: (plug: "up" | "down") => void,
  timeouts: readonly number[],
): Promise<unknown[]> {
  const clients = await Promise.all(timeouts.map(() => connected(uri)));
  try {
    const silent = clients.map((client) => state(client, "reconnecting"));
    plug("down");
    const readings = clients.map((client, i) => failure(client.read("sensor", "value", { timeout: timeouts[i] ?? 0 })));
    const reasons = (await Promise.all(silent)).map(({ reason }) => reason);
    const stale = clients.map((client) => client.cache.get("sensor", "value")?.stale);
    const back = clients.map((client) => state(client, "connected"));
    plug("up");
    await Promise.all(back);
    const seen = clients.map(async (client, i) => {
      const { value, stale: staleAfter } = await client.read("sensor", "value");
      return {
        reason: reasons[i],
        stale: stale[i],
        refused: (await readings[i])?.message,
        after: typeof value,
        staleAfter,
      };
    });
    return await Promise.all(seen);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
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
    const seen = await pullCable(uri, plug, [1, Number.POSITIVE_INFINITY]);
    console.log(JSON.stringify({ uri, found: found.map((one) => one.uri), seen }));
  } finally {
    node.kill();
  }
}

void main();
