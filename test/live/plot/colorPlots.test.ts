import { inflateSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { LiveGrid } from "../../../lib/live/plot/liveGrid";
import { LiveScatter } from "../../../lib/live/plot/liveScatter";
import { RecordingHost } from "../../support/recordingHost";
import { play, testRun } from "../../support/runDocuments";

const keys = { y: { units: "mm" }, x: { units: "mm" }, det: { units: "counts" } };
const VEGA_LITE = "application/vnd.vegalite.v5+json";

interface Layer {
  readonly data: {
    readonly values: readonly { readonly x: number; readonly y: number; readonly v: number; readonly url?: string }[];
  };
  readonly mark: { readonly type: string };
  readonly transform?: readonly { readonly calculate: string }[];
  readonly encoding: Record<string, { readonly title?: string; readonly scale?: { readonly domain?: unknown } }> & {
    readonly tooltip?: readonly { readonly title: string; readonly format: string }[];
  };
}
interface Spec {
  readonly title: { readonly text: string; readonly subtitle: readonly string[] };
  readonly params?: readonly { readonly name: string; readonly value: readonly (number | null)[] }[];
  readonly layer: readonly Layer[];
  readonly concat?: readonly { readonly title: string }[];
}

/** The palette indices of the pixels of a PNG. */
function decodedPng(url: string): Uint8Array {
  const png = Buffer.from(url.replace("data:image/png;base64,", ""), "base64");
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const at = png.indexOf("IDAT");
  const raw = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  return Uint8Array.from(
    { length: width * height },
    (_, i) => raw[Math.floor(i / width) * (width + 1) + 1 + (i % width)] as number,
  );
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
    const { layer, params, title } = specOf();
    expect(params?.[0]?.value).to.deep.equal([1, 2, 3, 6, 5, 4]);
    expect(layer[0]?.mark.type).to.equal("image");
    expect(layer[0]?.encoding.x?.scale?.domain).to.deep.equal([75, 225]);
    expect(layer[1]?.encoding.color?.scale?.domain).to.deep.equal([1, 6]);
    expect(layer[2]?.transform?.map(({ calculate }) => calculate)).to.include("100 + (datum.i % 3) * 50");
    expect(layer[2]?.encoding.tooltip?.map((tip) => [tip.title, tip.format])).to.deep.equal([
      ["x (mm)", ".5~g"],
      ["y (mm)", ".5~g"],
      ["det (counts)", "d"],
    ]);
    expect(title).to.deep.equal({ text: "scan #12", subtitle: ["max 6 counts at x 100 mm, y 10 mm"] });
    expect([layer[0]?.encoding.x?.title, layer[0]?.encoding.y?.title]).to.deep.equal(["x (mm)", "y (mm)"]);
    expect(host.outputs[0]?.["text/plain"]).to.equal(
      "scan #12 · det (counts) over x (mm) and y (mm), 6 of 6 points · max 6 counts at x 100 mm, y 10 mm",
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
    const encoding = specOf().layer[0]?.encoding ?? {};
    expect([encoding.x?.title, encoding.y?.title]).to.deep.equal(["x (mm)", "y (mm)"]);
  });

  it("LiveGrid draws every cell of a large grid, and says the value of the highest single one", async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => ({
      x: 0,
      y: 0,
      det: i === 4321 ? 1000 : 250.5 + (i % 100) / 1000,
    }));
    const plot = new LiveGrid("det", { x: "x", y: "y" });
    await play(plot, testRun(keys, grid(100, 100)), rows);
    const { params, layer, title } = specOf();
    expect(params?.[0]?.value).to.deep.equal(rows.map(({ det }) => det));
    expect(layer[1]?.encoding.color?.scale?.domain).to.deep.equal([250.5, 1000]);
    expect(title.subtitle[0]).to.match(/^max 1000 counts at x 121\.2 mm, y 4\.34\d* mm$/);
    const picture = decodedPng(String(layer[0]?.data.values[0]?.url));
    expect(new Set(picture).size).to.be.greaterThan(1);
    expect(picture.filter((color) => color === 255)).to.have.length(picture.length / 10_000);
  }).timeout(20_000);

  it("LiveGrid replaces points that are measured again", async () => {
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
    expect(specOf().params?.[0]?.value).to.deep.equal([1, 9]);
  }).timeout(20_000);

  it("LiveGrid shows three axes as maps side by side, in the order of a snake", async () => {
    const md = {
      shape: [2, 2, 2],
      extents: [
        [5, 10],
        [0, 1],
        [0, 1],
      ],
      snaking: [false, true, true],
      motors: ["T", "y", "x"],
    };
    const rows = [1, 2, 3, 4, 5, 6, 7, 8].map((det) => ({ T: 0, x: 0, y: 0, det }));
    await play(new LiveGrid("det"), testRun({ T: { units: "K" }, ...keys }, md), rows);
    const { params, concat } = specOf();
    expect(params?.map(({ value }) => value)).to.deep.equal([
      [1, 2, 4, 3],
      [8, 7, 5, 6],
    ]);
    expect(concat?.map(({ title }) => title)).to.deep.equal(["T = 5 K", "T = 10 K"]);
  }).timeout(20_000);

  it("draws more maps than fit with a slider over the slowest axis, and begins at the highest value", async () => {
    const md = {
      shape: [3, 5, 2, 2],
      extents: [
        [1, 3],
        [0, 4],
        [0, 1],
        [0, 1],
      ],
      snaking: [false, false, false, false],
      motors: ["T", "z", "y", "x"],
      hints: { dimensions: ["T", "z", "y", "x"].map((name) => [[name], "primary"]) as never },
    };
    const rows = Array.from({ length: 60 }, (_, i) => ({ T: 0, z: 0, y: 0, x: 0, det: i === 27 ? 1000 : i }));
    const view = new LiveGrid("det");
    await play(view, testRun({ T: { units: "K" }, z: { units: "mm" }, ...keys }, md), rows);
    const spec = specOf() as Spec & {
      readonly title: { readonly subtitle: { readonly expr: string } };
      readonly params: readonly { readonly name: string; readonly value: unknown; readonly bind?: object }[];
      readonly concat: readonly Spec[];
    };
    const paramOf = (name: string) => spec.params.find((param) => param.name === name);
    expect(paramOf("slice")).to.deep.include({
      value: 2,
      bind: { input: "range", min: 1, max: 3, step: 1, name: "T, position 1 to 3: " },
    });
    expect(paramOf("slices")?.value).to.deep.equal(["T = 1 K", "T = 2 K", "T = 3 K"]);
    expect(paramOf("z1")?.value).to.deep.equal([
      [4, 5, 6, 7],
      [24, 25, 26, 1000],
      [44, 45, 46, 47],
    ]);
    expect(spec.concat.map(({ title }) => title as unknown)).to.deep.equal([
      "z = 0 mm",
      "z = 1 mm",
      "z = 2 mm",
      "z = 3 mm",
      "z = 4 mm",
    ]);
    expect(spec.concat[0]?.layer[0]?.data.values).to.have.length(3);
    expect(spec.title.subtitle.expr).to.match(
      /^\["max 1000 counts at x 1 mm, y 1 mm, T = 2 K, z = 1 mm", slices\[slice - 1\]\]$/,
    );
    expect(String(host.outputs.at(-1)?.["image/png"]).length, "the picture is drawn").to.be.greaterThan(3000);
  }).timeout(20_000);

  it("draws equal units equally long, in a scatter plot as well", async () => {
    const rows = [
      { x: 0, y: 0, det: 1 },
      { x: 10, y: 2, det: 2 },
    ];
    await play(new LiveScatter("x", "y", "det"), testRun(keys), rows);
    const { width, height } = specOf() as unknown as { width: number; height: number };
    expect(width / height).to.be.closeTo(5, 0.1);
    await play(new LiveScatter("x", "y", "det"), testRun({ ...keys, x: { units: "K" } }), rows);
    expect((specOf() as unknown as { height: number }).height).to.equal(260);
  }).timeout(20_000);

  it("says in words, scale and tooltip what the data say, for any values", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), { minLength: 6, maxLength: 6 }),
        (values) => {
          const view = new LiveGrid("det", { x: "x", y: "y" });
          const run = testRun(keys, grid(2, 3));
          view("start", run.start);
          view("descriptor", run.descriptor);
          values.forEach((det, i) => void view("event", run.event(i + 1, { x: 0, y: 0, det })));
          const spec = view.spec as unknown as Spec;
          const [low, high] = (spec.layer[1]?.encoding.color?.scale?.domain ?? [0, 0]) as [number, number];
          expect([low, high]).to.deep.equal([Math.min(...values), Math.max(...values)]);
          const said = Number(/^max (\S+) counts at/.exec(String(spec.title.subtitle[0]))?.[1]);
          expect(Math.abs(said - high)).to.be.at.most(5.1e-5 * Math.abs(high));
        },
      ),
      { numRuns: 50 },
    );
  });

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

  it("LiveScatter shows points at their places, and evenly chosen ones and the highest if there are many", async () => {
    const scatter = new LiveScatter("x", "y", "det");
    await play(scatter, testRun(keys), [
      { x: 1, y: 2, det: 3 },
      { x: 4, y: 5, det: Number.NaN },
      { x: 7, y: 8, det: 9 },
    ]);
    expect(specOf().layer[0]?.data.values).to.deep.equal([
      { x: 1, y: 2, v: 3 },
      { x: 7, y: 8, v: 9 },
    ]);
    await play(
      scatter,
      testRun(keys),
      Array.from({ length: 10_000 }, (_, i) => ({ x: i, y: i, det: i === 7777 ? 1e9 : i })),
    );
    const values = specOf().layer[0]?.data.values ?? [];
    expect(values.length).to.be.within(1000, 2002);
    expect(values).to.deep.include({ x: 7777, y: 7777, v: 1e9 });
    expect(specOf().layer[0]?.encoding.color?.scale?.domain).to.deep.equal([0, 1e9]);
    expect(specOf().title.subtitle[0]).to.match(/^max 1000000000 counts at x 7777 mm/);
    const even = values.filter(({ v }) => v !== 1e9).slice(0, 1000);
    expect(new Set(even.slice(1).map(({ x }, i) => x - (even[i]?.x ?? 0))).size).to.equal(1);
  }).timeout(20_000);
});
