/** Wrappers and stubs that take several devices refuse a list in the list, and one device instead of a list. */

import { expect } from "chai";
import {
  bpp,
  bps,
  count,
  DeviceVector,
  type Document,
  type Plan,
  type RunStop,
  SimDetector,
  SimMotor,
  softSignalRw,
} from "../../lib/index";
import { failure } from "../support/failure";
import { quietEngine } from "../support/quietEngine";
import { softDevices } from "../support/softDevices";

describe("Plans for the end of another plan", () => {
  const plan = () => count([new SimDetector("d")]);
  const nothing = (() => {}) as never;
  for (const [what, make, words] of [
    ["a number", () => bpp.finalizeWrapper(plan(), 5 as never), "finalizeWrapper: finalPlan"],
    ["a function that returns nothing", () => bpp.finalizeWrapper(plan(), nothing), "finalizeWrapper: finalPlan"],
    [
      "a function that returns nothing",
      () => bpp.contingencyWrapper(plan(), { elsePlan: nothing }),
      "contingencyWrapper: elsePlan",
    ],
    [
      "a function that returns nothing",
      () => bpp.contingencyWrapper(plan(), { finalPlan: nothing }),
      "contingencyWrapper: finalPlan",
    ],
  ] as const) {
    it(`are refused in words where ${words} is ${what}`, async () => {
      expect((await failure(quietEngine().RE(make()))).message).to.match(
        new RegExp(`^${words} should be a generator function \\(function\\*\\), but gave (5|undefined)$`),
      );
    });
  }

  it("are refused before anything is done if they cannot be plans", async () => {
    const contingency = { exceptPlan: 5 as never };
    expect((await failure(quietEngine().RE(bpp.contingencyWrapper(plan(), contingency)))).message).to.equal(
      "contingencyWrapper: exceptPlan should be a function that makes a plan, not 5",
    );
  });
});

describe("A list of devices", () => {
  const motor = new SimMotor("m");
  const signal = softSignalRw(0, { name: "s" });
  const plan = () => count([new SimDetector("d")]);
  const themselves = "is a list: give the devices themselves, as in [a, b] or [...devices]";
  const oneByOne = "got a list: give the devices one by one, such as (a, b) or (...devices)";
  const collected = () => bps.collect([motor] as never, { name: "a" });
  const wrong: readonly (readonly [what: string, plan: () => Plan<unknown>, words: string])[] = [
    ["baseline", () => bpp.baselineWrapper(plan(), [[motor]] as never), `baseline: device 1 ${themselves}`],
    ["baseline", () => bpp.baselineWrapper(plan(), motor as never), "baseline, m, is no list: give [device]"],
    [
      "baseline",
      () => bpp.baselineWrapper(plan(), [motor, { name: "x" }] as never),
      "baseline: device 2, x, can't be read: it has no read() and describe()",
    ],
    [
      "baseline",
      () => bpp.baselineWrapper(plan(), [new DeviceVector([new SimMotor("a")], "v")] as never),
      "baseline: device 1, v, is a vector: give its devices, as in Array.from(vector, ([, device]) => device)",
    ],
    ["monitors", () => bpp.monitorDuringWrapper(plan(), [[signal]] as never), `monitors: device 1 ${themselves}`],
    ["monitors", () => bpp.monitorDuringWrapper(plan(), signal as never), "monitors, s, is no list: give [device]"],
    ["flyers", () => bpp.flyDuringWrapper(plan(), [[motor]] as never), `flyers: device 1 ${themselves}`],
    ["staged devices", () => bpp.stageWrapper(plan(), [[motor]] as never), `stageWrapper: device 1 ${themselves}`],
    [
      "relative moves",
      () => bpp.relativeSetWrapper(plan(), motor as never),
      "relativeSetWrapper, m, is no list: give [device]",
    ],
    [
      "moves back",
      () => bpp.resetPositionsWrapper(plan(), [undefined] as never),
      "resetPositionsWrapper: device 1 is undefined: is the name of the device right?",
    ],
    ["detectors", () => count([[motor]] as never), `count: detector 1 ${themselves}`],
    [
      "a declared stream",
      () => bpp.runWrapper(bps.declareStream([motor] as never, { name: "a" })),
      `"declare_stream" ${oneByOne}`,
    ],
    ["a monitored signal", () => bpp.runWrapper(bps.monitor([signal] as never)), `"monitor" ${oneByOne}`],
    [
      "a declared stream",
      () => bpp.runWrapper(bps.declareStream(undefined as never, { name: "a" })),
      '"declare_stream" got no device: is the name of the device right?',
    ],
    ["a collected flyer", () => bpp.runWrapper(collected()), `"collect" ${oneByOne}`],
  ];
  for (const [what, make, words] of wrong) {
    it(`for ${what} is refused in words: ${words.slice(0, 40)}`, async () => {
      expect((await failure(quietEngine().RE(make()))).message).to.equal(words);
    });
  }

  it("may be a set: its devices are recorded from the beginning of the run to its end", async () => {
    const { RE } = quietEngine();
    const documents: Document[] = [];
    RE.documents$.subscribe((document) => documents.push(document));
    const baseline = bpp.baselineWrapper(plan(), new Set([motor]) as never);
    const monitored = bpp.monitorDuringWrapper(baseline, new Set([signal]) as never);
    await RE(bpp.flyDuringWrapper(monitored, new Set([softDevices().flyer]) as never));
    const stop = documents.at(-1)?.doc as RunStop;
    expect(stop.num_events).to.deep.equal({ baseline: 2, s_monitor: 1, primary: 1, flight: 3 });
  });

  it("that is wrong does not hinder plans without runs", async () => {
    await quietEngine().RE(bpp.baselineWrapper(bps.mv(motor, 1), [[motor]] as never));
    expect((await motor.locate()).readback).to.equal(1);
  });
});
