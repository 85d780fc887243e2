import { expect } from "chai";
import { LivePlot, type LivePlotOptions } from "../../../lib/live/plot/livePlot";
import type { FieldSource } from "../../../lib/live/view/fieldSource";
import { RecordingHost } from "../../support/recordingHost";
import { play, type TestRun, testRun } from "../../support/runDocuments";

const VEGA_LITE = "application/vnd.vegalite.v5+json";

/** A specification as these tests read it: layers at any depth, with the rows of their data. */
interface View {
  readonly width?: number;
  readonly title?: { readonly subtitle?: readonly string[] } | { readonly text: string };
  readonly vconcat?: readonly View[];
  readonly concat?: readonly View[];
  readonly layer?: readonly View[];
  readonly mark?: {
    readonly type: string;
    readonly text?: string;
    readonly strokeDash?: number[];
    readonly interpolate?: string;
  };
  readonly data?: { readonly values: readonly Record<string, unknown>[] };
  readonly encoding?: Record<
    string,
    {
      readonly title?: unknown;
      readonly scale?: { readonly domain?: unknown; readonly type?: string };
      readonly value?: number;
    }
  >;
}

describe("lines and words of every kind", () => {
  let host: RecordingHost;

  beforeEach(() => {
    host = new RecordingHost(true);
  });
  afterEach(() => host.release());

  const drawn = async (
    y: FieldSource | readonly FieldSource[],
    x: FieldSource | undefined,
    run: TestRun,
    rows: readonly Record<string, unknown>[],
    options: LivePlotOptions = {},
  ): Promise<View> => {
    await play(new LivePlot(y, x, options), run, rows);
    return host.outputs.at(-1)?.[VEGA_LITE] as View;
  };
  const layersOf = (view: View): View[] => [
    view,
    ...[...(view.layer ?? []), ...(view.vconcat ?? []), ...(view.concat ?? [])].flatMap(layersOf),
  ];

  it("draws words, booleans and enums as bands below the lines, with one axis for all", async () => {
    const keys = {
      det: { units: "K" },
      mode: { dtype: "string", choices: ["off", "pid"] },
      open: { dtype: "boolean" },
    } as const;
    const rows = ["off", "off", "pid", "pid", "off"].map((mode, i) => ({ det: i, mode, open: i > 2 }));
    const spec = await drawn(["det", "mode", "open"], undefined, testRun(keys), rows);
    const [lines, bands] = spec.vconcat ?? [];
    expect(lines?.layer?.[0]?.encoding?.x?.title).to.equal(null);
    const [bars] = bands?.layer ?? [];
    expect(bars?.encoding?.x?.title).to.equal("time (s)");
    expect(bars?.encoding?.x?.scale?.domain).to.deep.equal([1, 5]);
    const values = bands?.data?.values.map(({ row, a, b, word }) => [row, a, b, word]);
    expect(values).to.deep.equal([
      ["mode", 1, 3, "off"],
      ["mode", 3, 5, "pid"],
      ["mode", 5, 5.02, "off"],
      ["open", 1, 4, "false"],
      ["open", 4, 5, "true"],
    ]);
    expect(host.outputs.at(-1)?.["text/plain"]).to.equal(
      "scan #12 · det (K) against time (s), 5 points\nscan #12 · mode against time (s): off, pid, off\nscan #12 · open against time (s): false, true",
    );
  }).timeout(20_000);

  it("draws texts alone as well, however many there are, and never as code", async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({ note: `"); alert(${i}) //` }));
    const spec = await drawn("note", undefined, testRun({ note: { dtype: "string" } }), rows);
    const bars = layersOf(spec).find(({ data }) => data)?.data?.values ?? [];
    expect(bars.length).to.be.within(500, 1000);
    expect(bars.at(-1)).to.deep.include({ word: "″); alert(2999) //" });
  }).timeout(20_000);

  it("names 7 to 12 lines of one unit at their right ends, dashed from the seventh on, and far enough apart", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `T${i}`);
    const keys = Object.fromEntries(["motor", ...names].map((name) => [name, { units: "K" }]));
    const rows = Array.from({ length: 9 }, (_, motor) => ({
      motor,
      ...Object.fromEntries(names.map((name, i) => [name, i / 50 + motor])),
    }));
    const spec = await drawn(names, "motor", testRun(keys), rows);
    const labels = layersOf(spec).filter(({ mark }) => mark?.type === "text");
    expect(labels.map(({ mark }) => mark?.text).toSorted()).to.deep.equal(names.toSorted());
    const places = labels.map(({ encoding }) => encoding?.y?.value as number).toSorted((a, b) => a - b);
    for (let i = 1; i < places.length; i++)
      expect((places[i] as number) - (places[i - 1] as number)).to.be.at.least(13.99);
    expect(spec.layer?.[0]?.encoding).to.have.property("strokeDash");
    expect(spec.width).to.be.lessThan(400);
  }).timeout(20_000);

  it("draws 30 signals as small plots with an axis each, and says so", async () => {
    const names = Array.from({ length: 45 }, (_, i) => `ch${i}`);
    const keys = Object.fromEntries(["motor", ...names].map((name) => [name, { units: "counts" }]));
    const rows = Array.from({ length: 9 }, (_, motor) => ({
      motor,
      ...Object.fromEntries(names.map((name, i) => [name, i * motor])),
    }));
    const thirty = await drawn(names.slice(0, 30), "motor", testRun(keys), rows);
    expect(thirty.concat).to.have.length(30);
    const all = await drawn(names, "motor", testRun(keys), rows);
    const titles = (all.concat as { title: { text: string } }[]).map(({ title }) => title.text);
    expect(titles).to.deep.equal(names.slice(0, 40).map((name) => `${name} (counts)`));
    expect((all.title as { subtitle: string[] }).subtitle.join(" "))
      .to.contain("40 signals over motor (counts)")
      .and.contain("5 more are in the table");
  }).timeout(30_000);

  it("draws the errors of counts, and those that a field of the stream has", async () => {
    const keys = { motor: {}, det: { units: "K" }, det_error: { units: "K" } };
    const rows = [4, 9, 16].map((det, motor) => ({ motor, det, det_error: 0.5 }));
    const errorsIn = (spec: View): unknown[] =>
      layersOf(spec).flatMap(({ mark, data }) =>
        mark?.type === "rule"
          ? (data?.values ?? []).filter(({ lo }) => lo !== undefined).map(({ lo, hi }) => [lo, hi])
          : [],
      );
    expect(errorsIn(await drawn("det", "motor", testRun(keys), rows, { errors: "sqrt" }))).to.deep.equal([
      [2, 6],
      [6, 12],
      [12, 20],
    ]);
    expect(errorsIn(await drawn("det", "motor", testRun(keys), rows))).to.deep.equal([
      [3.5, 4.5],
      [8.5, 9.5],
      [15.5, 16.5],
    ]);
    const named = testRun({ motor: {}, det: {}, sigma: {} });
    const other = rows.map(({ motor, det }) => ({ motor, det, sigma: 1 }));
    expect(errorsIn(await drawn("det", "motor", named, other, { errors: { det: "sigma" } }))).to.deep.equal([
      [3, 5],
      [8, 10],
      [15, 17],
    ]);
    expect(errorsIn(await drawn("det", "motor", named, other))).to.deep.equal([]);
  }).timeout(30_000);

  it("takes the ends of its axes, and whether they are logarithmic", async () => {
    const rows = [1, 2, 3].map((det, motor) => ({ motor, det }));
    const spec = await drawn("det", "motor", testRun({ motor: {}, det: {} }), rows, {
      xlim: [5, -5],
      ylim: [1, 100],
      log: true,
    });
    expect(spec.layer?.[0]?.encoding?.x?.scale?.domain).to.deep.equal([-5, 5]);
    expect(spec.layer?.[0]?.encoding?.y?.scale).to.deep.include({ domain: [1, 100], type: "log" });
  }).timeout(20_000);

  it("shows a long time in minutes or hours", async () => {
    const run = testRun({ det: {} });
    const rows = Array.from({ length: 1201 }, (_, det) => ({ det }));
    const spec = await drawn("det", undefined, run, rows);
    expect(spec.layer?.[0]?.encoding?.x?.title).to.equal("time (min)");
    expect(spec.layer?.[0]?.data?.values.at(-1)).to.deep.include({ x: 20.01667, y: 1200 });
  }).timeout(20_000);

  it("marks the highest point at the end, and takes a device, a member of a struct or a computation", async () => {
    const SECOP_datainfo = JSON.stringify({ type: "struct", members: { sp: { type: "double", unit: "K" } } });
    const keys = { motor: {}, det: {}, mon: {}, pid: { dtype: "array", shape: [], SECOP_datainfo } } as const;
    const rows = [1, 8, 3].map((det, motor) => ({ motor, det, mon: 2, pid: { sp: motor / 2 } }));
    const highest = (spec: View): unknown =>
      layersOf(spec).find(({ mark }) => mark?.type === "point" && (mark as { size?: number }).size === 110)?.data
        ?.values;
    expect(highest(await drawn("det / mon", "motor", testRun(keys), rows))).to.deep.equal([{ x: 1, y: 4 }]);
    expect(highest(await drawn("pid.sp", { name: "motor" }, testRun(keys), rows))).to.deep.equal([{ x: 2, y: 1 }]);
  }).timeout(20_000);
});
