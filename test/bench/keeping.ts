/** Measures how runs are kept, found and sent, against the writers and publishers of bluesky. */

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createRunEngine, openRuns, type PublishTarget, tiled } from "../../lib/index";
import { count, scan } from "../../lib/plans";
import { DocumentPublisher, publishTarget } from "../../lib/store/publish/publishRuns";
import { peer, repository, runProgram, runPython } from "../peers/peers";
import { startTiled } from "../peers/tiled";
import { freePort } from "../support/freePort";
import { isOpen } from "../support/isOpen";
import { Det, Motor } from "../support/softDevices";
import { until } from "../support/until";
import type { BenchRow } from "./bench";

const NATS = "/usr/sbin/nats-server";
const seconds = async (work: () => unknown): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

/** A row of rates: ours, theirs, and the ratio. */
const rates = (what: string, ours: number, theirs: number, target: string): BenchRow => ({
  ...{ what, unit: "1/s", ours, peer: theirs, ratio: ours / theirs, target },
});

const pythonRate = async (...args: string[]): Promise<number> =>
  JSON.parse(await runPython("test/bench/keepingRates.py", args, { timeout: 200 })) as number;

export async function benchKeeping(): Promise<BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    return [
      await files(dir),
      ...(await search(dir)),
      ...(await million(dir)),
      await toTiled(dir),
      await toNats(dir),
      await toZmq(),
      await toNexus(dir),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The best of five runs each, with files and without, one after the other. */
async function files(dir: string): Promise<BenchRow> {
  const [motor, points] = [new Motor("motor"), 100_000];
  const det = new Det("det", motor);
  const rate = async (store: false | string) => {
    const RE = createRunEngine({ live: false, store });
    return points / (await seconds(() => RE(scan([det], motor, 0, 10, points))));
  };
  let [on, off] = [0, 0];
  for (let i = 0; i < 5; i += 1) {
    off = Math.max(off, await rate(false));
    on = Math.max(on, await rate(join(dir, "files")));
  }
  return rates("scan: points with files on, against files off", on, off, ">= 0.6 x");
}

/** Finds runs in a folder of 10,000. */
async function search(dir: string): Promise<BenchRow[]> {
  const folder = join(dir, "many");
  for (let i = 0; i < 10_000; i += 1) {
    const day = join(folder, `${i % 100}`);
    if (i < 100) mkdirSync(day, { recursive: true });
    const uid = `${i}`.padStart(8, "0");
    const start = { uid, time: 1.7e9 + i, scan_id: i, plan_name: i % 2 ? "scan" : "count", sample: `Pt ${i % 50}` };
    const stop = { uid: `stop${i}`, time: 1.7e9 + i + 1, run_start: uid, exit_status: "success" };
    const lines = [
      { name: "start", doc: start },
      { name: "stop", doc: stop },
    ].map((line) => JSON.stringify(line));
    writeFileSync(join(day, `${i}.jsonl`), `${lines.join("\n")}\n`);
  }
  const runs = openRuns(folder);
  runs.latest();
  // Folders that changed a moment ago are listed again at each question.
  await delay(2500);
  runs.latest();
  const best = async (work: () => unknown) => {
    const times: number[] = [];
    for (let i = 0; i < 7; i += 1) times.push(await seconds(work));
    return Math.min(...times);
  };
  const find = await best(() => runs.find({ plan: "scan", since: "2023-01-01", sample: /Pt 7$/, limit: 20 }));
  const get = await best(() => runs.get(5000));
  return [
    { what: "find in 10,000 runs", unit: "ms", ours: 1000 * find, target: "<= 50 ms" },
    { what: "get one of 10,000 runs by its number", unit: "ms", ours: 1000 * get, target: "<= 5 ms" },
  ];
}

/** Opens a file of a million events and reads one column, in a process of its own; the best of three. */
async function million(dir: string): Promise<BenchRow[]> {
  const program = async (task: string) => {
    const args = ["--import", "tsx", "test/store/reading/millionEvents.ts", join(dir, "million"), task];
    const { stdout } = await runProgram(process.execPath, args, { cwd: repository, timeout: 250 });
    return JSON.parse(stdout || "{}") as { took: number; megabytes: number };
  };
  await program("write");
  const read = [await program("column"), await program("column"), await program("column")];
  const what = "a file of 1,000,000 events opened and one column read";
  return [
    { what, unit: "s", ours: Math.min(...read.map(({ took }) => took)), target: "<= 1 s" },
    {
      what: `${what}: memory`,
      unit: "MB",
      ours: Math.max(...read.map(({ megabytes }) => megabytes)),
      target: "<= 100 MB",
    },
  ];
}

/**
 * Until the server has the whole run. Python's writer sends each event, as blueapi sets it, for people who
 * watch.
 */
async function toTiled(dir: string): Promise<BenchRow> {
  const server = await startTiled();
  process.env.TILED_API_KEY = server.key;
  try {
    const folder = join(dir, "tiled");
    const RE = createRunEngine({ live: false, store: [folder, tiled(server.uri)] });
    const sent = () =>
      readdirSync(join(folder, ".pending"), { recursive: true }).every((name) => !/\/[^.]+$/.test(`${name}`));
    const took = await seconds(async () => {
      await RE(count([new Det("det", new Motor("motor"))], 20_000));
      await until(sent);
    });
    const theirs = await pythonRate("tiled", server.uri, "100", server.key, "1");
    return rates("events to Tiled, against TiledWriter event by event", 20_000 / took, theirs, ">= 10 x");
  } finally {
    delete process.env.TILED_API_KEY;
    await server.stop();
  }
}

/** Documents per second of a run until the broker has them all. */
async function published(target: PublishTarget, documents: number): Promise<number> {
  const RE = createRunEngine({ live: false, store: false });
  const publisher = new DocumentPublisher(target);
  RE.subscribe(publisher.receive);
  const plan = () => count([new Det("det", new Motor("motor"))], documents);
  const took = await seconds(async () => {
    await RE(plan());
    await publisher.idle();
  });
  await publisher.close();
  return documents / took;
}

async function toNats(dir: string): Promise<BenchRow> {
  const port = await freePort();
  const broker = spawn(NATS, ["-js", "-sd", join(dir, "nats"), "-a", "127.0.0.1", "-p", `${port}`], {
    stdio: "ignore",
  });
  try {
    await until(() => isOpen(port));
    const uri = `nats://127.0.0.1:${port}`;
    const ours = await published(publishTarget(uri), 20_000);
    return rates(
      "documents to NATS, each acknowledged, against bluesky-nats",
      ours,
      await pythonRate("nats", uri, "300"),
      "",
    );
  } finally {
    broker.kill("SIGKILL");
  }
}

async function toZmq(): Promise<BenchRow> {
  const [into, from] = [await freePort(), await freePort()];
  const proxy = spawn(peer("bluesky-0MQ-proxy"), [`${into}`, `${from}`], { stdio: "ignore" });
  try {
    await until(() => isOpen(into));
    const ours = await published(publishTarget(`tcp://127.0.0.1:${into}`), 20_000);
    const theirs = await pythonRate("zmq", `127.0.0.1:${into}`, "2000");
    return rates("documents to 0MQ as JSON, against bluesky's Publisher", ours, theirs, "");
  } finally {
    proxy.kill("SIGKILL");
  }
}

/** From the run's file to the NeXus file; the best of five on both sides. */
async function toNexus(dir: string): Promise<BenchRow> {
  const folder = join(dir, "nexus");
  const motor = new Motor("motor");
  await createRunEngine({ live: false, dir: folder })(scan([new Det("det", motor)], motor, 0, 10, 10_000));
  const run = openRuns(folder).latest();
  let took = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i += 1) took = Math.min(took, await seconds(() => run.export(join(dir, "run.nxs"))));
  const theirs = await pythonRate("nexus", run.path, "0");
  const what = "NeXus from the file of a run of 10,000 points, against apstools' NXWriter";
  return { what, unit: "ms", ours: 1000 * took, peer: 1000 * theirs, ratio: took / theirs };
}
