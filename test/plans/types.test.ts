/**
 * Checks the types of plans. The lines under `@ts-expect-error` must not compile, which
 * the type check of the repository ensures.
 */

import { expect } from "chai";
import { type DataValue, initDevices, StandardReadable, softSignalRw } from "../../lib/core";
import { Msg, type Plan } from "../../lib/core/protocols/msg";
import type { DataKeys, Movable, Readable, Readings } from "../../lib/core/protocols/protocols";
import { Status } from "../../lib/core/status/status";
import type { RunHandle } from "../../lib/engine";
import {
  absSet,
  bp,
  bpp,
  bps,
  closeRun,
  count,
  gridScan,
  listScan,
  locate,
  logScan,
  mv,
  openRun,
  rampScan,
  rd,
  scan,
  triggerAndRead,
} from "../../lib/plans";
import { SimDetector, SimMotor } from "../../lib/sim";
import { quietEngine } from "../support/quietEngine";
import { softDevices } from "../support/softDevices";

const { det, m, m2, lm, sensor } = softDevices();

type Mode = "on" | "off";
const mode: Movable<Mode> & Readable<Mode> = {
  name: "mode",
  set: () => Status.completed(),
  read: (): Readings<Mode> => ({ mode: { value: "on", timestamp: 0 } }),
  describe: (): DataKeys => ({ mode: { source: "SIM", dtype: "string", shape: [] } }),
};

describe("types of plans", () => {
  it("give the result of yield* the type of the signal", async () => {
    const RE = quietEngine().RE;
    const run = await RE(function* (): Plan<[number, Mode]> {
      const number: number = yield* rd(det);
      const word: Mode = yield* rd(mode);
      // @ts-expect-error the value is a string
      const wrong: number = yield* rd(mode);
      const position: number = (yield* locate(lm)).readback;
      yield* openRun();
      const value: number | undefined = (yield* triggerAndRead([det])).det?.value;
      yield* closeRun();
      expect([typeof position, typeof value, typeof wrong]).to.deep.equal(["number", "number", "string"]);
      return [number, word];
    });
    const [number, word]: [number, Mode] = run.planResult;
    expect([typeof number, word]).to.deep.equal(["number", "on"]);
  });

  it("accept callbacks for all documents, for one kind, and with a single parameter", () => {
    bps.subscribe("all", (name, doc) => void [name, doc]);
    bps.subscribe("event", (_, doc) => doc.seq_num satisfies number);
    bps.subscribe("all", (name: string) => name);
    // @ts-expect-error a start document has no seq_num
    bps.subscribe("start", (_, doc) => doc.seq_num satisfies number);
    bpp.subsWrapper(count([det]), (name) => name satisfies string);
    bpp.subsWrapper(count([det]), (name, doc) => name === "event" && doc.seq_num);
    bpp.subsWrapper(count([det]), [(name, doc) => name === "stop" && doc.num_events, () => undefined]);
    bpp.subsWrapper(count([det]), { event: (_, doc) => doc.seq_num satisfies number, all: (name, doc) => [name, doc] });
    bpp.subsDecorator({ stop: [(_, doc) => doc.num_events] });
    // @ts-expect-error a start document has no seq_num
    bpp.subsWrapper(count([det]), { start: (_, doc) => doc.seq_num satisfies number });
  });

  it("give results the type that the plan returns, however the plan is given and awaited", async () => {
    const RE = quietEngine().RE;
    const uid: string = (await RE(count([det]))).planResult;
    const made = await RE(() => scan([det], m, 0, 1, 2));
    made.planResult satisfies string;
    const number: number = (await RE(() => rd(det))).planResult;
    const handle: RunHandle<string> = RE(count([det]), { sample: "Ni" });
    const later: string = await handle.then((run) => run.planResult);
    // @ts-expect-error the result is a string
    const wrong: number = (await RE(count([det]))).planResult;
    // @ts-expect-error a list of messages has an unknown result
    const unknown: string = (await RE([Msg("null")])).planResult;
    expect([typeof uid, typeof number, typeof later, typeof wrong, unknown]).to.deep.equal([
      "string",
      "number",
      "string",
      "string",
      undefined,
    ]);
  });

  it("refuse values that a device does not accept", () => {
    mv(m, 1, mode, "off");
    absSet(mode, "on");
    // @ts-expect-error there is no such mode
    mv(m, 1, mode, "half");
    // @ts-expect-error a motor goes to numbers
    mv(m, "1");
    // @ts-expect-error there is no such mode
    absSet(mode, "half");
  });

  it("refuse devices that cannot do what the plan needs", () => {
    count([det, sensor]);
    // @ts-expect-error a detector can't be moved
    scan([det], det, 0, 1, 2);
    // @ts-expect-error its positions are not numbers
    scan([det], mode, 0, 1, 2);
    listScan([det], mode, ["on", "off"]);
    // @ts-expect-error a number can't be read
    count([1]);
    // @ts-expect-error a detector can't be moved
    logScan([det], det, 0, 1, 2);
  });

  it("refuse arguments in the wrong order", () => {
    scan([det], m, 0, 1, 3);
    scan([det], m, 0, 1, m2, 0, 1, 3);
    scan([det], m, 0, 1, { num: 3, md: { sample: "Ni" } });
    gridScan([det], m, 0, 1, 2, m2, 0, 1, 3, { snakeAxes: true });
    rampScan([det], m, 5, { period: 2 });
    // @ts-expect-error the detectors are a list
    scan(det, m, 0, 1, 3);
    // @ts-expect-error the number of points is missing
    scan([det], m, 0, 1);
    // @ts-expect-error the motor comes before its range
    scan([det], 0, 1, m, 3);
    // @ts-expect-error each axis has its own number of points
    gridScan([det], m, 0, 1, m2, 0, 1, 3);
    // @ts-expect-error the option is `num`
    scan([det], m, 0, 1, { points: 3 });
  });

  it("refuse the wrong device or order in every plan", () => {
    const { flyer } = softDevices();
    // @ts-expect-error the number of points comes before the delay, as a number
    bp.count([det], [1, 2]);
    // @ts-expect-error a detector can't be moved
    bp.relScan([det], det, 0, 1, 2);
    // @ts-expect-error the number of points is missing
    bp.relScan([det], m, 0, 1);
    // @ts-expect-error the number of points comes first here
    bp.innerProductScan([det], m, 0, 1, 3);
    // @ts-expect-error the number of points comes first here
    bp.relativeInnerProductScan([det], m, 0, 1, 3);
    // @ts-expect-error both motors come before the range
    bp.x2xScan([det], m, 0, 1, m2, 3);
    // @ts-expect-error positions are a list
    bp.listScan([det], m, 1, 2, 3);
    // @ts-expect-error a detector can't be moved
    bp.relListScan([det], det, [1, 2]);
    // @ts-expect-error each axis has its own number of points
    bp.relGridScan([det], m, 0, 1, m2, 0, 1, 3);
    // @ts-expect-error the list comes after its motor
    bp.listGridScan([det], [1, 2], m);
    // @ts-expect-error a detector can't be moved
    bp.relListGridScan([det], det, [1, 2]);
    // @ts-expect-error the motor comes before its range
    bp.relLogScan([det], 0, 1, m, 3);
    // @ts-expect-error a list is not a trajectory
    bp.scanNd([det], [1, 2]);
    // @ts-expect-error the name of the signal comes before the motor
    bp.adaptiveScan([det], m, "det", 0, 1, 0.1, 1, 0.2, true);
    // @ts-expect-error the argument `backstep` is missing
    bp.relAdaptiveScan([det], "det", m, 0, 1, 0.1, 1, 0.2);
    // @ts-expect-error the smallest step is missing
    bp.tuneCentroid([det], "det", m, 0, 1);
    // @ts-expect-error it takes one detector instead of a list
    bp.tweak([det], "det", m, 1);
    // @ts-expect-error both motors come before the positions
    bp.spiral([det], m, 0, m2, 0, 1, 1, 0.1, 4);
    // @ts-expect-error the number of points on a ring is missing
    bp.relSpiral([det], m, m2, 1, 1, 0.1);
    // @ts-expect-error a detector can't be moved
    bp.spiralFermat([det], det, m2, 0, 0, 1, 1, 0.1, 4);
    // @ts-expect-error the option is `drY`
    bp.relSpiralFermat([det], m, m2, 1, 1, 0.1, 4, { dr_y: 1 });
    // @ts-expect-error numbers of points are numbers
    bp.spiralSquare([det], m, m2, 0, 0, 1, 1, [3, 4]);
    // @ts-expect-error a relative spiral has no centre
    bp.relSpiralSquare([det], m, m2, 0, 0, 1, 1, 3, 4);
    // @ts-expect-error a detector can't fly
    bp.fly([flyer, det]);
    // @ts-expect-error a plan that returns a status comes first
    bp.rampPlan(sensor, bps.absSet(m, 1), () => bps.null_());
    // @ts-expect-error the measurement is a function that makes a plan
    bp.rampPlan(bps.absSet(m, 1), sensor, bps.null_());
    // @ts-expect-error the device comes before its target
    bp.rampScan([det], 5, m);
    // @ts-expect-error seconds are numbers
    bp.timeScan([det], "10 min");
  });

  it("refuse the wrong device or order in stubs", () => {
    // @ts-expect-error a motor is moved by a number
    bps.mvr(m, "1");
    // @ts-expect-error a mode can't be moved by a distance
    bps.mvr(mode, "on");
    // @ts-expect-error a detector can't be moved
    bps.mv(det, 1);
    // @ts-expect-error the position is missing
    bps.mv(m, 1, m2);
    // @ts-expect-error a motor can't be triggered
    bps.trigger(m);
    // @ts-expect-error a detector can't be located
    bps.locate(det);
    bps.locate(lm, { squeeze: false });
    // @ts-expect-error a detector can't be monitored
    bps.monitor(det);
    // @ts-expect-error a plan that is made already can be done only once
    bps.repeat(bps.null_(), 3);
    // @ts-expect-error the devices are a list
    bps.triggerAndRead(det);
    // @ts-expect-error a stream has a name
    bps.declareStream(det);
    // @ts-expect-error the exit statuses are success, abort and fail
    bps.closeRun("bad");
    // @ts-expect-error the group belongs into the options
    bps.absSet(m, 1, "group");
  });
});

describe("types of readings", () => {
  class Mode2 extends StandardReadable {
    readonly word = softSignalRw<"a" | "b">("a");

    constructor() {
      super();
      this.addReadables([this.word]);
    }
  }

  it("are those of the device where its class says them, else those of anything that can be recorded", async () => {
    const { detector, motor, word } = await initDevices({
      detector: new SimDetector(),
      motor: new SimMotor(),
      word: new Mode2(),
    });
    const RE = quietEngine().RE;
    const anything: Readable = detector;
    const run = await RE(function* () {
      (yield* rd(detector)) satisfies number;
      (yield* rd(motor)) satisfies number;
      (yield* rd(word)) satisfies "a" | "b";
      (yield* rd(anything)) satisfies DataValue;
      yield* openRun();
      const both = yield* triggerAndRead([detector, motor]);
      (both.detector?.value ?? 0) satisfies number;
      const mixed = yield* triggerAndRead([detector, word], "words");
      (mixed.word?.value ?? 0) satisfies number | "a" | "b";
      // @ts-expect-error one of them may be a word
      (mixed.word?.value ?? 0) satisfies number;
      yield* closeRun();
      return [both.detector?.value, mixed["word-word"]?.value];
    });
    expect(run.planResult).to.deep.equal([1, "a"]);
  });

  it("are given to a table by the user, and are anything that can be recorded without that", async () => {
    const { detector } = await initDevices({ detector: new SimDetector() });
    const RE = quietEngine().RE;
    RE.subscribe((name, doc) => name === "event" && (doc.data.detector satisfies DataValue | undefined));
    const run = await RE(count([detector], 2));
    run.table().row(0).detector satisfies DataValue | undefined;
    const { detector: value, seq_num } = run.table<{ detector: number }>().row(1);
    expect([value satisfies number, seq_num satisfies number]).to.deep.equal([1, 2]);
  });
});
