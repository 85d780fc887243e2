import { expect } from "chai";
import type { PlotSpec } from "../../../lib/display/plotTheme";
import { LivePlot } from "../../../lib/live/plot/livePlot";
import { renderPng } from "../../../lib/live/plot/renderPng";
import { RecordingHost } from "../../support/recordingHost";
import { play, testRun } from "../../support/runDocuments";

/**
 * Pale points that begin `from` widths of the plot to its right. The drawing library panics if that is far
 * away.
 */
const beside = (from: number): PlotSpec => ({
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  width: 520,
  data: {
    values: [
      { x: from, y: 5 },
      { x: from + 1, y: 5 },
    ],
  },
  mark: { type: "point", opacity: 0.5, clip: true },
  encoding: {
    x: { field: "x", type: "quantitative", scale: { domain: [0, 1], nice: false } },
    y: { field: "y", type: "quantitative" },
  },
});

describe("renderPng", () => {
  it("rejects a picture on which the drawing library panics, and draws the next one", async () => {
    const failed = await renderPng(beside(50)).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    expect(failed).to.contain("the process that draws plots ended with SIGABRT");
    expect((await renderPng(beside(0))).length).to.be.above(1000);
  }).timeout(30_000);

  it("draws a plot whose last run lies outside of it", async () => {
    const host = new RecordingHost(true);
    const plot = new LivePlot("det", "motor");
    for (const from of [0, 50]) {
      const rows = [0, 1].map((i) => ({ motor: from + i, det: 5 }));
      await play(plot, testRun({ motor: {}, det: {} }), rows);
    }
    host.release();
    expect(String(host.outputs.at(-1)?.["image/png"]).length).to.be.above(1000);
    expect(JSON.stringify(host.outputs.at(-1))).not.to.contain('"x":0,');
  }).timeout(30_000);

  for (const jump of [3, 50, 1000, 1e6, -1e12]) {
    it(`draws a plot whose last run lies ${jump} ranges above it`, async () => {
      const host = new RecordingHost(true);
      const plot = new LivePlot("det", "motor");
      for (const base of [jump, 0]) {
        const rows = [0, 0.5, 1].map((y, i) => ({ motor: i, det: base + y }));
        await play(plot, testRun({ motor: {}, det: {} }), rows);
      }
      host.release();
      expect(String(host.outputs.at(-1)?.["image/png"]).length).to.be.above(1000);
    }).timeout(30_000);
  }
});
