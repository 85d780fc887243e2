/**
 * Measures scans with live table and plot, compared to scans without views and to bluesky with its
 * BestEffortCallback.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { currentHost, type Host, registerHost } from "../../lib/display/host";
import type { MimeBundle } from "../../lib/display/mimeBundle";
import type { Event } from "../../lib/engine/documents/documents";
import type { RunEngine } from "../../lib/engine/runEngineMembers";
import { ArrayPlot, GridPlot, type StreamPlot } from "../../lib/live/plot";
import type { StreamField } from "../../lib/live/view/streamFields";
import { createRunEngine } from "../../lib/notebook";
import { scan } from "../../lib/plans";
import { SimDetector } from "../../lib/sim/devices/simDetector";
import { SimMotor } from "../../lib/sim/devices/simMotor";
import { runPython } from "../peers/peers";
import type { BenchRow } from "./bench";

const POINTS = 400_000;
const PEER_POINTS = 200;
const ROUNDS = 3;
const EVENTS = 1_000_000;

/** A notebook host that writes each bundle as JSON and forgets it, as a kernel does. */
class SendingHost implements Host {
  readonly rich = true;
  bytes = 0;
  frames = 0;

  display(bundle: MimeBundle): void {
    this.bytes += Buffer.byteLength(JSON.stringify(bundle));
    this.frames += 1;
  }

  currentSignal(): undefined {}

  bind<F extends (...args: never[]) => unknown>(fn: F): F {
    return fn;
  }

  onShutdown(): () => void {
    return () => {};
  }
}

export async function benchLive(): Promise<BenchRow[]> {
  const before = currentHost();
  registerHost(new SendingHost());
  const dir = mkdtempSync(join(tmpdir(), "bench-runs-"));
  try {
    const off = createRunEngine({ live: false, store: false });
    const on = createRunEngine({ store: false });
    const kept = createRunEngine({ live: false, dir });
    const [bare, views, files] = await rates([off, on, kept]);
    const peer = JSON.parse(await runPython("test/bench/blueskyViews.py", [`${PEER_POINTS}`])) as {
      points_per_second: number;
    };
    const { points_per_second } = peer;
    return [
      {
        what: "scan points/s, live table and plot on (peer: bluesky + matplotlib)",
        unit: "1/s",
        ours: views,
        peer: points_per_second,
        ratio: views / points_per_second,
        target: ">= 1000 x",
      },
      {
        what: "the same, compared to ours with views off",
        unit: "1/s",
        ours: views,
        peer: bare,
        ratio: views / bare,
        target: ">= 0.9 x",
      },
      {
        what: "scan points/s with run files, compared to without",
        unit: "1/s",
        ours: files,
        peer: bare,
        ratio: files / bare,
      },
      {
        what: `memory after ${EVENTS.toLocaleString("en")} events, views on, data kept for run.table()`,
        unit: "MB",
        ours: await growth(on),
        target: "<= 50 MB",
      },
      {
        what: "part of a core: frames of a 200 x 200 grid, five a second",
        unit: "%",
        ours: 100 * (await share(gridOf200())),
        target: "<= 25 %",
      },
      {
        what: "part of a core: frames of a waterfall of 2,000 arrays of 200, five a second",
        unit: "%",
        ours: 100 * (await share(waterfallOf2000())),
        target: "<= 25 %",
      },
      {
        what: "outputs in the notebook after 10,000 points with table and plot",
        unit: "kB",
        ours: await notebookSize(),
        target: "<= 400 kB",
      },
    ];
  } finally {
    registerHost(before);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The part of a second that five frames of a full plot take, with writing them as JSON. */
async function share(plot: StreamPlot): Promise<number> {
  const frame = (): number => JSON.stringify(plot.frame(false).spec).length;
  for (let i = 0; i < 3; i++) frame();
  const before = process.cpuUsage();
  const frames = 20;
  for (let i = 0; i < frames; i++) frame();
  const { user, system } = process.cpuUsage(before);
  return (5 * (user + system)) / 1e6 / frames;
}

const fieldOf = (key: string): StreamField => ({ key, units: "mm", precision: undefined, dtype: "number" });
const eventOf = (seq_num: number, data: Event["data"]): Event => ({
  uid: "",
  descriptor: "",
  seq_num,
  time: seq_num,
  data,
  timestamps: {},
  filled: {},
});

function gridOf200(): StreamPlot {
  const axes = { x: fieldOf("x"), y: fieldOf("y"), color: fieldOf("det") };
  const shape = { shape: [200, 200], extents: [[0, 1] as const, [0, 1] as const], snaking: [false, false] };
  const plot = new GridPlot(shape, axes, "grid");
  const take = plot.handler();
  for (let i = 0; i < 40_000; i++) take(eventOf(i + 1, { det: Math.sin(i / 300) + Math.cos(i / 7) }));
  return plot;
}

function waterfallOf2000(): StreamPlot {
  const plot = new ArrayPlot(fieldOf("spectrum"), undefined, "waterfall");
  const take = plot.handler();
  for (let i = 0; i < 2000; i++)
    take(eventOf(i + 1, { spectrum: Float64Array.from({ length: 200 }, (_, k) => Math.sin(k / 9 + i / 99)) }));
  return plot;
}

/** The size of the last frames of all outputs of a run, as a saved notebook has them. */
async function notebookSize(): Promise<number> {
  const before = currentHost();
  const last = new Map<unknown, MimeBundle>();
  const held: Promise<unknown>[] = [];
  const host = new SendingHost();
  host.display = (bundle: MimeBundle, options?: { readonly id?: string }) => void last.set(options?.id ?? {}, bundle);
  registerHost(Object.assign(host, { hold: (work: Promise<unknown>) => void held.push(work) }));
  try {
    await seconds(createRunEngine({ store: false }), 10_000);
    await Promise.all(held);
    return [...last.values()].reduce((sum, bundle) => sum + Buffer.byteLength(JSON.stringify(bundle)), 0) / 1000;
  } finally {
    registerHost(before);
  }
}

/**
 * The points per second of each engine, the best of several rounds. The engines alternate, so that load
 * affects all of them.
 */
async function rates(engines: readonly [RunEngine, RunEngine, RunEngine]): Promise<[number, number, number]> {
  const best: [number, number, number] = [0, 0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, RE] of engines.entries())
      best[i] = Math.max(best[i] as number, POINTS / (await seconds(RE, POINTS)));
  }
  return best;
}

async function seconds(RE: RunEngine, points: number): Promise<number> {
  const motor = new SimMotor("motor");
  const det = new SimDetector("det", { motor, center: 0.5, sigma: 0.1 });
  const started = performance.now();
  await RE(scan([det], motor, 0, 1, points));
  return (performance.now() - started) / 1000;
}

/**
 * The growth of memory in MB by a run of a million events, after a warm-up run, while the result and its
 * table are kept.
 */
async function growth(RE: RunEngine): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const used = (): number => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return (heapUsed + external) / 1e6;
  };
  await seconds(RE, 10_000);
  const before = used();
  await seconds(RE, EVENTS);
  return used() - before;
}
