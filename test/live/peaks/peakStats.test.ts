import { expect } from "chai";
import { $display } from "../../../lib/display/mimeBundle";
import { formatOfKey } from "../../../lib/display/numberColumn";
import { clearPeakOf } from "../../../lib/live/peaks/clearPeak";
import { type Peak, PeakStats, peakOf } from "../../../lib/live/peaks/peakStats";
import { peakWords } from "../../../lib/live/peaks/peakWords";
import { runPython } from "../../peers/peers";
import { peakRows, play, testRun } from "../../support/runDocuments";

function peak(y: readonly number[]): Peak | undefined {
  return peakOf({ x: Float64Array.from(y, (_, i) => i), y: Float64Array.from(y), length: y.length });
}

const words = (y: readonly number[], precision?: number): string | undefined => {
  const found = clearPeakOf({ x: Float64Array.from(y, (_, i) => i), y: Float64Array.from(y), length: y.length });
  const [inK, inCounts] = [
    { units: "K", precision: undefined },
    { units: "counts", precision, format: precision === undefined ? undefined : formatOfKey({ precision }) },
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
    expect(words([0, 0, 0, 9, 9, 9])).to.equal("edge at 2.5 K · width 1 K · max 9 counts at 3 K");
    expect(words([0, 1, 2, 3, 4, 5])).to.equal("max 5 counts at 5 K · min 0 counts at 0 K");
    expect(words([5, 5, 5])).to.equal(undefined);
  });

  it("names nothing in a line that is flat within its digits, unless the values are smaller than these digits", () => {
    const noise = [120.001, 120.002, 120.001, 120.003];
    expect(words(noise, 2)).to.equal(undefined);
    expect(words(noise, 3)).to.equal("max 120.003 counts at 3 K · min 120.001 counts at 0 K");
    expect(words([0, 1e-9, 8e-9, 1e-9, 0], 3)).to.match(/^com 2 K · cen 2 K/);
  });
});

describe("clearPeakOf", () => {
  const noisy = (n: number, shape: (x: number) => number, seed = 1) => {
    let state = seed;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    const gauss = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    const x = Float64Array.from({ length: n }, (_, i) => i / (n - 1));
    return { x, y: x.map((at) => 100 + gauss() + shape(at)), length: n };
  };
  const bell = (at: number): number => Math.exp(-(((at - 0.6) / 0.1) ** 2) / 2);

  it("finds no peak in a loop, whose line has two ways, but in a scan that goes back a little", () => {
    const bellOf = (x: readonly number[]) =>
      clearPeakOf({ x: Float64Array.from(x), y: Float64Array.from(x, (at) => 9 * bell(at)), length: x.length })
        ?.feature;
    const forth = Array.from({ length: 31 }, (_, i) => i / 30);
    expect(bellOf(forth)).to.equal("peak");
    expect(bellOf([...forth].reverse())).to.equal("peak");
    expect(bellOf(forth.flatMap((at) => [at, at - 0.01]))).to.equal("peak");
    expect(bellOf([...forth, ...[...forth].reverse()])).to.equal("nothing");
  });

  it("finds centre and width of a noisy peak or dip, which crosses half height many times", () => {
    for (let seed = 1; seed <= 50; seed++) {
      for (const [sign, feature] of [
        [1, "peak"],
        [-1, "dip"],
      ] as const) {
        const found = clearPeakOf(noisy(101, (at) => sign * 8 * bell(at), seed));
        expect(found?.feature, `seed ${seed}`).to.equal(feature);
        expect(found?.cen).to.be.closeTo(0.6, 0.05);
        expect(found?.fwhm).to.be.closeTo(0.235, 0.12);
      }
    }
  });

  it("finds no peak in noise in at least 96 of 100 runs, and says why", () => {
    let found = 0;
    for (let seed = 1; seed <= 500; seed++) {
      const line = clearPeakOf(noisy(21, () => 0, seed));
      if (line?.feature !== "nothing") found += 1;
      else if (line.noise) expect(peakWords(line, { units: "mm" }, field, [0, 1])?.words).to.match(/^no peak above/);
    }
    expect(found).to.be.at.most(20);
  });

  const field = { units: "counts", precision: undefined, format: undefined };

  it("finds the place of a noisy edge", () => {
    const found = clearPeakOf(noisy(41, (at) => (at > 0.6 ? 20 : 0)));
    expect(found?.feature).to.equal("edge");
    expect(found?.cen).to.be.closeTo(0.6, 0.03);
    expect(found?.fwhm).to.equal(undefined);
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

  it("knows the slope of a knife edge, whichever way it is scanned and whichever way it goes", () => {
    const edge = (x: number): number => 100 / (1 + Math.exp(-(x - 3) / 0.2));
    for (const [sign, order] of [
      [1, 1],
      [-1, 1],
      [1, -1],
    ] as const) {
      const stats = new PeakStats({ name: "motor" }, "det");
      const rows = Array.from({ length: 61 }, (_, i) => ({ motor: i / 10, det: sign * edge(i / 10) }));
      void play(stats, testRun({ motor: {}, det: {} }), order < 0 ? rows.toReversed() : rows);
      expect(stats.derivative?.cen).to.be.closeTo(3, 1e-9);
      // The full width of the slope of a logistic edge is 2 arcosh(√2) · 2 · 0.2.
      expect(stats.derivative?.fwhm).to.be.closeTo(4 * 0.2 * Math.acosh(Math.SQRT2), 0.02);
      expect(stats.derivative?.max[1]).to.be.closeTo(100 / 4 / 0.2, 2.7);
    }
  });

  it("shows itself as the next line to type, and as the peak when there is one", () => {
    const stats = new PeakStats("motor", "det");
    const words = "PeakStats: takes the documents of runs, RE.subscribe(...)";
    expect([stats[$display]()["text/plain"], String(stats)]).to.deep.equal([words, words]);
    void play(stats, testRun({ motor: { units: "K" }, det: { units: "counts" } }), peakRows());
    const text = String(stats[$display]()["text/plain"]);
    expect(text).to.match(/^det over motor · 31 points\ncom {3}12\.\d+ K\n/);
    expect(text).to.match(/\nmax {3}[\d.]+ counts at 12\.5 K\n/);
    expect(stats[$display]()["text/html"]).to.contain("<dt>fwhm</dt>");
  });
});
