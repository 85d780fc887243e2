import { expect } from "chai";
import { LiveGrid } from "../../../lib/live/plot/liveGrid";
import { LiveScatter } from "../../../lib/live/plot/liveScatter";
import { RecordingHost } from "../../support/recordingHost";
import { play, testRun } from "../../support/runDocuments";

const keys = { y: { units: "mm" }, x: { units: "mm" }, det: { units: "counts" } };
const VEGA_LITE = "application/vnd.vegalite.v5+json";

interface Spec {
  readonly data: { readonly values: readonly { readonly x: number; readonly y: number; readonly v: number }[] };
  readonly transform?: readonly { readonly calculate: string }[];
  readonly encoding: Record<string, { readonly title?: string; readonly scale?: { readonly domain?: unknown } }>;
}

describe("two-dimensional plots", () => {
  let host: RecordingHost;

  beforeEach(() => {
    host = new RecordingHost(true);
  });

  afterEach(() => host.release());

  const specOf = (): Spec => host.outputs.at(-1)?.[VEGA_LITE] as Spec;
  const grid = (rows: number, columns: number, snake = false) => ({
    shape: [rows, columns],
    extents: [
      [0, 10],
      [100, 200],
    ],
    snaking: [false, snake],
  });

  it("LiveGrid puts each point in its cell, even in the backward passes of a snake", async () => {
    const run = testRun(keys, grid(2, 3, true));
    const rows = [1, 2, 3, 4, 5, 6].map((det) => ({ x: 0, y: 0, det }));
    const plot = new LiveGrid("det", { x: "x", y: "y" });
    await play(plot, run, rows);
    expect(plot.spec).to.deep.equal(specOf());
    const { data, encoding, transform } = specOf();
    expect(data.values.map(({ v }) => v)).to.deep.equal([1, 2, 3, 6, 5, 4]);
    expect(data.values[0]).to.deep.equal({ x: 75, y: -5, v: 1 });
    expect(encoding.x?.scale?.domain).to.deep.equal([75, 225]);
    const [width, height] = transform?.map(({ calculate }) => Number(calculate.replace(/^datum\.[xy] \+ /, ""))) ?? [];
    expect(width).to.be.within(50, 50.5);
    expect(height).to.be.within(10, 10.1);
    expect([encoding.x?.title, encoding.y?.title]).to.deep.equal(["x (mm)", "y (mm)"]);
    expect(host.outputs[0]?.["text/plain"]).to.equal(
      "det (counts) over x (mm) and y (mm), 6 of 6 points · max 6 counts",
    );
    expect(String(host.outputs[0]?.["image/png"]).length).to.be.greaterThan(1000);
  }).timeout(20_000);

  it("LiveGrid takes the axes of the run if none are given, and draws the slow one upwards", async () => {
    const run = testRun(keys, { ...grid(1, 2), motors: ["y", "x"] });
    await play(
      new LiveGrid("det"),
      run,
      [1, 2].map((det) => ({ x: 0, y: 0, det })),
    );
    const { encoding } = specOf();
    expect([encoding.x?.title, encoding.y?.title]).to.deep.equal(["x (mm)", "y (mm)"]);
  });

  it("LiveGrid shows large grids by means, and replaces points that are measured again", async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => ({ x: 0, y: 0, det: i % 100 }));
    await play(new LiveGrid("det", { x: "x", y: "y" }), testRun(keys, grid(100, 100)), rows);
    const { values } = specOf().data;
    expect(values.length).to.be.within(1000, 2000);
    expect(values[0]?.v).to.equal(1);
    const plot = new LiveGrid("det", { x: "x", y: "y" });
    const run = testRun(keys, grid(1, 2));
    plot("start", run.start);
    plot("descriptor", run.descriptor);
    for (const [seq_num, det] of [
      [1, 1],
      [2, 2],
      [2, 9],
    ] as const)
      plot("event", run.event(seq_num, { x: 0, y: 0, det }));
    await plot("stop", run.stop());
    expect(specOf().data.values.map(({ v }) => v)).to.deep.equal([1, 9]);
  }).timeout(20_000);

  it("LiveGrid ignores a run without a grid, and one whose grid makes no sense", async () => {
    for (const md of [
      {},
      { ...grid(0, 3) },
      {
        ...grid(2, 2),
        extents: [
          ["a", 1],
          [0, 1],
        ],
      },
    ])
      await play(new LiveGrid("det", { x: "x", y: "y" }), testRun(keys, md), [{ x: 1, y: 1, det: 1 }]);
    expect(host.frames).to.deep.equal([]);
  });

  it("LiveScatter shows points at their places, and evenly chosen ones if there are many", async () => {
    const scatter = new LiveScatter("x", "y", "det");
    await play(scatter, testRun(keys), [
      { x: 1, y: 2, det: 3 },
      { x: 4, y: 5, det: Number.NaN },
      { x: 7, y: 8, det: 9 },
    ]);
    expect(specOf().data.values).to.deep.equal([
      { x: 1, y: 2, v: 3 },
      { x: 7, y: 8, v: 9 },
    ]);
    await play(
      scatter,
      testRun(keys),
      Array.from({ length: 10_000 }, (_, i) => ({ x: i, y: i, det: i })),
    );
    const { values } = specOf().data;
    expect(values.length).to.be.within(1000, 2000);
    expect(new Set(values.slice(1).map(({ x }, i) => x - (values[i]?.x ?? 0))).size).to.equal(1);
  }).timeout(20_000);
});
