import { expect } from "chai";
import { WatchableStatus } from "../../lib/core/status/status";
import { LivePlot } from "../../lib/live";
import { BestEffortCallback } from "../../lib/live/bestEffortCallback";
import { createRunEngine } from "../../lib/notebook";
import { count, triggerAndRead } from "../../lib/plans";
import { RecordingHost } from "../support/recordingHost";
import { peakRows, play, testRun } from "../support/runDocuments";
import { softDevices } from "../support/softDevices";

const keys = { motor: { units: "K", precision: 3 }, det: { units: "counts/s" } };
const md = {
  motors: ["motor"],
  hints: { dimensions: [[["motor"], "primary"]] as [[[string], string]] },
  num_points: 31,
};
const VEGA_LITE = "application/vnd.vegalite.v5+json";

describe("BestEffortCallback", () => {
  let host: RecordingHost;

  afterEach(() => host.release());

  const inNotebook = (rich = true) => {
    host = new RecordingHost(rich);
  };
  const htmlOf = (i: number): string => String(host.outputs[i]?.["text/html"]);
  const kinds = (): string[] =>
    host.outputs.map((output) => {
      if (VEGA_LITE in output) return "plot";
      const html = String(output["text/html"]);
      return html.includes("<table") ? "table" : html.includes('class="head"') ? "head" : "words";
    });
  const plots = () => host.outputs.filter((output) => VEGA_LITE in output);
  const tables = () => host.outputs.filter((output) => String(output["text/html"]).includes("<table"));
  const tableOf = (i = 0): string => String(tables()[i]?.["text/html"]);

  it("shows a scan as one table and one plot, and knows the peaks at its end", async () => {
    inNotebook();
    const bec = new BestEffortCallback({ fileOf: (uid) => `runs/${uid.slice(0, 2)}.jsonl` });
    const run = testRun(keys, md);
    await play(bec, run, peakRows());
    expect(kinds()).to.deep.equal(["head", "plot", "table"]);
    expect(htmlOf(0)).to.contain("31 points in 1 min 40 s");
    expect(tableOf()).to.contain(`runs/${run.start.uid.slice(0, 2)}.jsonl`);
    expect(bec.peaks.com.det).to.be.closeTo(12.4, 0.1);
    expect(bec.peaks.max.det?.[0]).to.equal(12.5);
  }).timeout(20_000);

  it("plots against time if there are no motors, and does not plot a single point", async () => {
    inNotebook();
    await play(new BestEffortCallback(), testRun({ det: {} }), [{ det: 1 }, { det: 2 }]);
    expect(host.outputs[1]?.["text/plain"]).to.equal("scan #12 · det against time (s), 2 points");
    host.frames.length = 0;
    await play(new BestEffortCallback(), testRun({ det: {} }, { num_points: 1 }), [{ det: 1 }]);
    expect(kinds()).to.deep.equal(["head", "table"]);
  }).timeout(20_000);

  it("plots against the number of the point if the positions of the motor are strings", async () => {
    inNotebook();
    const run = testRun({ motor: { dtype: "string" }, det: {} }, md);
    await play(new BestEffortCallback(), run, [
      { motor: "open", det: 1 },
      { motor: "closed", det: 2 },
    ]);
    expect(host.outputs[1]?.["text/plain"]).to.equal("scan #12 · det against point, 2 points");
  }).timeout(20_000);

  it("says that there is no plot of lists of words", async () => {
    inNotebook();
    await play(
      new BestEffortCallback(),
      testRun({ motor: {}, modes: { dtype: "array", shape: [2], dtype_numpy: "<U3" } }, md),
      [{ motor: 1, modes: ["pid", "off"] }],
    );
    expect(kinds()).to.deep.equal(["head", "words", "table"]);
    expect(htmlOf(1)).to.contain("No plot of modes: a plot needs one number, word or array of numbers per event.");
  }).timeout(20_000);

  it("says that the lowest value of an array is 0 if it is nothing beside the highest", async () => {
    inNotebook();
    const keys = { motor: {}, spectrum: { units: "V", dtype: "array", shape: [2] } } as const;
    await play(new BestEffortCallback(), testRun(keys, md), [{ motor: 1, spectrum: [7.1234e-203, 0.25] }]);
    expect(plots()[0]?.["text/plain"]).to.equal("scan #12 · spectrum: last of 1 arrays: 0 V to 0.25 V");
  }).timeout(20_000);

  it("shows arrays as rows of a map along the motor, and images as the last one with its limits", async () => {
    inNotebook();
    const keysOfTwo = {
      motor: { units: "K" },
      spectrum: { units: "V", dtype: "array", shape: [3] },
      camera: { dtype: "array", shape: [2, 2] },
    } as const;
    const rows = [1, 2, 3].map((motor) => ({
      motor,
      spectrum: [motor, 10 * motor, motor],
      camera: [
        [0, motor],
        [100, 1000],
      ],
    }));
    await play(new BestEffortCallback(), testRun(keysOfTwo, md), rows);
    interface MapSpec {
      params: { value: number[] }[];
      layer: { encoding: Record<string, { scale: object }> }[];
      vconcat: (MapSpec & { data: { values: object[] } })[];
    }
    const [stack, image] = plots().map((output) => output[VEGA_LITE] as MapSpec);
    const [trace, map] = stack?.vconcat ?? [];
    const waterfall = map && { ...map, params: stack?.params ?? [] };
    expect(trace?.data.values).to.deep.equal([
      { X: 0, v: 3 },
      { X: 1, v: 30 },
      { X: 2, v: 3 },
    ]);
    expect(waterfall?.params[0]?.value).to.deep.equal([1, 10, 1, 2, 20, 2, 3, 30, 3]);
    expect(waterfall?.layer[0]?.encoding.y?.scale).to.deep.include({ domain: [0.5, 3.5] });
    expect(waterfall?.layer[1]?.encoding.color?.scale).to.deep.include({ domain: [1, 30] });
    expect(plots()[0]?.["text/plain"]).to.equal("scan #12 · spectrum: last of 3 arrays: 3 V to 30 V");
    expect(image?.params[0]?.value).to.deep.equal([0, 3, 100, 1000]);
    expect(image?.layer[0]?.encoding.y?.scale).to.deep.include({ reverse: true });
    expect(plots()[1]?.["text/plain"]).to.contain(
      "scan #12 · camera: image 3, 2 × 2 · colours from 0 to 1000 · values from 0 to 1000",
    );
  }).timeout(20_000);

  it("plots the readback of a motor against its setpoint if it is scanned without a detector", async () => {
    inNotebook();
    const run = testRun(
      { value: { units: "K" }, target: { units: "K" } },
      {
        ...md,
        hints: { dimensions: [[["value", "target"], "primary"]] },
      },
    );
    const rows = [5, 6, 7].map((target) => ({ value: target + 0.02, target }));
    await play(new BestEffortCallback(), run, rows);
    expect(kinds()).to.deep.equal(["head", "plot", "table"]);
    expect(host.outputs[1]?.["text/plain"]).to.match(/^scan #12 · value \(K\) against target \(K\), 3 points/);
  }).timeout(20_000);

  it("says below its rows how the run ended, in its text", async () => {
    inNotebook();
    await play(new BestEffortCallback(), testRun(keys, md), peakRows());
    const lines = String(host.outputs[0]?.["text/plain"]).split("\n");
    expect(tables()[0]?.["text/plain"]).to.match(/^generator scan \['[0-9a-f]{8}'\] \(scan num: 12\)$/m);
    expect(lines[0]).to.match(/^scan · #12 · /);
    expect(lines.at(-1)).to.match(/^scan · success · .*31 points/);
  }).timeout(20_000);

  it("shows cells for two motors in a grid, points for two others, and for the first two of three", async () => {
    inNotebook();
    const two = { x: {}, y: {}, det: {} };
    const dimensions = [
      [["y"], "primary"],
      [["x"], "primary"],
    ] as [[[string], string], [[string], string]];
    const rows = [1, 2, 3, 4].map((det) => ({ x: det % 2, y: det > 2 ? 1 : 0, det }));
    const grid = {
      shape: [2, 2],
      extents: [
        [0, 1],
        [0, 1],
      ],
      snaking: [false, false],
      hints: { dimensions, gridding: "rectilinear" as const },
    };
    const markOf = () =>
      (plots().at(-1)?.[VEGA_LITE] as { layer: { mark: { type: string } }[] } | undefined)?.layer[0]?.mark.type;
    await play(new BestEffortCallback(), testRun(two, grid), rows);
    expect(markOf()).to.equal("image");
    await play(new BestEffortCallback(), testRun(two, { hints: { dimensions } }), rows);
    expect(markOf()).to.equal("circle");
    host.frames.length = 0;
    await play(new BestEffortCallback(), testRun({ a: {}, b: {}, c: {}, det: {} }, { motors: ["a", "b", "c"] }), [
      { a: 1, b: 1, c: 1, det: 1 },
    ]);
    expect(host.outputs[1]?.["text/plain"]).to.match(/^scan #12 · det over a and b, 1 point/);
  }).timeout(20_000);

  it("shows the baseline at start and end below the table", async () => {
    inNotebook();
    const run = testRun(keys, md);
    const bec = new BestEffortCallback({ plots: false });
    const surroundings = testRun({ pressure: { units: "mbar" }, valve: { dtype: "string" } });
    const baseline = { ...surroundings.descriptor, name: "baseline", run_start: run.start.uid };
    bec("start", run.start);
    bec("descriptor", baseline);
    bec("event", { ...surroundings.event(1, { pressure: 1e-6, valve: "open" }), descriptor: baseline.uid });
    bec("descriptor", run.descriptor);
    bec("event", run.event(1, { motor: 1, det: 1 }));
    bec("event", { ...surroundings.event(2, { pressure: 2e-6, valve: "open" }), descriptor: baseline.uid });
    await bec("stop", run.stop());
    expect(tableOf())
      .to.contain("2 readings, 1 changed")
      .and.to.contain("1e-6")
      .and.to.contain("2e-6")
      .and.to.contain("mbar");
  });

  it("plots a monitored signal, which has its own stream, against time", async () => {
    inNotebook();
    const run = testRun(keys, md);
    const bec = new BestEffortCallback();
    const monitor = {
      ...testRun({ heater: { units: "W" } }).descriptor,
      name: "heater_monitor",
      run_start: run.start.uid,
    };
    bec("start", run.start);
    bec("descriptor", monitor);
    bec("event", { ...run.event(1, { heater: 5 }), descriptor: monitor.uid });
    await bec("stop", run.stop());
    expect(host.outputs[1]?.["text/plain"]).to.equal("scan #12 · heater (W) against time (s), 1 point");
  }).timeout(20_000);

  it("shows each of two nested runs in outputs of its own", async () => {
    inNotebook();
    const bec = new BestEffortCallback({ plots: false });
    const [outer, inner] = [testRun(keys, md), testRun(keys, { ...md, scan_id: 13 })];
    bec("start", outer.start);
    bec("start", inner.start);
    bec("descriptor", outer.descriptor);
    bec("descriptor", inner.descriptor);
    bec("event", inner.event(1, { motor: 1, det: 222 }));
    bec("event", outer.event(1, { motor: 1, det: 111 }));
    await bec("stop", inner.stop("abort", "enough"));
    await bec("stop", outer.stop());
    expect(tableOf(0)).to.contain(">111<").and.not.to.contain(">222<");
    expect(tableOf(1)).to.contain(">222<");
    expect(htmlOf(0)).to.contain("stopped early").and.to.contain("1 of 31 points");
    expect(htmlOf(2)).to.contain("aborted").and.to.contain("enough");
  });

  it("shows the progress of the run and of the device it waits for, and that it is paused", async () => {
    inNotebook();
    const bec = new BestEffortCallback({ plots: false });
    const run = testRun(keys, { ...md, time: Date.now() / 1000 - 90 });
    bec("start", run.start);
    bec("descriptor", run.descriptor);
    for (let i = 1; i <= 9; i++) bec("event", run.event(i, { motor: i, det: i }));
    let stop: (error: Error) => void = () => {};
    const moving = new WatchableStatus<void, number>((_resolve, reject, report) => {
      stop = reject;
      report({ current: 13.35, initial: 13, target: 14, unit: "K", precision: 2, time_elapsed: 3.5 });
    }, "cryo");
    bec.waiting([moving]);
    while (!htmlOf(0).includes("13.35")) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(htmlOf(0)).to.match(/9 of 31 points · 3 min 4\d s left/);
    expect(htmlOf(0)).to.contain("13.35 → 14.00 K · +0.1 K/s · 7 s left").and.to.contain('value="0.350"');
    bec.engineState("paused");
    stop(new Error("stopped for the pause"));
    while (!htmlOf(0).includes("paused")) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(htmlOf(0)).to.contain('value="0.350"').and.to.contain("dot warn").and.to.not.contain("dot bad");
    bec.engineState("running");
    bec.waiting(null);
    await bec("stop", run.stop());
    expect(htmlOf(0)).to.contain("9 of 31 points").and.to.contain("stopped early");
  }).timeout(20_000);

  it("shows what moves outside of a run", async () => {
    inNotebook();
    const bec = new BestEffortCallback();
    let finish: () => void = () => {};
    const moving = new WatchableStatus<void, number>((resolve, _reject, report) => {
      finish = resolve;
      report({ current: 1, initial: 0, target: 4 });
    }, "stage");
    bec.engineState("running");
    bec.waiting([moving]);
    while (host.outputs.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(host.outputs[0]?.["text/plain"]).to.equal("moving stage");
    expect(htmlOf(0)).to.contain("1 → 4").and.to.contain('value="0.250"');
    finish();
    bec.waiting(null);
    bec.engineState("idle");
    expect(host.outputs[0]?.["text/plain"]).to.match(/^stage {8}\[#{20}\]/);
    expect(host.outputs).to.have.length(1);
  }).timeout(20_000);

  it("prints a line a second for a long move in a terminal, in a run and outside of one", async () => {
    inNotebook(false);
    for (const inRun of [true, false]) {
      host.frames.length = 0;
      const bec = new BestEffortCallback({ plots: false });
      const run = testRun(keys, { ...md, time: Date.now() / 1000 });
      if (inRun) bec("start", run.start);
      let finish: () => void = () => {};
      let report: (position: number) => void = () => {};
      const moving = new WatchableStatus<void, number>((resolve, _reject, send) => {
        finish = resolve;
        report = (current) => send({ current, initial: 0, target: 4, unit: "mm" });
      }, "stage");
      bec.waiting([moving]);
      const lines = () => host.text.split("\n").filter((line) => line.startsWith("stage "));
      const began = Date.now();
      while (lines().length < 2) {
        report((Date.now() - began) / 1000);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(Date.now() - began).to.be.at.least(1900);
      expect(lines()[0]).to.match(/^stage {8}\[#+-+\] 1\.\d+ → 4 mm/);
      finish();
      bec.waiting(null);
      if (inRun) await bec("stop", run.stop());
    }
  }).timeout(20_000);

  it("prints heading, table, baseline and peaks as lines outside of a notebook", async () => {
    inNotebook(false);
    await play(new BestEffortCallback(), testRun(keys, md), peakRows());
    const lines = host.text.split("\n");
    expect(lines[1]).to.match(/^scan · running · #12 · [0-9a-f]{8} · \d{4}-\d\d-\d\d/);
    expect(lines.filter((line) => line.startsWith("|"))).to.have.length(33);
    expect(lines.at(-2)).to.match(/^scan · success · #12 · .* · 31 points in 1 min 40 s$/);
    expect(lines.at(-1)).to.match(/^scan #12 · det \(counts\/s\) against motor \(K\), 31 points · com 12\./);
  });

  it("waits for no point after a run that ended before its first one", async () => {
    inNotebook();
    await play(new BestEffortCallback(), testRun(keys, md), []);
    expect(kinds()).to.deep.equal(["head", "words", "table"]);
    expect(host.outputs[1]?.["text/plain"]).to.equal("");
    host.frames.length = 0;
    await play(new LivePlot("det", "motor"), testRun(keys, md), []);
    expect(host.outputs).to.deep.equal([]);
  }).timeout(20_000);

  it("has no number for a run of Python whose number is null", async () => {
    inNotebook();
    const run = testRun(keys, { ...md, scan_id: null as never });
    await play(new BestEffortCallback(), run, peakRows());
    const uid = run.start.uid.slice(0, 8);
    expect(htmlOf(0)).to.contain(uid).and.not.contain("null");
    expect(host.outputs[1]?.["text/plain"]).to.match(new RegExp(`^scan ${uid} · det`));
  }).timeout(20_000);

  it("says of a run that was stopped before its last point that it is not complete", async () => {
    inNotebook();
    const run = testRun(keys, { ...md, num_points: 15 });
    await play(new BestEffortCallback(), run, peakRows().slice(0, 3));
    expect(htmlOf(0)).to.contain("stopped early").and.contain("3 of 15 points in").and.not.contain("success");
  }).timeout(20_000);

  it("does not say of a run whose points are in another stream that it was stopped early", async () => {
    inNotebook();
    const { det } = softDevices();
    const RE = createRunEngine({ store: false, live: { plots: false } });
    await RE(count([det], 3, 0, { perShot: (detectors) => triggerAndRead(detectors, "shots") }));
    expect(htmlOf(0)).to.contain("success").and.not.contain("stopped early").and.not.contain("of 3 points");
  }).timeout(20_000);

  it("says where quick motors are, and keeps no rows free in the table of a run that ended early", async () => {
    inNotebook();
    const run = testRun(keys, { ...md, num_points: 15 });
    const bec = new BestEffortCallback({ plots: false });
    bec("start", run.start);
    bec("descriptor", run.descriptor);
    const before = htmlOf(0).match(/class="bar"/g)?.length;
    expect(htmlOf(1).match(/<tr>/g)).to.have.length(9);
    for (let i = 1; i <= 3; i++) bec("event", run.event(i, { motor: 2.5 * i, det: i }));
    await bec("stop", run.stop("abort", "enough"));
    expect(htmlOf(0)).to.match(/<span>motor<\/span> <span><\/span> <small[^>]*>7\.500 K<\/small>/);
    expect(htmlOf(0).match(/class="bar"/g)?.length).to.equal(before);
    expect(htmlOf(1).match(/<tr>/g)).to.have.length(4);
  });

  it("scans a motor whose name is time as any other", async () => {
    inNotebook();
    const run = testRun(
      { time: { units: "mm" }, det: {} },
      { motors: ["time"], hints: { dimensions: [[["time"], "primary"]] as never }, num_points: 3 },
    );
    await play(
      new BestEffortCallback({ x: "time" }),
      run,
      [5, 6, 7].map((time) => ({ time, det: time })),
    );
    expect(host.outputs[1]?.["text/plain"]).to.match(/^scan #12 · det against time \(mm\), 3 points/);
    expect(tableOf().match(/<th[ >]/g)).to.have.length(4);
  }).timeout(20_000);

  it("is not harmed by hostile names, hints and documents", async () => {
    inNotebook();
    const names = { "<script>alert(1)</script>": { units: "<b>K" }, __proto__x: {}, constructor: {} };
    const run = testRun(names, {
      plan_name: "<img src=x>",
      hints: { dimensions: "nonsense" } as never,
      motors: [1, null] as never,
      num_points: "many" as never,
    });
    await play(new BestEffortCallback(), run, [{ "<script>alert(1)</script>": 1, __proto__x: 2, constructor: 3 }, {}]);
    expect(htmlOf(0)).to.not.contain("<script>").and.not.to.contain("<img").and.not.to.contain("<b>K");
    const bec = new BestEffortCallback();
    bec("event", run.event(1, {}));
    bec("descriptor", { ...run.descriptor, run_start: "unknown" });
    void bec("stop", run.stop());
  }).timeout(20_000);
});
