import { expect } from "chai";
import { $display } from "../../../lib/display/bundle";
import { type Peak, PeakStats, peakOf } from "../../../lib/live/peaks/peakStats";
import { peakWords } from "../../../lib/live/peaks/peakWords";
import { runPython } from "../../peers/peers";
import { peakRows, play, testRun } from "../../support/runDocuments";

function peak(y: readonly number[]): Peak | undefined {
  return peakOf({ x: Float64Array.from(y, (_, i) => i), y: Float64Array.from(y), length: y.length });
}

const words = (y: readonly number[], precision?: number): string | undefined => {
  const found = peak(y);
  const [inK, inCounts] = [
    { units: "K", precision: undefined },
    { units: "counts", precision },
  ];
  return found && peakWords(found, inK, inCounts, [0, y.length - 1])?.words;
};

describe("peakOf", () => {
  it("agrees with bluesky's PeakStats", async () => {
    const cases = [
      peakRows().map(({ det }) => det),
      peakRows(9, 0.8).map(({ det }) => det),
      [1, 2, 3, 4, 5, 6],
      [5, 4, 1, 4, 5],
      [0, 0, 0, 1, 1, 1],
      [3, 1, 4, 1, 5, 9, 2, 6],
    ];
    const theirs = JSON.parse(
      await runPython("test/live/peaks/peak_stats.py", [], { input: JSON.stringify(cases) }),
    ) as Record<string, number | null>[];
    for (const [i, y] of cases.entries()) {
      const ours = peak(y);
      const other = theirs[i] ?? {};
      expect(ours?.com, `com of ${y}`).to.be.closeTo(other.com as number, 1e-9);
      expect(ours?.max[0]).to.equal(other.max);
      expect(ours?.min[0]).to.equal(other.min);
      for (const name of ["cen", "fwhm"] as const) {
        if (typeof other[name] === "number") expect(ours?.[name], `${name} of ${y}`).to.be.closeTo(other[name], 1e-9);
        else expect(ours?.[name]).to.equal(undefined);
      }
    }
  }).timeout(60_000);

  it("leaves out points that are not numbers, and finds no peak without points", () => {
    expect(peak([])).to.equal(undefined);
    expect(peak([Number.NaN])).to.equal(undefined);
    expect(peak([0, Number.NaN, 4, 0])?.max).to.deep.equal([2, 4]);
  });
});

describe("peakWords", () => {
  it("names a peak, a dip, an edge, and otherwise the maximum", () => {
    expect(words([0, 1, 8, 1, 0])).to.equal("com 2 K · cen 2 K · fwhm 1.143 K · max 8 counts at 2 K");
    expect(words([9, 8, 1, 8, 9])).to.equal("dip at 2 K · fwhm 1.143 K · min 1 counts at 2 K");
    expect(words([0, 0, 0, 9, 9, 9])).to.equal("edge at 2.5 K · max 9 counts at 3 K");
    expect(words([0, 1, 2, 3, 4, 5])).to.equal("max 5 counts at 5 K · min 0 counts at 0 K");
    expect(words([5, 5, 5])).to.equal(undefined);
  });

  it("names nothing in a line that is flat within its digits, unless the values are smaller than these digits", () => {
    const noise = [120.001, 120.002, 120.001, 120.003];
    expect(words(noise, 2)).to.equal(undefined);
    expect(words(noise, 3)).to.equal("max 120 counts at 3 K · min 120 counts at 0 K");
    expect(words([0, 1e-9, 8e-9, 1e-9, 0], 3)).to.match(/^com 2 K · cen 2 K/);
  });
});

describe("PeakStats", () => {
  it("knows the peak of the newest run while it goes on", () => {
    const stats = new PeakStats("motor", "det");
    const run = testRun({ motor: {}, det: {} });
    expect(stats.stats).to.equal(undefined);
    stats("start", run.start);
    stats("descriptor", run.descriptor);
    stats("event", run.event(1, { motor: 1, det: 2 }));
    stats("event", run.event(2, { motor: 2, det: 5 }));
    expect(stats.stats?.max).to.deep.equal([2, 5]);
    void play(stats, testRun({ motor: {}, det: {} }), peakRows());
    expect(stats.stats?.max[0]).to.equal(12.5);
    expect(stats.stats?.fwhm).to.be.closeTo(5.9, 0.1);
    const { com, cen, fwhm, max, min } = stats;
    expect(stats.stats).to.deep.include({ com, cen, fwhm, max, min });
  });

  it("shows itself as the next line to type, and as the peak when there is one", () => {
    const stats = new PeakStats("motor", "det");
    expect(stats[$display]()["text/plain"]).to.equal("PeakStats: takes the documents of runs, RE.subscribe(...)");
    void play(stats, testRun({ motor: { units: "K" }, det: { units: "counts" } }), peakRows());
    const text = String(stats[$display]()["text/plain"]);
    expect(text).to.match(/^det over motor · 31 points\ncom {3}12\.\d+ K\n/);
    expect(text).to.match(/\nmax {3}[\d.]+ counts at 12\.5 K\n/);
    expect(stats[$display]()["text/html"]).to.contain("<dt>fwhm</dt>");
  });
});
