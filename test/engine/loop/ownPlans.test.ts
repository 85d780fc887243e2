/** Plans that users write themselves: their names, their metadata, what they wait for. */

import { expect } from "chai";
import type { Plan } from "../../../lib/core/protocols/msg";
import {
  bpp,
  bps,
  count,
  DeviceVector,
  gridScan,
  type RunStart,
  SimDetector,
  SimMotor,
  SupplementalData,
  scan,
  softSignalRw,
} from "../../../lib/index";
import { failure } from "../../support/failure";
import { quietEngine } from "../../support/quietEngine";

class Sample {
  readonly name: string;
  readonly thickness = 0.1;

  constructor(name: string) {
    this.name = name;
  }
}

class Secret {
  readonly #word = "sesame";

  toString(): string {
    return this.#word;
  }
}

function* myPlan(): Plan<string> {
  yield* bps.openRun();
  return yield* bps.closeRun();
}

const assigned = function* (): Plan<string> {
  return yield* myPlan();
};

async function startOf(plan: Parameters<ReturnType<typeof quietEngine>["RE"]>[0], md = {}): Promise<RunStart> {
  const { RE } = quietEngine();
  const starts: RunStart[] = [];
  RE.subscribe((_, doc) => starts.push(doc), "start");
  await RE(plan, md);
  return starts[0] as RunStart;
}

describe("a plan of one's own", () => {
  it("has the name of its function as plan_name, however it is given", async () => {
    const plans = [myPlan(), myPlan, () => myPlan(), assigned(), assigned];
    const names = await Promise.all(plans.map(async (plan) => (await startOf(plan)).plan_name));
    expect(names).to.deep.equal(["myPlan", "myPlan", "myPlan", "assigned", "assigned"]);
    const { RE } = quietEngine({ preprocessors: [new SupplementalData()] });
    const start = new Promise<RunStart>((resolve) => RE.subscribe((_, doc) => resolve(doc), "start"));
    await RE(myPlan());
    expect((await start).plan_name).to.equal("myPlan");
  });

  it("keeps the properties of objects in its metadata that are no devices", async () => {
    const det = new SimDetector("det");
    const start = await startOf(myPlan(), {
      sample: new Sample("Ni"),
      pattern: /^Ni/i,
      holder: new Map<string, unknown>([["A1", new Sample("Fe")]]),
      pairs: new Map([[true, 1]]),
      set: new Set(["a"]),
      place: new URL("http://lab/"),
      secret: new Secret(),
      wide: new BigInt64Array([1n]),
      broken: new Error("no"),
      device: det,
    });
    expect(start).to.deep.include({
      sample: { name: "Ni", thickness: 0.1 },
      pattern: "/^Ni/i",
      holder: { A1: { name: "Fe", thickness: 0.1 } },
      pairs: [[true, 1]],
      set: ["a"],
      place: "http://lab/",
      secret: "sesame",
      wide: ["1"],
      broken: "Error: no",
      device: "det",
    });
  });

  it("is refused if a promise is in its metadata, at any depth and by the type checker", async () => {
    const { RE } = quietEngine();
    const value = Promise.resolve(3);
    // @ts-expect-error a promise is not metadata
    expect(() => RE(myPlan(), { temperature: value })).to.throw(
      'the metadata "temperature" is a promise: await it before it is recorded',
    );
    const deep = { sample: { list: [1, value] } };
    expect((await failure(RE(myPlan(), deep))).message).to.contain('the metadata "sample.list.1" is a promise');
    const ofPlan = function* (): Plan<void> {
      yield* bps.openRun({ value });
    };
    expect((await failure(RE(ofPlan()))).message).to.contain('the metadata "value" is a promise');
  });

  it("waits for statuses, one or several, also after a pause", async () => {
    const { RE } = quietEngine();
    const [a, b] = [new SimMotor("a", { velocity: 10 }), new SimMotor("b", { velocity: 10 })];
    const seen: number[] = [];
    const plan = function* (): Plan<void> {
      const move = yield* bps.absSet(a, 1);
      expect(yield* bps.wait(move, { timeout: 0.01, errorOnTimeout: false })).to.equal(false);
      expect(yield* bps.wait(move)).to.equal(true);
      seen.push(yield* bps.rd(a));
      yield* bps.checkpoint();
      const both = [yield* bps.absSet(a, 2, { group: "x" }), yield* bps.absSet(b, 2, { group: "y" })];
      setTimeout(() => RE.pause(), 20);
      yield* bps.wait(both);
      seen.push(yield* bps.rd(a), yield* bps.rd(b));
    };
    RE.state$.subscribe((state) => state === "paused" && RE.resume());
    await RE(plan());
    expect(seen).to.deep.equal([1, 2, 2]);
  });

  it("cannot wait for what is neither a group nor a status", async () => {
    const { RE } = quietEngine();
    const words = /^wait takes the name of a group, or statuses such as those of absSet: to wait /;
    for (const wrong of [5, bps.mv(new SimMotor("m"), 1), Promise.resolve(), [5], {}]) {
      // @ts-expect-error none of them can be waited for
      const plan = bps.wait(wrong);
      expect((await failure(RE(plan))).message).to.match(words);
    }
  });

  it("reads null for a default of null", () => {
    const plan = bps.rd(softSignalRw(1), { defaultValue: null });
    plan.next();
    expect(plan.next(undefined)).to.deep.equal({ value: null, done: true });
  });
});

describe("supplemental data", () => {
  it("are recorded in runs with a key, also in a run inside another one", async () => {
    const { RE } = quietEngine();
    const position = softSignalRw(1, { name: "position" });
    const flyer = {
      name: "flyer",
      kickoff: () => new SimDetector("x").trigger(),
      complete: () => new SimDetector("x").trigger(),
      describeCollect: () => ({ flight: { flyer: { source: "SIM", dtype: "number" as const, shape: [] } } }),
      collect: () => [{ data: { flyer: 1 }, timestamps: { flyer: 1 } }],
    };
    RE.preprocessors.push(new SupplementalData({ baseline: [position], monitors: [position], flyers: [flyer] }));
    const det = new SimDetector("det");
    const nested = function* (): Plan<void> {
      yield* bpp.setRunKeyWrapper(bps.openRun(), "outer");
      yield* bpp.setRunKeyWrapper(count([det]), "inner");
      yield* bpp.setRunKeyWrapper(bps.closeRun(), "outer");
    };
    const run = await RE(nested());
    for (const uid of run.runStartUids) {
      expect(run.table("baseline", uid).length).to.equal(2);
      expect(run.table("position_monitor", uid).length).to.equal(1);
      expect(run.table("flight", uid).column("flyer")).to.deep.equal([1]);
    }
    expect(run.runStartUids).to.have.length(2);
  });
});

describe("odd options", () => {
  it("may be null where there is no delay, as None in bluesky", async () => {
    const { RE } = quietEngine();
    const det = new SimDetector("det");
    expect((await RE(count([det], 2, null, { md: { sample: "Ni" } }))).table().length).to.equal(2);
    expect((await RE(bpp.runWrapper(bps.repeat(() => bps.triggerAndRead([det]), 3, null)))).table().length).to.equal(3);
  });

  it("are refused in one line", async () => {
    const { RE } = quietEngine();
    const det = new SimDetector("det");
    const [x, y] = [new SimMotor("x"), new SimMotor("y")];
    const grid = (snakeAxes: unknown) => failure(RE(gridScan([det], x, 0, 1, 2, y, 0, 1, 2, { snakeAxes } as never)));
    expect((await grid(10)).message).to.equal("gridScan: snakeAxes is true, false or a list of motors, not 10");
    expect((await grid([y, y])).message).to.equal("gridScan: snakeAxes names y twice");
    expect(() => softSignalRw(1, { pollPeriod: 1 })).to.throw("there is no getter");
    expect(() => new DeviceVector([])).to.throw("a DeviceVector holds devices by number, but none was given");
    for (const all of [bps.stageAll, bps.unstageAll, bps.kickoffAll, bps.trigger, bps.stage])
      expect((await failure(RE((all as (list: unknown) => Plan)([x, y])))).message).to.match(
        /got a list: give the devices one by one, such as \(a, b\) or \(...devices\)$/,
      );
    expect((await failure(RE(scan([det], x, 0, 1, 2, { perStep: bps.one1dStep as never })))).message).to.equal(
      "one1dStep moves one motor, but a scan gives perStep the positions of all motors: use oneNdStep",
    );
    expect(() => softSignalRw(Number)).to.throw("a soft signal begins with a value, such as softSignalRw(0), not with");
    const decorated = bpp.finalizeDecorator(bps.null_() as never)(() => bps.null_());
    expect(() => decorated()).to.throw("finalizeDecorator: finalPlan should be a function that makes a plan");
    expect(() => new DeviceVector([5] as never)).to.throw("a DeviceVector holds devices, but 0 is 5");
  });
});
