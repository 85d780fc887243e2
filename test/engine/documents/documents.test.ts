/**
 * Our documents are those of bluesky: the same cases as test/peers/bluesky/documents.py, which runs bluesky's
 * RunEngine.
 */

import { expect } from "chai";
import { Msg, type Plan } from "../../../lib/core/protocols/msg";
import type { Readable } from "../../../lib/core/protocols/protocols";
import { makeRunEngine } from "../../../lib/engine";
import { bp, bpp, bps } from "../../../lib/plans";
import { peersPython, repository, runProgram, runPython } from "../../peers/peers";
import { expectClose } from "../../support/compareWithBluesky";
import { normalDocuments, type PlainDocument } from "../../support/normalDocuments";
import { type SoftDevices, softDevices } from "../../support/softDevices";

class Fails extends Error {}

function* configured(d: SoftDevices): Plan<void> {
  yield* bps.openRun();
  yield* bps.triggerAndRead([d.det, d.m]);
  yield* bps.configure(d.det, 2);
  yield* bps.triggerAndRead([d.det, d.m]);
  yield* bps.closeRun();
}

const keyed = (key: string, plan: Plan) => bpp.setRunKeyWrapper(plan, key);

/** Opens run "a" with the detector and run "b" with the sensor, and begins each of them with some plans. */
function* openTwoRuns(d: SoftDevices, begin: (key: string, detector: Readable) => Iterable<Plan>): Plan<void> {
  for (const [key, detector] of Object.entries({ a: d.det, b: d.sensor })) {
    yield* keyed(key, bps.openRun({ key }));
    for (const plan of begin(key, detector)) yield* plan;
  }
}

function* twoRuns(d: SoftDevices): Plan<void> {
  const twice = (key: string, detector: Readable) => [1, 2].map(() => keyed(key, bps.triggerAndRead([detector])));
  yield* openTwoRuns(d, twice);
  yield* keyed("a", bps.triggerAndRead([d.det]));
  yield* keyed("a", bps.closeRun());
  yield* keyed("b", bps.closeRun());
}

function* failing(d: SoftDevices): Plan<void> {
  yield* bps.triggerAndRead([d.det]);
  throw new Fails("on purpose");
}

function* failingUnclosed(d: SoftDevices): Plan<void> {
  yield* bps.openRun();
  yield* failing(d);
}

function* pausing(d: SoftDevices): Plan<void> {
  yield* bps.openRun();
  yield* bps.checkpoint();
  yield* bps.triggerAndRead([d.det]);
  yield* bps.checkpoint();
  yield* bps.triggerAndRead([d.det]);
  yield* bps.pause();
  yield* bps.triggerAndRead([d.det]);
  yield* bps.closeRun();
}

function* pausingWithMonitor(d: SoftDevices): Plan<void> {
  yield* bps.openRun();
  yield* bps.monitor(d.sensor, { name: "s" });
  yield* bps.checkpoint();
  yield* bps.triggerAndRead([d.det]);
  yield* bps.pause();
  yield* bps.triggerAndRead([d.det]);
  yield* bps.unmonitor(d.sensor);
  yield* bps.closeRun();
}

function* pausingInBundle(d: SoftDevices): Plan<void> {
  yield* bps.openRun();
  yield* bps.checkpoint();
  yield* bps.create();
  yield* bps.read(d.det);
  yield* bps.pause();
  yield* bps.read(d.m);
  yield* bps.save();
  yield* bps.closeRun();
}

function* pausingTwice(d: SoftDevices): Plan<void> {
  yield* bps.openRun();
  yield* bps.checkpoint();
  yield* bps.triggerAndRead([d.det]);
  yield* bps.pause();
  yield* bps.triggerAndRead([d.det]);
  yield* bps.pause();
  yield* bps.triggerAndRead([d.m], "motor");
  yield* bps.checkpoint();
  yield* bps.pause();
  yield* bps.closeRun();
}

function* pausingWithTwoRuns(d: SoftDevices): Plan<void> {
  yield* openTwoRuns(d, (key, detector) => [bps.checkpoint(), keyed(key, bps.triggerAndRead([detector]))]);
  yield* bps.pause();
  yield* keyed("b", bps.triggerAndRead([d.sensor]));
  yield* keyed("a", bps.closeRun());
  yield* keyed("b", bps.closeRun());
}

function* flyingThroughPause(d: SoftDevices): Plan<void> {
  yield* bps.openRun();
  yield* bps.kickoff(d.flyer, { wait: true });
  yield* bps.checkpoint();
  yield* bps.complete(d.flyer, { wait: true });
  yield* bps.pause();
  yield* bps.collect(d.flyer);
  yield* bps.closeRun();
}

function* suspending(d: SoftDevices): Plan<void> {
  yield* bps.openRun();
  yield* bps.checkpoint();
  yield* bps.triggerAndRead([d.det]);
  yield Msg("_start_suspender", null, [null, null, "beam lost", Promise.resolve()]);
  yield* bps.triggerAndRead([d.det]);
  yield* bps.closeRun();
}

function* dropping(d: SoftDevices): Plan<void> {
  yield* bps.openRun();
  yield* bps.create("x");
  yield* bps.read(d.det);
  yield* bps.drop();
  yield* bps.create("x");
  yield* bps.save();
  yield* bps.declareStream(d.det, d.m, { name: "y" });
  yield* bps.closeRun(null, "no data");
}

const CASES: Record<string, (d: SoftDevices) => Plan> = {
  count: (d) => bp.count([d.det, d.sensor], 3),
  scan: (d) => bp.scan([d.det], d.m, 0, 4, 3, { md: { sample: "Ni" } }),
  "rel_scan of a locatable": (d) => bp.relScan([d.det], d.lm, -1, 1, 3),
  "scan of two motors": (d) => bp.scan([d.det], d.m, 0, 4, d.m2, 1, 2, 3),
  "grid with snake": (d) => bp.gridScan([d.det], d.m, 0, 2, 2, d.m2, -1, 1, 3, { snakeAxes: true }),
  list_scan: (d) => bp.listScan([d.det], d.m, [1, 5, 2]),
  adaptive_scan: (d) => bp.adaptiveScan([d.det], "det", d.m, -2, 3, 0.1, 1, 0.2, true),
  "scan of a part": (d) => bp.scan([d.stage], d.stage.x, 0, 1, 2),
  "baseline, monitors, flyers": (d) =>
    new bpp.SupplementalData({ baseline: [d.m, d.plain], monitors: [d.sensor], flyers: [d.flyer] }).preprocess(
      bp.count([d.det], 2),
    ),
  fly: (d) => bp.fly([d.flyer]),
  configure: configured,
  "two runs at once": twoRuns,
  failure: (d) => bpp.runWrapper(failing(d), { md: { a: 1 } }),
  "failure with an open run": failingUnclosed,
  "drop, empty bundle, declared stream": dropping,
  "pause and resume": pausing,
  "pause with a monitor": pausingWithMonitor,
  "pause in a bundle": pausingInBundle,
  "pause twice and at a checkpoint": pausingTwice,
  "pause of two runs": pausingWithTwoRuns,
  "pause of a flight": flyingThroughPause,
  suspension: suspending,
  abort: pausing,
  stop: pausing,
  halt: pausing,
};

async function documents(name: string, make: (d: SoftDevices) => Plan): Promise<PlainDocument[]> {
  const RE = makeRunEngine({
    md: { beamline: "X" },
    recordInterruptions: name.startsWith("pause") || name === "suspension",
    notify: () => undefined,
  });
  const result: PlainDocument[] = [];
  RE.subscribe((kind, doc) => {
    result.push([kind, doc as unknown as Record<string, unknown>]);
  });
  RE.state$.subscribe((state) => {
    if (state !== "paused") return;
    if (name.startsWith("pause")) RE.resume();
    else if (name === "abort") void RE.abort("enough");
    else if (name === "stop") void RE.stop();
    else void RE.halt();
  });
  try {
    await RE(make(softDevices()), { operator: "me" });
  } catch (error) {
    if (!(error instanceof Fails)) throw error;
  }
  return JSON.parse(JSON.stringify(result)) as PlainDocument[];
}

describe("Documents compared with bluesky", () => {
  let bluesky: Record<string, PlainDocument[]>;
  const ours: Record<string, PlainDocument[]> = {};

  before(async function () {
    this.timeout(180_000);
    bluesky = JSON.parse(await runPython("test/peers/bluesky/documents.py")) as Record<string, PlainDocument[]>;
    for (const [name, make] of Object.entries(CASES)) ours[name] = await documents(name, make);
  });

  it("has the same cases as the Python script", () => {
    expect(Object.keys(CASES).sort()).to.deep.equal(Object.keys(bluesky).sort());
  });

  for (const name of Object.keys(CASES)) {
    it(`emits bluesky's documents for ${name}`, () => {
      const names = (list: readonly PlainDocument[] | undefined) => list?.map(([kind]) => kind);
      expect(names(ours[name])).to.deep.equal(names(bluesky[name]));
      expectClose(normalDocuments(ours[name] ?? []), normalDocuments(bluesky[name] ?? []), name);
    });
  }

  it("counts the interruptions of a run that was paused", () => {
    const stop = ours["pause and resume"]?.at(-1)?.[1];
    expect(stop?.num_events).to.deep.equal({ primary: 3, interruptions: 2 });
  });

  /** Python takes long to draw, so only some cases are drawn. */
  const DRAWN = ["scan", "grid with snake", "baseline, monitors, flyers", "pause and resume"];
  for (const [what, names, options] of [
    ["consumers read", Object.keys(CASES).filter((name) => !DRAWN.includes(name)), ["--no-plots"]],
    ["BestEffortCallback draws", DRAWN, []],
  ] as const)
    it(`emits documents that event-model's schemas accept and bluesky's ${what}`, async function () {
      this.timeout(180_000);
      const { code, stdout, stderr } = await runProgram(
        peersPython(),
        [`${repository}/test/peers/bluesky/consumeAll.py`, ...options],
        { input: JSON.stringify(Object.fromEntries(names.map((name) => [name, ours[name]]))) },
      );
      expect(code, stderr).to.equal(0);
      expect(stdout.trim().split("\n")).to.deep.equal(names);
    });
});
