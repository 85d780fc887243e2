import { expect } from "chai";
import fc from "fast-check";
import { BestEffortCallback, fitModels, LiveFit, PeakStats } from "../../lib/live";
import { ArrayPlot, LinePlot } from "../../lib/live/plot";
import type { StreamField } from "../../lib/live/view/streamFields";
import { RecordingHost } from "../support/recordingHost";
import { play, testRun } from "../support/runDocuments";

const VEGA_LITE = "application/vnd.vegalite.v5+json";
const field = (key: string, units?: string): StreamField => ({ key, units, precision: undefined, dtype: "number" });
const run = testRun({ det: {} });

interface ImageSpec {
  readonly title: { readonly subtitle: readonly string[] };
  readonly params: readonly { readonly value: readonly (number | null)[] }[];
}

/** The last frame of an image. */
function imageSpec(image: unknown): ImageSpec {
  const plot = new ArrayPlot(field("cam"), undefined, "count #1");
  plot.handler()(run.event(1, { cam: image }));
  return plot.frame(true).spec as unknown as ImageSpec;
}

const pixel = fc.integer({ min: 0, max: 65_535 });

describe("what is said of odd arrays", () => {
  it("is the mean of red, green and blue for each pixel of a coloured image, whatever its opacity", () => {
    const size = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.constantFrom(3, 4));
    const images = size.chain(([rows, columns, colours]) => {
      const line = fc.array(fc.array(pixel, { minLength: colours, maxLength: colours }), {
        minLength: columns,
        maxLength: columns,
      });
      return fc.array(line, { minLength: rows, maxLength: rows });
    });
    fc.assert(
      fc.property(images, (image) => {
        const spec = imageSpec(image);
        const means = image.flat().map(([red = 0, green = 0, blue = 0]) => (red + green + blue) / 3);
        spec.params[0]?.value.forEach((value, i) => void expect(value).to.be.closeTo(means[i] as number, 0.01));
        expect(spec.params[0]?.value).to.have.length(means.length);
        const [rows, columns] = [image.length, image[0]?.length];
        expect(spec.title.subtitle[0]).to.contain(`image 1, ${columns} × ${rows}, mean of red, green and blue`);
      }),
      { numRuns: 30 },
    );
  });

  it("is that pixels are missing where the rows of an image are shorter", () => {
    const spec = imageSpec([[1, 2, 3], [4], Uint16Array.of(5, 6)]);
    expect(spec.params[0]?.value).to.deep.equal([1, 2, 3, 4, null, null, 5, 6, null]);
    expect(spec.title.subtitle[0]).to.equal("image 1, 3 × 3 · colours from 1 to 6 · values from 1 to 6");
  });

  it("is nothing for an array of texts, which has a column in the table only", async () => {
    const host = new RecordingHost(true);
    const named = testRun({ names: { dtype: "array", shape: [2] } }, { num_points: 2 });
    await play(new BestEffortCallback(), named, [{ names: ["a", "b"] }, { names: ["c", "d"] }]);
    host.release();
    expect(host.outputs.flatMap((output) => output[VEGA_LITE] ?? [])).to.deep.equal([]);
    expect(String(host.outputs.at(-1)?.["text/plain"])).to.contain('["c", "d"]');
  });

  it("is shown of coloured images by a run, too", async () => {
    const host = new RecordingHost(true);
    const cam = { dtype: "array", shape: [1, 2, 3], dtype_numpy: "|u1" } as const;
    await play(new BestEffortCallback(), testRun({ cam }, { num_points: 1 }), [
      {
        cam: [
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
        ],
      },
    ]);
    host.release();
    const [spec] = host.outputs.flatMap((output) => (output[VEGA_LITE] as ImageSpec | undefined) ?? []);
    expect(spec?.params[0]?.value).to.deep.equal([2, 5]);
  });
});

describe("peaks and fits", () => {
  it("count values that are no numbers as missing, not as 0, and take integers of any size", async () => {
    const stats = new PeakStats("motor", "det");
    const fit = new LiveFit(fitModels.straightLine, "det", "motor");
    const rows = [
      { motor: 1, det: 4 },
      { motor: 2, det: null },
      { motor: 3, det: true },
      { motor: 4, det: "7" },
      { motor: 5, det: 12n },
      { motor: null, det: 99 },
      { motor: 6, det: 14 },
    ];
    for (const view of [stats, fit]) await play(view, testRun({ motor: {}, det: {} }), rows);
    expect(stats.min).to.deep.equal([1, 4]);
    expect(stats.max).to.deep.equal([6, 14]);
    expect(fit.result?.count).to.equal(3);
    expect(fit.result?.values.slope).to.be.closeTo(2, 1e-9);
  });
});

describe("what is said of long times", () => {
  it("has the unit of the axis: hours beside hours", () => {
    const plot = new LinePlot(run.start, { x: "time", fields: [field("det", "K")] });
    const take = plot.handler();
    for (let i = 0; i <= 40; i++)
      take({ ...run.event(i + 1, { det: i === 33 ? 301 : 300 }), time: run.start.time + 3600 * i });
    const { spec, words } = plot.frame(true);
    expect(JSON.stringify(spec)).to.contain('"subtitle":["max 301 K at 33 h"]').and.to.contain("time (h)");
    expect(words).to.equal("det (K) against time (h), 41 points");
  });
});
