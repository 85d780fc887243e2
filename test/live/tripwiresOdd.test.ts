import { expect } from "chai";
import fc from "fast-check";
import { BestEffortCallback, LiveTable } from "../../lib/live";
import { ArrayPlot, GridPlot, LinePlot } from "../../lib/live/plot";
import type { LineOptions } from "../../lib/live/plot/lineOptions";
import type { StreamField } from "../../lib/live/view/streamFields";
import { RecordingHost } from "../support/recordingHost";
import { testRun } from "../support/runDocuments";

const VEGA_LITE = "application/vnd.vegalite.v5+json";
const field = (key: string, units?: string): StreamField => ({ key, units, precision: undefined, dtype: "number" });
const run = testRun({ x: {}, det: {} });

interface Row {
  readonly x: number | null;
  readonly y: number | null;
  readonly lo?: number | null;
}
interface OddSpec {
  readonly title: { readonly subtitle: readonly string[] };
  readonly params: readonly { readonly value: readonly (number | null)[] }[];
  readonly layer: readonly {
    readonly mark: { readonly type: string };
    readonly data: { readonly values: readonly Row[] };
    readonly encoding: Record<
      string,
      { readonly scale: { readonly domain: readonly [number, number]; readonly type?: string } }
    >;
  }[];
}

const odd = fc.oneof(
  { weight: 4, arbitrary: fc.double({ noNaN: true, min: -1e15, max: 1e15 }) },
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
);
const isNumber = (value: number): boolean => Number.isFinite(value);
const isSaid = (text: string | undefined, actual: number): boolean =>
  Math.abs(Number(text) - actual) <= 5.1e-5 * Math.abs(actual) + 1e-300;
const isSent = (sent: number | null | undefined, actual: number): boolean =>
  isNumber(actual) ? Math.abs(Number(sent) - actual) <= 5.1e-7 * Math.abs(actual) : sent === null;

/** The last frame of a line plot of these rows. */
function lineOf(rows: readonly Record<string, unknown>[], options: LineOptions = {}, x: "time" | "field" = "field") {
  const plot = new LinePlot(
    run.start,
    { x: x === "time" ? "time" : field("x", "mm"), fields: [field("det", "V")] },
    [],
    options,
  );
  const take = plot.handler();
  rows.forEach((row, i) => {
    const event = run.event(i + 1, row);
    take(typeof row.time === "number" ? { ...event, time: row.time } : event);
  });
  return { plot, spec: plot.frame(true).spec as unknown as OddSpec };
}

describe("what a view says is what odd data say", () => {
  let host: RecordingHost;
  beforeEach(() => {
    host = new RecordingHost(true);
  });
  afterEach(() => host.release());

  it("of positions and values that are infinite, no number, equal, or larger than 2^53", () => {
    const rows = fc.array(fc.record({ x: fc.oneof(odd, fc.constant(7)), det: odd }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(rows, (all) => {
        const { spec } = lineOf(all);
        const sent = spec.layer[0]?.data.values ?? [];
        expect(sent).to.have.length(all.length);
        sent.forEach(({ x, y }, i) => {
          const { x: position, det } = all[i] as (typeof all)[number];
          expect(isSent(x, Number(position)), `x ${x} of ${position}`).to.equal(true);
          expect(isSent(y, Number(det)), `y ${y} of ${det}`).to.equal(true);
        });
        const drawn = all
          .map(({ x, det }) => [Number(x), Number(det)] as const)
          .filter((point) => point.every(isNumber))
          .map(([, y]) => y);
        const words = spec.title.subtitle.join(" ");
        const [, end, said] = /(max|min) (\S+)/.exec(words) ?? [];
        const extreme = end === "min" ? Math.min(...drawn) : Math.max(...drawn);
        if (drawn.length === 0) expect(said, words).to.equal(undefined);
        else expect(isSaid(said, extreme), `${words}: ${extreme}`).to.equal(true);
        const [bottom = Number.NaN, top = Number.NaN] = spec.layer[0]?.encoding.y?.scale.domain ?? [];
        expect(isNumber(bottom) && isNumber(top) && bottom < top, `${bottom} to ${top}`).to.equal(true);
        for (const y of drawn) expect(bottom <= y && y <= top, `${y} in ${bottom} to ${top}`).to.equal(true);
        expect(words).to.not.match(/NaN|∞|undefined|null/);
      }),
      { numRuns: 300 },
    );
  }).timeout(30_000);

  it("of a clock that goes backwards: each point stands at its time", () => {
    const times = fc.array(fc.integer({ min: -3000, max: 3000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(times, (seconds) => {
        const rows = seconds.map((after, i) => ({ det: i, time: run.start.time + after }));
        const { spec } = lineOf(rows, {}, "time");
        const range = Math.max(...seconds) - Math.min(...seconds);
        const divisor = range > 600 ? 60 : 1;
        (spec.layer[0]?.data.values ?? []).forEach(({ x, y }, i) => {
          expect(y).to.equal(i);
          expect(x).to.be.closeTo((seconds[i] as number) / divisor, 1e-4);
        });
        const [from = Number.NaN, to = Number.NaN] = spec.layer[0]?.encoding.x?.scale.domain ?? [];
        for (const after of seconds) expect(from <= after / divisor && after / divisor <= to).to.equal(true);
      }),
      { numRuns: 200 },
    );
  }).timeout(30_000);

  it("of logarithmic axes: only of positive values, and error bars end at the axis", () => {
    const values = fc.array(
      fc.oneof(fc.integer({ min: -3, max: 5000 }), fc.double({ min: 1e-9, max: 1e9, noNaN: true })),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(values, fc.boolean(), (all, isXLog) => {
        const rows = all.map((det, i) => ({ x: i - 1, det }));
        const { spec } = lineOf(rows, { errors: "sqrt", log: { y: true, x: isXLog } });
        const { x, y } = spec.layer[0]?.encoding ?? {};
        expect(x?.scale.type, "a position is not positive").to.equal(undefined);
        expect(y?.scale.type).to.equal(all.every((value) => value > 0) ? "log" : undefined);
        const [bottom = Number.NaN] = y?.scale.domain ?? [];
        if (y?.scale.type === "log") expect(bottom).to.be.greaterThan(0);
        const bars = spec.layer.find(({ mark }) => mark.type === "rule")?.data.values ?? [];
        expect(bars).to.have.length(all.length);
        for (const { lo } of bars) expect(lo).to.be.at.least(bottom * (1 - 1e-12));
      }),
      { numRuns: 200 },
    );
  }).timeout(30_000);

  it("of aborted grids that go back and forth: the cells that were measured, and no others", () => {
    const grids = fc.record({
      rows: fc.integer({ min: 2, max: 6 }),
      columns: fc.integer({ min: 2, max: 6 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      snake: fc.boolean(),
      values: fc.array(odd, { minLength: 36, maxLength: 36 }),
    });
    fc.assert(
      fc.property(grids, ({ rows, columns, part, snake, values }) => {
        const grid = {
          shape: [rows, columns],
          extents: [[0, rows - 1] as const, [10, 10 + columns - 1] as const],
          snaking: [false, snake],
        };
        const plot = new GridPlot(grid, { x: field("x"), y: field("y"), color: field("det") }, "grid");
        const count = Math.round(part * rows * columns);
        const take = plot.handler();
        for (let i = 0; i < count; i++) take(run.event(i + 1, { det: values[i] }));
        const spec = plot.frame(true).spec as unknown as OddSpec;
        const cells = new Array<number>(rows * columns).fill(Number.NaN);
        for (let i = 0; i < count; i++) {
          const [row, place] = [Math.floor(i / columns), i % columns];
          cells[row * columns + (snake && row % 2 === 1 ? columns - 1 - place : place)] = Number(values[i]);
        }
        spec.params[0]?.value.forEach((sent, cell) => {
          expect(isSent(sent, cells[cell] as number), `cell ${cell}: ${sent} of ${cells[cell]}`).to.equal(true);
        });
        const known = cells.filter(isNumber);
        const words = spec.title.subtitle.join(" · ");
        const [, said, x, y] = /max (\S+) at x (\S+), y (\S+)/.exec(words) ?? [];
        if (known.length === 0) expect(said, words).to.equal(undefined);
        else {
          expect(isSaid(said, Math.max(...known)), words).to.equal(true);
          expect(cells[Number(y) * columns + Number(x) - 10], words).to.equal(Math.max(...known));
        }
      }),
      { numRuns: 200 },
    );
  }).timeout(30_000);

  it("of arrays and images with infinite pixels: the ends in words and colours are those of the numbers", () => {
    const pixels = fc.array(fc.array(odd, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(pixels, fc.boolean(), (rows, isImage) => {
        const plot = new ArrayPlot(field("a", "V"), undefined, "arrays");
        const take = plot.handler();
        if (isImage) take(run.event(1, { a: rows }));
        else rows.forEach((a, i) => void take(run.event(i + 1, { a })));
        const spec = plot.frame(true).spec as unknown as OddSpec;
        const all = rows.flat().map(Number);
        const known = (isImage ? all : (rows.at(-1) ?? []).map(Number)).filter(isNumber);
        const words = spec.title.subtitle.join(" · ");
        expect(words).to.not.match(/NaN|∞/);
        expect(JSON.stringify(spec)).to.not.match(/"domain":\[[^\]]*null/);
        (spec.params[0]?.value ?? []).forEach((sent, i) => {
          expect(isSent(sent, all[i] as number), `${sent} of ${all[i]}`).to.equal(true);
        });
        const [, low, high] = /(?:values from|arrays:) (\S+)(?: V)? to (\S+) V/.exec(words) ?? [];
        if (known.length === 0) expect(words).to.contain("no number");
        else {
          const [lowest, highest] = [Math.min(...known), Math.max(...known)];
          const isNothing = (end: number): boolean => !isImage && Math.abs(end) < 1e-9 * (highest - lowest);
          expect(isSaid(low, isNothing(lowest) ? 0 : lowest), words).to.equal(true);
          expect(isSaid(high, isNothing(highest) ? 0 : highest), words).to.equal(true);
        }
      }),
      { numRuns: 200 },
    );
  }).timeout(30_000);

  it("of streams that change: after a new descriptor rows and lines go on, with gaps where a field is missing", async () => {
    const points = fc.array(fc.record({ isSecond: fc.boolean(), det: fc.integer({ min: 1, max: 999 }) }), {
      minLength: 2,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(points, async (rows) => {
        host.frames.length = 0;
        const documents = testRun({ motor: {}, det: {}, extra: {} }, { motors: ["motor"], num_points: rows.length });
        const { extra, ...fewer } = documents.descriptor.data_keys;
        const second = { ...documents.descriptor, uid: "second", data_keys: fewer };
        const views = [new BestEffortCallback(), new LiveTable(["det", "extra"])];
        for (const view of views) {
          void view("start", documents.start);
          void view("descriptor", documents.descriptor);
          void view("descriptor", second);
        }
        rows.forEach(({ isSecond, det }, i) => {
          const event = documents.event(i + 1, isSecond ? { motor: i, det } : { motor: i, det, extra: -det });
          for (const view of views) void view("event", isSecond ? { ...event, descriptor: "second" } : event);
        });
        await Promise.all(views.map((view) => view("stop", documents.stop())));
        const specs = host.outputs.flatMap((output) => (output[VEGA_LITE] as object | undefined) ?? []);
        const sent = JSON.stringify(specs.at(-1));
        const table = String(host.outputs.at(-1)?.["text/plain"]);
        rows.forEach(({ isSecond, det }, i) => {
          expect(sent).to.contain(`{"x":${i},"y":${det},`);
          expect(sent).to.contain(`{"x":${i},"y":${isSecond ? null : -det},`);
          const [line = ""] = new RegExp(`^\\|\\s+${i + 1} \\|.*$`, "m").exec(table) ?? [];
          const cells = line.split("|").map((cell) => cell.trim());
          expect(cells.slice(3, 5)).to.deep.equal([String(det), isSecond ? "" : String(-det)]);
        });
      }),
      { numRuns: 15 },
    );
  }).timeout(60_000);
});
