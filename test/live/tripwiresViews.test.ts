import { expect } from "chai";
import fc from "fast-check";
import { BestEffortCallback, fitModels, LiveTable } from "../../lib/live";
import { FitPlot } from "../../lib/live/fit";
import { ArrayPlot, GridPlot, type StreamPlot } from "../../lib/live/plot";
import type { StreamField } from "../../lib/live/view/streamFields";
import { RecordingHost } from "../support/recordingHost";
import { testRun } from "../support/runDocuments";
import { pixelsOf } from "./pixels";

const field = (key: string, units?: string): StreamField => ({ key, units, precision: undefined, dtype: "number" });
const run = testRun({ det: {} });

/** What is drawn of a map: the parts of its specification that say something about the data. */
interface MapSpec {
  readonly title: { readonly subtitle: readonly string[] };
  readonly params: readonly { readonly name: string; readonly value: readonly (number | null)[] }[];
  readonly layer: readonly MapLayer[];
  readonly vconcat?: readonly { readonly layer?: readonly MapLayer[]; readonly data?: MapLayer["data"] }[];
}
interface MapLayer {
  readonly data: { readonly values: readonly Record<string, never>[] };
  readonly mark: { readonly type: string };
  readonly transform?: readonly { readonly calculate?: string; readonly as?: string }[];
}

/** The last frame of a plot after these events. */
function lastFrame(plot: StreamPlot, rows: readonly Record<string, unknown>[]): MapSpec {
  const take = plot.handler();
  rows.forEach((row, i) => void take?.(run.event(i + 1, row)));
  return plot.frame(true).spec as unknown as MapSpec;
}

const value = fc.oneof(
  fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
  fc.integer({ min: -1000, max: 1_000_000 }),
  fc.double({ noNaN: true, min: 1e-12, max: 1e-6 }),
  fc.constant(Number.NaN),
);

/** Whether a number in words is this one, to its 5 digits. */
const isSaid = (text: string | undefined, actual: number): boolean =>
  Math.abs(Number(text) - actual) <= 5.1e-5 * Math.abs(actual);
/** Whether a number that was sent is this one, to its 7 digits; nothing is sent for what is no number. */
const isSent = (sent: number | null | undefined, actual: number): boolean =>
  Number.isNaN(actual) ? sent === null : Math.abs(Number(sent) - actual) <= 5.1e-7 * Math.abs(actual);
const finite = (values: readonly number[]): number[] => values.filter(Number.isFinite);
const wordsOf = (spec: MapSpec): string => spec.title.subtitle.join(" · ");
const rangeOf = (spec: MapSpec): number[] => {
  const layers = spec.layer ?? spec.vconcat?.at(-1)?.layer ?? [];
  return (layers[1]?.data.values ?? []).map(({ v }) => Number(v));
};

describe("what maps say is what the data say, for any data", () => {
  it("of grids: every value has its cell, its tooltip and its colour; the maximum is in words with its place", () => {
    const shape = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 6 }));
    const grids = shape.chain(([rows, columns]) =>
      fc.tuple(
        fc.constant([rows, columns] as const),
        fc.boolean(),
        fc.array(value, { minLength: rows * columns, maxLength: rows * columns }),
      ),
    );
    fc.assert(
      fc.property(grids, ([[rows, columns], snake, values]) => {
        const [from, to] = [-3, 3 + columns];
        const grid = {
          shape: [rows, columns],
          extents: [[1, 2] as const, [from, to] as const],
          snaking: [false, snake],
        };
        const axes = { x: field("x"), y: field("y"), color: field("det", "V") };
        const spec = lastFrame(
          new GridPlot(grid, axes, "grid"),
          values.map((det) => ({ det })),
        );
        /** The value that was measured in a cell. */
        const measured = (cell: number): number => {
          const [row, column] = [Math.floor(cell / columns), cell % columns];
          return values[row * columns + (snake && row % 2 === 1 ? columns - 1 - column : column)] as number;
        };
        const known = finite(values);
        if (known.length === 0) return;
        const sent = spec.params[0]?.value ?? [];
        expect(sent).to.have.length(values.length);
        sent.forEach((each, cell) => {
          expect(isSent(each, measured(cell)), `cell ${cell}`).to.equal(true);
        });
        const [low, high] = [Math.min(...known), Math.max(...known)];
        expect(rangeOf(spec)).to.deep.equal([low, high]);
        const [, said, x] = /max (\S+) V at x (\S+), y \S+/.exec(wordsOf(spec)) ?? [];
        expect(isSaid(said, high), `${wordsOf(spec)}: ${high}`).to.equal(true);
        const places = values
          .map((_, cell) => cell)
          .filter((cell) => measured(cell) === high)
          .map((cell) => from + ((cell % columns) * (to - from)) / (columns - 1));
        expect(
          places.some((place) => Math.abs(place - Number(x)) < 1e-3 * (to - from)),
          wordsOf(spec),
        ).to.equal(true);
        const picture = pixelsOf(String(spec.layer[0]?.data.values[0]?.url), rows, columns);
        for (let cell = 0; cell < values.length; cell++) {
          const actual = measured(cell);
          const index = Number.isNaN(actual) ? 0 : high > low ? 1 + (254 * (actual - low)) / (high - low) : 1;
          expect(Math.abs((picture[cell] as number) - index), `colour of ${actual}`).to.be.at.most(1);
        }
      }),
      { numRuns: 150 },
    );
  }).timeout(30_000);

  it("of arrays: every value has its cell, the newest array is the line, its extremes are in words", () => {
    const arrays = fc
      .integer({ min: 2, max: 8 })
      .chain((length) =>
        fc.array(fc.array(value, { minLength: length, maxLength: length }), { minLength: 1, maxLength: 6 }),
      );
    fc.assert(
      fc.property(arrays, (rows) => {
        const spec = lastFrame(
          new ArrayPlot(field("a", "V"), undefined, "arrays"),
          rows.map((a) => ({ a })),
        );
        const newest = rows.at(-1) ?? [];
        const known = finite(newest);
        const all = finite(rows.flat());
        if (known.length === 0) return;
        const sent = spec.params[0]?.value ?? [];
        rows.flat().forEach((each, i) => {
          expect(isSent(sent[i], each), `cell ${i}`).to.equal(true);
        });
        const trace = spec.vconcat?.[0]?.data?.values ?? [];
        newest.forEach((each, i) => {
          expect(isSent(trace[i]?.v, each), `sample ${i}`).to.equal(true);
        });
        // -0 and 0 are the same place of a scale.
        expect(rangeOf(spec).map((end) => end + 0)).to.deep.equal([Math.min(...all) + 0, Math.max(...all) + 0]);
        const ends = /last of \d+ arrays: (\S+) V to (\S+) V/.exec(wordsOf(spec))?.slice(1) ?? [];
        const [lowest, highest] = [Math.min(...known), Math.max(...known)];
        // An end that is nothing beside the other one is said to be 0.
        const said = [lowest, highest].map((end) => (Math.abs(end) < 1e-9 * (highest - lowest) ? 0 : end));
        expect(
          said.every((end, i) => isSaid(ends[i], end)),
          wordsOf(spec),
        ).to.equal(true);
      }),
      { numRuns: 150 },
    );
  }).timeout(30_000);

  it("of images: every pixel has its value; the extremes and the number of pixels above the colours are in words", () => {
    const images = fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 2, max: 12 }))
      .chain(([rows, columns]) =>
        fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
      );
    fc.assert(
      fc.property(images, (image) => {
        const spec = lastFrame(new ArrayPlot(field("i", "V"), undefined, "images"), [{ i: image }]);
        const all = image.flat();
        const known = finite(all);
        if (known.length === 0) return;
        const sent = spec.params[0]?.value ?? [];
        all.forEach((each, i) => {
          expect(isSent(sent[i], each), `pixel ${i}`).to.equal(true);
        });
        const words = wordsOf(spec);
        const [, low, high] = /values from (\S+) to (\S+) V/.exec(words) ?? [];
        expect(isSaid(low, Math.min(...known)) && isSaid(high, Math.max(...known)), words).to.equal(true);
        const [bottom = Number.NaN, top = Number.NaN] = rangeOf(spec);
        const [, from, to] = /colours from (\S+) to (\S+)/.exec(words) ?? [];
        expect(isSaid(from, bottom) && isSaid(to, top), words).to.equal(true);
        const [, brighter = "0"] = /brighter than the scale: (\d+)/.exec(words) ?? [];
        expect(Number(brighter)).to.equal(known.filter((each) => each > top).length);
      }),
      { numRuns: 150 },
    );
  }).timeout(30_000);
});

describe("what fits, tables and cards say is what the data say, for any data", () => {
  let host: RecordingHost;
  beforeEach(() => {
    host = new RecordingHost(true);
  });
  afterEach(() => host.release());

  it("of fits: the values in words are those of the result, and the drawn curve is the fitted shape", () => {
    const shapes = fc.tuple(
      fc.double({ noNaN: true, min: 1, max: 1e6 }),
      fc.double({ noNaN: true, min: -3, max: 3 }),
      fc.double({ noNaN: true, min: 0.5, max: 2 }),
      fc.integer({ min: 0, max: 1000 }),
    );
    fc.assert(
      fc.property(shapes, ([amplitude, center, sigma, seed]) => {
        const shape = fitModels.gaussian.shape([amplitude, center, sigma, 0]);
        const rows = Array.from({ length: 41 }, (_, i) => {
          const x = -6 + 0.3 * i;
          return { x, y: shape(x) + 0.02 * amplitude * Math.sin((seed + 1) * (i + 1) * 12.9898) };
        });
        const plot = new FitPlot(fitModels.gaussian, { x: [field("x", "mm")], y: field("y", "V"), label: "run" }, {});
        const spec = lastFrame(plot, rows) as unknown as {
          readonly title: MapSpec["title"];
          readonly layer: readonly { data: { values: readonly { x: number; y: number; line?: string }[] } }[];
        };
        const { result } = plot.outcome;
        if (!result) throw new Error("a clear peak is not fitted");
        const words = spec.title.subtitle.join(" · ");
        for (const name of ["amplitude", "center", "sigma"] as const) {
          const [, said, error, power = "0"] =
            new RegExp(`${name} \\(?(-?[\\d.]+) ± ([\\d.]+)(?:\\)e(-?\\d+))?`).exec(words) ?? [];
          const [shown, digits] = [Number(said) * 10 ** Number(power), Number(error) * 10 ** Number(power)];
          expect(Math.abs(shown - result.values[name]), `${name} in "${words}"`).to.be.at.most(0.051 * digits);
        }
        const fitted = fitModels.gaussian.shape(fitModels.gaussian.parameters.map((name) => result.values[name]));
        const curve = spec.layer[0]?.data.values.filter(({ line }) => line === "gaussian") ?? [];
        expect(curve.length).to.be.greaterThan(10);
        for (const { x, y } of curve) expect(y).to.be.closeTo(fitted(x), 1e-5 * amplitude);
      }),
      { numRuns: 60 },
    );
  }).timeout(60_000);

  it("of tables: a number is shown to half of its last digit, and none that is not 0 is shown as 0", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
        const view = new LiveTable("det");
        const documents = testRun({ det: {} });
        void view("start", documents.start);
        void view("descriptor", documents.descriptor);
        values.forEach((det, i) => void view("event", documents.event(i + 1, { det })));
        void view("stop", documents.stop());
        const html = String(host.outputs.at(-1)?.["text/html"]);
        const rows = [...html.matchAll(/<tr>(?:<td[^>]*>([^<]*)<\/td>)+<\/tr>/g)].map(([row]) =>
          [...row.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, text]) => text as string),
        );
        values.forEach((actual, i) => {
          const shown = rows[i]?.[2];
          if (Number.isNaN(actual)) {
            expect(shown).to.equal("NaN");
            return;
          }
          const [mantissa = "", power = "0"] = String(shown).split("e");
          const decimals = mantissa.split(".")[1]?.length ?? 0;
          const half = 0.5 * 10 ** (Number(power) - decimals);
          expect(Math.abs(Number(shown) - actual), `${shown} for ${actual}`).to.be.at.most(
            half * 1.001 + 1e-15 * Math.abs(actual),
          );
          if (actual !== 0) expect(Number(shown), `${shown} for ${actual}`).to.not.equal(0);
        });
        host.frames.length = 0;
      }),
      { numRuns: 300 },
    );
  }).timeout(30_000);

  it("of cards: the number of points, the length of the bar and the word for the end", async () => {
    const ends = fc.record({
      planned: fc.integer({ min: 2, max: 40 }),
      part: fc.double({ noNaN: true, min: 0, max: 1 }),
      status: fc.constantFrom("success", "abort", "fail"),
    });
    await fc.assert(
      fc.asyncProperty(ends, async ({ planned, part, status }) => {
        host.frames.length = 0;
        const count = Math.round(part * planned);
        const documents = testRun({ motor: {}, det: {} }, { motors: ["motor"], num_points: planned });
        const view = new BestEffortCallback({ plots: false });
        await view("start", documents.start);
        await view("descriptor", documents.descriptor);
        for (let i = 1; i <= count; i++) await view("event", documents.event(i, { motor: i, det: i }));
        await view("stop", documents.stop(status as "success", status === "success" ? "" : "the reason"));
        const html = String(host.outputs[0]?.["text/html"]);
        const points = (n: number): string => `${n} point${n === 1 ? "" : "s"}`;
        expect(html).to.contain(count === planned ? `${points(count)} in ` : `${count} of ${points(planned)} in `);
        const [, bar] = /<progress max="1" value="([\d.]+)"/.exec(html) ?? [];
        expect(Number(bar)).to.be.closeTo(count / planned, 0.001);
        const word = { success: count === planned ? "success" : "stopped early", abort: "aborted", fail: "failed" };
        expect(html).to.contain(` ${word[status as "success"]}<`);
        if (status !== "success") expect(html).to.contain("the reason");
      }),
      { numRuns: 80 },
    );
  }).timeout(30_000);
});
