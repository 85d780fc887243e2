import { expect } from "chai";
import { fitModels, LiveFit, LiveGrid, LivePlot, LiveScatter, LiveTable, PeakStats } from "../../../lib/live";
import { createRunEngine } from "../../../lib/notebook";
import { scan } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { RecordingHost } from "../../support/recordingHost";
import { type Consumer, peakRows, play, testRun } from "../../support/runDocuments";

const keys = { motor: { units: "K" }, det: { units: "counts" } };
const DETT = 'the run has no field "dett"; did you mean "det"? It has motor, det.';

describe("the line about a field that a run does not have", () => {
  let host: RecordingHost;

  afterEach(() => host.release());

  /** The lines about missing fields that are displayed. */
  function lines(): string[] {
    return host.outputs
      .flatMap((output) => String(output["text/plain"]).split("\n"))
      .filter((line) => / no field /.test(line));
  }

  const views: readonly (readonly [string, () => Consumer])[] = [
    ["LivePlot", () => new LivePlot("dett", "motor")],
    ["LivePlot", () => new LivePlot("det", "dett")],
    ["LiveTable", () => new LiveTable(["motor", "dett"])],
    ["LiveFit", () => new LiveFit(fitModels.gaussian, "dett", "motor")],
    ["PeakStats", () => new PeakStats("motor", "dett")],
    ["LiveScatter", () => new LiveScatter("motor", "det", "dett")],
  ];
  for (const rich of [true, false]) {
    it(`names the view, the field that was meant and those that there are, ${rich ? "in a notebook" : "in a terminal"}`, async () => {
      for (const [name, view] of views) {
        host = new RecordingHost(rich);
        await play(view(), testRun(keys), peakRows());
        expect(lines()).to.deep.equal([`${name}: ${DETT}`]);
        host.release();
      }
    });
  }

  it("comes once for each run, from LiveGrid for runs with a grid only", async () => {
    host = new RecordingHost(true);
    const grid = new LiveGrid("dett");
    await play(grid, testRun(keys), peakRows());
    expect(lines()).to.deep.equal([]);
    const shape = {
      shape: [1, 31],
      extents: [
        [0, 1],
        [5, 20],
      ],
      hints: { gridding: "rectilinear" as const },
    };
    await play(grid, testRun(keys, { ...shape, motors: ["motor", "motor"] }), peakRows());
    await play(grid, testRun(keys, { ...shape, motors: ["motor", "motor"] }), peakRows());
    expect(lines()).to.deep.equal([`LiveGrid: ${DETT}`, `LiveGrid: ${DETT}`]);
  });

  it("suggests nothing for a name that is like no other, and makes control characters of names visible", async () => {
    host = new RecordingHost(false);
    await play(new LivePlot("temperature"), testRun({ "a\u001b[2J": {} }), []);
    expect(lines()).to.deep.equal(['LivePlot: the run has no field "temperature". It has a\\x1b[2J.']);
  });

  it("does not come if another stream, or a later descriptor, has the field", async () => {
    host = new RecordingHost(true);
    const view = new LivePlot(["det", "lamp"], "motor");
    const { start, descriptor, stop } = testRun(keys);
    const later = testRun({ lamp: {} }).descriptor;
    void view("start", start);
    void view("descriptor", descriptor);
    void view("descriptor", { ...later, run_start: start.uid, name: "lamps" });
    await view("stop", stop());
    expect(lines()).to.deep.equal([]);
  });

  it("does not come for devices, expressions and functions, and for a run that ended before its first reading", async () => {
    host = new RecordingHost(true);
    await play(new LivePlot([{ name: "mon" }, "det / motor", () => 1], "motor"), testRun(keys), peakRows());
    const { start, stop } = testRun(keys);
    const view = new LivePlot("dett");
    void view("start", start);
    await view("stop", stop("abort"));
    expect(lines()).to.deep.equal([]);
  });

  describe("of the display of a RunEngine", () => {
    const motor = new SimMotor("motor");
    const det = new SimDetector("det", { motor });

    for (const rich of [true, false]) {
      it(`is a note of the run, for its options and for those in the metadata, ${rich ? "in a notebook" : "in a terminal"}`, async () => {
        host = new RecordingHost(rich);
        const RE = createRunEngine({ store: false, live: { y: "dett" } });
        const run = (live?: object) => RE(scan([det], motor, 0, 1, 2), live && { live });
        await run();
        expect(lines()).to.have.lengthOf(1);
        expect(lines()[0]).to.match(/^live: the run has no field "dett"; did you mean "det"\? It has .*\bdet\b.*\.$/);
        host.frames.length = 0;
        await run({ y: "det", x: "motr" });
        expect(lines()).to.have.lengthOf(1);
        expect(lines()[0]).to.match(/^live: the run has no field "motr"; did you mean "motor"\? It has /);
        host.frames.length = 0;
        await run({ y: "det", x: "time" });
        expect(lines()).to.deep.equal([]);
      });
    }
  });
});
