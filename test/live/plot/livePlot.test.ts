import { mock } from "node:test";
import { expect } from "chai";
import { $display } from "../../../lib/display/mimeBundle";
import { LivePlot } from "../../../lib/live/plot/livePlot";
import { RecordingHost } from "../../support/recordingHost";
import { peakRows, play, type TestRun, testRun } from "../../support/runDocuments";

const keys = { motor: { units: "K", precision: 3 }, det: { units: "counts/s" } };
const VEGA_LITE = "application/vnd.vegalite.v5+json";

interface Spec {
  readonly $schema: string;
  readonly width: number;
  readonly height: number;
  readonly title?: { readonly text: string; readonly subtitle: readonly string[] };
  readonly vconcat?: readonly Spec[];
  readonly layer: readonly {
    readonly data: {
      readonly values: readonly { readonly x: number; readonly y: number | null; readonly line: string }[];
    };
    readonly encoding: Record<
      string,
      {
        readonly title?: string | readonly string[];
        readonly scale?: { readonly domain: unknown; readonly range?: string[] };
        readonly legend?: unknown;
      }
    >;
  }[];
}

describe("LivePlot", () => {
  let host: RecordingHost;

  beforeEach(() => {
    host = new RecordingHost(true);
  });

  afterEach(() => host.release());

  const specOf = (): Spec => host.outputs.at(-1)?.[VEGA_LITE] as Spec;
  const show = async (plot: LivePlot, run: TestRun, rows: readonly Record<string, unknown>[]) => {
    await play(plot, run, rows);
    return specOf();
  };

  it("draws y against x with units, and ends with a picture", async () => {
    const spec = await show(new LivePlot("det", "motor"), testRun(keys), peakRows());
    expect(spec.$schema).to.equal("https://vega.github.io/schema/vega-lite/v5.json");
    expect([spec.width, spec.height]).to.deep.equal([520, 260]);
    expect(spec.layer[0]?.encoding.x?.title).to.equal("motor (K)");
    expect(spec.layer[0]?.encoding.y?.title).to.equal("det (counts/s)");
    expect(spec.layer[0]?.encoding.x?.scale?.domain).to.deep.equal([5, 20]);
    expect(spec.title?.text).to.equal("scan #12");
    expect(spec.title?.subtitle[0]).to.match(/^com 12\.\d+ K · cen 12\.\d+ K · fwhm 5\.\d+ K · max /);
    const [live, last] = [host.frames[0]?.bundle, host.outputs[0]];
    const png = Buffer.from(String(last?.["image/png"]), "base64");
    expect(png.subarray(1, 4).toString()).to.equal("PNG");
    expect(png.readUInt32BE(16)).to.be.within(800, 1100);
    expect(String(live?.["image/png"]).length).to.be.lessThan(200);
    expect(host.outputs).to.have.length(1);
    expect(last?.["text/plain"]).to.match(/^scan #12 · det \(counts\/s\) against motor \(K\), 31 points · com /);
  }).timeout(20_000);

  it("draws any units of a node, without making them a part of an expression", async () => {
    const units = `K"}, {a: "\\`;
    const hostile = { motor: { units }, det: { units: `counts": now(), "x\n` } };
    const spec = await show(new LivePlot("det", "motor"), testRun(hostile), peakRows());
    expect(spec.layer[0]?.encoding.x?.title).to.equal("motor (K″}, {a: ″∖)");
    expect(spec.layer[0]?.encoding.y?.title).to.equal("det (counts″: now(), ″x )");
    expect(String(host.outputs[0]?.["image/png"]).length, "the picture is drawn").to.be.greaterThan(3000);
  }).timeout(20_000);

  it("makes the cell wait for the picture instead of the run, if the host can do that", async () => {
    const held: Promise<unknown>[] = [];
    Object.assign(host, { hold: (work: Promise<unknown>) => void held.push(work) });
    await play(new LivePlot("det", "motor"), testRun(keys), peakRows());
    expect(String(host.outputs[0]?.["image/png"]).length).to.be.lessThan(200);
    await Promise.all(held);
    expect(String(host.outputs[0]?.["image/png"]).length).to.be.greaterThan(5000);
  }).timeout(20_000);

  it("says how a run ended before the next one begins, and draws its picture meanwhile", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const view = new LivePlot("det", "motor");
    const words = /^scan #12 · det \(counts\/s\) against motor \(K\), 31 points · com /;
    try {
      const drawing = play(view, testRun(keys), peakRows());
      expect(host.frames.map(({ bundle }) => bundle["text/plain"])).to.have.length(1);
      expect(host.frames[0]?.bundle["text/plain"]).to.match(words);
      await drawing;
    } finally {
      mock.timers.reset();
    }
    expect(host.frames.map(({ bundle }) => String(bundle["image/png"]).length > 5000)).to.deep.equal([false, true]);
    expect(host.frames[1]?.bundle["text/plain"]).to.equal(host.frames[0]?.bundle["text/plain"]);
  }).timeout(20_000);

  it("makes a specification that Vega-Lite compiles without a warning", async () => {
    const { compile } = await import("vega-lite");
    const keysOfThree = { motor: { units: "K" }, a: { units: "K" }, b: { units: "K" }, c: { units: "mbar" } };
    const rows = peakRows().map(({ motor, det }, i) => ({
      motor,
      a: det,
      b: det / 2,
      c: i % 5 ? i * 1e-9 : Number.NaN,
    }));
    const plot = new LivePlot(["a", "b", "c"], "motor");
    await show(plot, testRun(keysOfThree), rows);
    const spec = await show(plot, testRun(keysOfThree), rows);
    const warnings: unknown[] = [];
    const keep = (...all: unknown[]) => {
      warnings.push(all);
      return logger;
    };
    const logger = { level: () => logger, error: keep, warn: keep, info: () => logger, debug: () => logger };
    compile(spec as never, { logger: logger as never });
    expect(warnings).to.deep.equal([]);
    expect(spec.vconcat?.map((panel) => panel.layer[0]?.encoding.y?.title)).to.deep.equal(["K", "c (mbar)"]);
  }).timeout(20_000);

  it("puts the unit on a line of its own if the name is too long for the panel", async () => {
    const detectors = {
      "cryo-cryo-target": { units: "K" },
      "cryo-heater-value": { units: 'W"' },
      off: { units: "mK" },
    };
    const names = Object.keys(detectors);
    const rows = [0, 1].map((motor) => ({ motor, ...Object.fromEntries(names.map((name) => [name, motor])) }));
    const spec = await show(new LivePlot(names, "motor"), testRun({ motor: {}, ...detectors }), rows);
    expect(spec.vconcat?.map((panel) => panel.layer[0]?.encoding.y?.title)).to.deep.equal([
      ["cryo-cryo-target", "K"],
      ["cryo-heater-value", "W″"],
      "off (mK)",
    ]);
  });

  it("sends at most 2000 points, among them the extremes", async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => ({ motor: i, det: i === 31_234 ? 1e6 : Math.sin(i) }));
    const plot = new LivePlot("det", "motor");
    await show(plot, testRun(keys), rows);
    const spec = await show(plot, testRun(keys), rows);
    const points = spec.layer.flatMap(({ data }) => data.values);
    expect(points.length).to.be.within(1000, 2000);
    expect(points).to.deep.include({ x: 31_234, y: 1e6, line: "scan 12" });
  }).timeout(20_000);

  it("keeps the last run as a faint line if it has the same axes", async () => {
    const plot = new LivePlot("det", "motor");
    await show(plot, testRun(keys, { scan_id: 11 }), peakRows(12));
    const spec = await show(plot, testRun(keys), peakRows(13));
    expect(spec.layer[0]?.encoding.color?.scale?.domain).to.deep.equal(["scan 11", "scan 12"]);
    expect(spec.layer[0]?.encoding.color?.scale?.range?.[0]).to.match(/^#8a8f98/);
    const other = await show(new LivePlot("det", "motor"), testRun(keys), peakRows(13));
    expect(other.layer[0]?.encoding.color?.legend).to.equal(null);
  }).timeout(20_000);

  it("leaves gaps where values are not numbers, and shows a single point and equal values", async () => {
    const gap = await show(
      new LivePlot("det", "motor"),
      testRun(keys),
      [1, Number.NaN, null, 4].map((det, motor) => ({ motor, det })),
    );
    expect(gap.layer[0]?.data.values.map(({ y }) => y)).to.deep.equal([1, null, null, 4]);
    const one = await show(new LivePlot("det", "motor"), testRun(keys), [{ motor: 5, det: 7 }]);
    expect(one.layer[0]?.encoding.x?.scale?.domain).to.deep.equal([4.5, 5.5]);
    expect(one.layer[0]?.encoding.y?.scale?.domain).to.deep.equal([6.3, 7.7]);
    expect(one.title?.subtitle).to.deep.equal(["max 7 counts/s at 5 K"]);
  }).timeout(20_000);

  it("plots against time without x, and does not plot values that are not numbers", async () => {
    const spec = await show(new LivePlot("det"), testRun(keys), peakRows());
    expect(spec.layer[0]?.encoding.x?.title).to.equal("time (s)");
    host.frames.length = 0;
    await play(new LivePlot("modes"), testRun({ modes: { dtype: "array", shape: [2] } }), [{ modes: ["pid", "off"] }]);
    expect(host.frames).to.deep.equal([]);
    await play(new LivePlot("absent", "motor"), testRun(keys), peakRows());
    expect(host.text).to.equal('LivePlot: the run has no field "absent". It has motor, det.');
  }).timeout(20_000);

  it("shows the range that the plan announced from the first point on", async () => {
    const md = {
      motors: ["motor"],
      plan_pattern: "inner_product",
      plan_pattern_args: { args: ["motor", 5, 20], num: 31 },
    };
    const spec = await show(new LivePlot("det", "motor"), testRun(keys, md), peakRows().slice(0, 3));
    expect(spec.layer[0]?.encoding.x?.scale?.domain).to.deep.equal([5, 20]);
  }).timeout(20_000);

  it("gives a flat line its own panel", async () => {
    const rows = peakRows().map(({ motor, det }) => ({ motor, a: det * 1e6, b: det }));
    const spec = await show(
      new LivePlot(["a", "b"], "motor"),
      testRun({ motor: {}, a: { units: "K" }, b: { units: "K" } }),
      rows,
    );
    expect(spec.vconcat).to.have.length(2);
  }).timeout(20_000);

  it("describes the peak in words if there are no pictures", async () => {
    host.release();
    host = new RecordingHost(false);
    await play(new LivePlot("det", "motor"), testRun(keys), peakRows());
    expect(host.text).to.match(
      /^scan #12 · det \(counts\/s\) against motor \(K\), 31 points · com 12\.\d+ K · .* at 12\.5 K$/,
    );
  });

  it("has its specification, and shows its newest run as the last expression of a cell", async () => {
    const plot = new LivePlot("det", "motor");
    expect(plot.spec).to.equal(undefined);
    expect(plot[$display]()["text/plain"]).to.contain("RE.subscribe(...)");
    const drawn = await show(plot, testRun(keys), peakRows());
    expect(plot.spec).to.deep.equal(drawn);
    expect(plot[$display]()).to.deep.equal(host.outputs.at(-1));
  });
});
