import { expect } from "chai";
import fc from "fast-check";
import type { Scene, SceneItem } from "vega";
import type { PlotSpec } from "../../lib/display/plotTheme";
import { clearPeakOf } from "../../lib/live/peaks/clearPeak";
import { LinePlot, ScatterPlot, type StreamPlot } from "../../lib/live/plot";
import type { StreamField } from "../../lib/live/view/streamFields";
import { testRun } from "../support/runDocuments";

const field = (key: string): StreamField => ({ key, units: "mm", precision: undefined, dtype: "number" });
const run = testRun({ x: {}, y: {}, v: {} });

/** The last frame of a plot of rows. */
function lastSpec(view: StreamPlot, rows: readonly Record<string, unknown>[]): PlotSpec {
  const take = view.handler();
  rows.forEach((row, i) => void take?.(run.event(i + 1, row)));
  return view.frame(true).spec;
}

/** What a page draws of a specification: a scene as Vega makes it, without a canvas. */
async function sceneOf(spec: PlotSpec): Promise<{ readonly items: SceneItem[]; close(): void }> {
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const logger = vega.logger(vega.None);
  const compiled = compile(spec as unknown as Parameters<typeof compile>[0], { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logLevel: vega.None });
  await view.runAsync();
  const root = (view.scenegraph() as unknown as { readonly root: Scene }).root;
  return { items: itemsOf(root), close: () => view.finalize() };
}

/** All items of a scene; texts say what they are for. */
function itemsOf(scene: Scene | SceneItem): SceneItem[] {
  const { items = [], marktype, role } = scene as { items?: (Scene | SceneItem)[]; marktype?: string; role?: string };
  return items.flatMap((item) => [marktype === "text" ? { ...item, role } : item, ...itemsOf(item)] as SceneItem[]);
}

const PREFIXES: Readonly<Record<string, number>> = { p: -12, n: -9, µ: -6, m: -3, k: 3, M: 6, G: 9, T: 12 };

/** The number that a label says: `−9.6k`, `2e300`, `1,000`. */
function numberOf(label: string): number {
  const text = label.replace("−", "-").replaceAll(",", "");
  const prefix = PREFIXES[text.at(-1) as string];
  return prefix === undefined ? Number(text) : Number(`${text.slice(0, -1)}e${prefix}`);
}

interface Label extends SceneItem {
  readonly role: string;
  readonly text: string;
  readonly opacity?: number;
  readonly datum: { readonly value: number };
}

/** The part of Vega that writes numbers in tooltips, which its types do not have. */
interface LocaleOwner {
  defaultLocale(): { format(specifier: string): (value: number) => string };
}

const size = fc.integer({ min: -300, max: 300 });
const digit = fc.double({ noNaN: true, min: 1, max: 9.99 });

describe("what axes and tooltips say is what the data say, whatever their size", () => {
  it("of ticks of lines, of points in colours, and of their bar: each label is the number at its place", async () => {
    const property = fc.asyncProperty(size, digit, fc.boolean(), async (power, mantissa, both) => {
      const unit = Number(`${mantissa}e${power}`);
      const rows = Array.from({ length: 9 }, (_, i) => ({ x: i, y: (both ? i - 4 : i) * unit, v: i * unit }));
      const line = lastSpec(new LinePlot(run.start, { x: field("x"), fields: [field("y")] }), rows);
      const axes = { x: field("x"), y: field("y"), color: field("v") };
      const points = lastSpec(new ScatterPlot(axes, "spiral"), rows);
      for (const spec of [line, points]) {
        const { items, close } = await sceneOf(spec);
        const labels = (items as Label[]).filter(({ role }) => role === "axis-label" || role === "legend-label");
        const numbers = labels.filter(({ text, datum }) => text && typeof datum.value === "number");
        expect(numbers.length).to.be.greaterThan(4);
        const largest = 9 * unit;
        for (const { text, datum } of numbers) {
          const tolerance = Math.abs(datum.value) < 20 ? 1e-9 : 1e-3 * largest;
          expect(Math.abs(numberOf(text) - datum.value), `"${text}" at ${datum.value}`).to.be.at.most(
            Math.max(tolerance, 1e-3 * Math.abs(datum.value)),
          );
        }
        close();
      }
    });
    await fc.assert(property, { numRuns: 25 });
  }).timeout(60_000);

  it("of narrow ranges far from zero: neighbours are sent, and said in tooltips, as different numbers", async () => {
    const { format } = ((await import("vega")) as unknown as LocaleOwner).defaultLocale();
    const property = fc.property(
      fc.integer({ min: 2, max: 9 }),
      fc.integer({ min: -6, max: 0 }),
      fc.double({ noNaN: true, min: 1, max: 9 }),
      (large, small, start) => {
        const [offset, step] = [start * 10 ** large, 10 ** small];
        // A double has 15 digits.
        fc.pre(offset / step < 1e13);
        const rows = Array.from({ length: 11 }, (_, i) => ({ x: offset + i * step, y: -offset - i * step, v: i }));
        const line = lastSpec(new LinePlot(run.start, { x: field("x"), fields: [field("y")] }), rows);
        const axes = { x: field("x"), y: field("y"), color: field("v") };
        const points = lastSpec(new ScatterPlot(axes, "spiral"), rows);
        for (const spec of [line, points]) {
          const layers = spec.layer as {
            data: { values: { x: number; y: number }[] };
            encoding: { tooltip?: { field: string; format: string }[] };
          }[];
          const layer = layers.find(({ encoding }) => encoding.tooltip);
          const values = layer?.data.values ?? [];
          expect(values).to.have.length(rows.length);
          for (const axis of ["x", "y"] as const) {
            const tip = layer?.encoding.tooltip?.find((each) => each.field === axis);
            const said = values.map((each) => format(tip?.format ?? "")(each[axis]));
            expect(new Set(said).size, said.join(" ")).to.equal(rows.length);
            values.forEach((each, i) => {
              const actual = rows[i]?.[axis] as number;
              expect(Math.abs(each[axis] - actual)).to.be.at.most(1e-4 * step + 1e-15 * offset);
              expect(Math.abs(Number(said[i]?.replace("−", "-")) - actual)).to.be.at.most(0.01 * step);
            });
          }
        }
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});

describe("what is said of odd data", () => {
  const subtitleOf = (spec: PlotSpec): string =>
    (spec.title as { readonly subtitle: readonly string[] }).subtitle.join(" ");
  const line = (): LinePlot => new LinePlot(run.start, { x: field("x"), fields: [field("y")] });
  const scatter = (): ScatterPlot => new ScatterPlot({ x: field("x"), y: field("y"), color: field("v") }, "spiral");

  it("is that there is no number, and not that the first point is awaited, if all are NaN", () => {
    const rows = Array.from({ length: 5 }, (_, x) => ({ x, y: Number.NaN, v: Number.NaN }));
    for (const view of [line(), scatter()])
      expect(subtitleOf(lastSpec(view, rows))).to.equal("5 points without a number");
    expect(subtitleOf(lastSpec(line(), []))).to.equal("waiting for the first point");
  });

  it("is the value of a point that was measured again, and not the one before", () => {
    for (const view of [line(), scatter()]) {
      const take = view.handler();
      for (const [i, value] of [1, 99, 3, 2].entries()) take(run.event(i + 1, { x: i, y: value, v: value }));
      take(run.event(2, { x: 1, y: 4, v: 4 }));
      expect(subtitleOf(view.frame(false).spec)).to.match(/max 4 mm at .*1 mm/);
    }
  });

  it("is no peak, dip or edge in a ramp of any length, and hardly ever in a few points of noise", () => {
    for (let length = 2; length < 40; length++) {
      const x = Float64Array.from({ length }, (_, i) => i);
      for (const slope of [1, -0.1]) {
        const found = clearPeakOf({ x, y: x.map((at) => 0.3 + slope * at), length });
        expect(found?.feature, `${length} points`).to.equal("nothing");
      }
    }
    let [state, found] = [7, 0];
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    for (let i = 0; i < 600; i++) {
      const length = 6 + (i % 6);
      const x = Float64Array.from({ length }, (_, k) => k);
      const y = x.map(() => 500 + 22 * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()));
      if (clearPeakOf({ x, y, length })?.feature !== "nothing") found += 1;
    }
    expect(found).to.be.at.most(30);
  });

  it("is a peak in as few points as show one with its feet", () => {
    for (let length = 5; length < 20; length++) {
      const x = Float64Array.from({ length }, (_, i) => i / (length - 1));
      const found = clearPeakOf({ x, y: x.map((at) => Math.exp(-(((at - 0.5) / 0.15) ** 2) / 2)), length });
      expect(found?.feature, `${length} points`).to.equal("peak");
      expect(found?.cen).to.be.closeTo(0.5, 1e-9);
    }
  });
});
