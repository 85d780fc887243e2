import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { initDevices, StandardReadable, softSignalRw } from "../../lib/core";
import type { Plan } from "../../lib/core/protocols/msg";
import { $display } from "../../lib/display/mimeBundle";
import { fit as fitTo, plot, type RunPlot } from "../../lib/live";
import { createRunEngine } from "../../lib/notebook";
import { closeRun, mv, openRun, scan, triggerAndRead } from "../../lib/plans";
import { SimDetector } from "../../lib/sim/devices/simDetector";
import { SimMotor } from "../../lib/sim/devices/simMotor";
import { openRuns } from "../../lib/store";
import { failure } from "../support/failure";
import { RecordingHost } from "../support/recordingHost";
import { documentsOf, testRun } from "../support/runDocuments";

interface Spec {
  readonly layer: readonly {
    readonly data: { readonly values: readonly { readonly x: number; readonly y: number; readonly line: string }[] };
    readonly mark: { readonly order?: boolean };
    readonly encoding: Record<
      string,
      { readonly title?: string; readonly scale?: { readonly type?: string; readonly domain?: unknown } }
    >;
  }[];
}

/** A device whose data keys are not its name, as those of a node. */
class Magnet extends StandardReadable {
  readonly field = softSignalRw(0, { units: "T" });
  readonly target = softSignalRw(0, { units: "T" });

  constructor() {
    super();
    this.addReadables([this.field, this.target], "hinted");
  }

  async set(tesla: number): Promise<void> {
    await Promise.all([this.field.set(tesla), this.target.set(tesla)]);
  }
}

describe("plots, peaks and fits of runs", () => {
  const motor = new SimMotor("motor");
  const det = new SimDetector("det", { motor, center: 3 });
  let dir: string;
  let host: RecordingHost;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "runs-"));
    host = new RecordingHost(true);
  });

  afterEach(() => {
    host.release();
    rmSync(dir, { recursive: true, force: true });
  });

  it("shows a run of memory and the same run of a file alike, and knows its peaks", async () => {
    const RE = createRunEngine({ dir, live: false });
    const run = await RE(scan([det], motor, 0, 6, 25));
    expect(run.peaks.cen.det).to.be.closeTo(3, 1e-6);
    expect(run.peaks.max.det).to.deep.equal([3, run.table().numbers("det")[12]]);
    const spec = (await plot(run).spec()) as unknown as Spec;
    expect(spec.layer[0]?.data.values.map(({ x }) => x)).to.deep.equal(Array.from(run.table().numbers("motor")));
    expect(await plot(openRuns(dir).latest()).spec()).to.deep.equal(spec);
    const shown = plot(run);
    expect(await shown.spec(), "the same each time").to.deep.equal(await shown.spec());
    const bundle = await run.plot()[$display]();
    expect(bundle["application/vnd.vegalite.v5+json"]).to.deep.equal(spec);
    expect(bundle["text/plain"]).to.match(/^scan #\d+ · det \(counts\) against motor \(mm\), 25 points · com 3 mm/);
    expect(String(bundle["image/png"]).length).to.be.greaterThan(1000);
  }).timeout(20_000);

  it("joins the points of a loop in the order of measurement, over the motor that the run names", async () => {
    const { magnet } = await initDevices({ magnet: new Magnet() });
    const fields = [0, 2, 0, -2, 0, 2];
    function* loop(): Plan<void> {
      yield* openRun({ plan_name: "loop", motors: [magnet.name] });
      for (const tesla of fields) {
        yield* mv(magnet, tesla);
        yield* triggerAndRead([magnet, det]);
      }
      yield* closeRun();
    }
    const run = await createRunEngine({ dir, live: false })(loop());
    const spec = (await plot(run).spec()) as unknown as Spec;
    expect(spec.layer[0]?.mark.order, "Vega-Lite sorts the points by x otherwise").to.equal(false);
    expect(spec.layer[0]?.data.values.map(({ x }) => x)).to.deep.equal(fields);
    expect(spec.layer[0]?.encoding.x?.title).to.equal("magnet-field (T)");
    expect(spec.layer[0]?.encoding.y?.title).to.equal("det (counts)");
    expect(Object.keys((await openRuns(dir).latest().peaks()).com)).to.deep.equal(["det"]);
  });

  it("gives the peaks of a kept run as the result of its plan does, also in noise", async () => {
    const noisy = new SimDetector("noisy", { motor, center: 3, height: 50, noise: "poisson", seed: 7 });
    const run = await createRunEngine({ dir, live: false })(scan([noisy], motor, 0, 6, 61));
    expect(run.peaks.cen.noisy).to.be.within(2.8, 3.2);
    const kept = await openRuns(dir).latest().peaks();
    expect(kept).to.deep.equal(run.peaks);
  });

  it("shows several runs in one plot with an x axis for all, and takes options", async () => {
    const RE = createRunEngine({ dir, live: false, store: false });
    const one = await RE(scan([det], motor, 0, 6, 7));
    const two = await RE(scan([det], motor, 2, 8, 7));
    const spec = (await plot(one, two).spec()) as unknown as Spec;
    expect([...new Set(spec.layer[0]?.data.values.map(({ line }) => line))]).to.deep.equal(["scan 1", "scan 2"]);
    expect(spec.layer[0]?.encoding.x?.scale?.domain).to.deep.equal([0, 8]);
    const log = (await plot(one, { log: true }).spec()) as unknown as Spec;
    expect(log.layer[0]?.encoding.y?.scale?.type).to.equal("log");
  }).timeout(20_000);

  it("keeps runs apart whose numbers are the same, and refuses to compare positions of different units", async () => {
    const temperature = new SimMotor("T", { units: "K" });
    const runOf = async (moved: SimMotor) =>
      createRunEngine({ live: false, store: false, scanIdSource: () => 1 })(scan([det], moved, 0, 6, 7));
    const [one, two, other] = [await runOf(motor), await runOf(motor), await runOf(temperature)];
    const spec = (await plot(one, two).spec()) as unknown as Spec;
    const names = [...new Set(spec.layer[0]?.data.values.map(({ line }) => line))];
    expect(names).to.deep.equal([one, two].map(({ runStartUids }) => `scan 1 (${runStartUids[0]?.slice(0, 8)})`));
    const refused = await plot(one, other)
      .spec()
      .catch((error: unknown) => String(error));
    expect(refused).to.contain("the runs have different x axes, motor (mm) and T (K): plot them alone");
    const along = (await plot(one, other, { x: "time" }).spec()) as unknown as Spec;
    expect(along.layer[0]?.encoding.x?.title).to.equal("time (s)");
  }).timeout(20_000);

  it("fits each of several fields by itself, also if their last values are equal, and says each in a line", async () => {
    const [left, right] = [1.5, 4.5].map((center) => new SimDetector(`at${center * 2}`, { motor, center, sigma: 0.4 }));
    const RE = createRunEngine({ dir, store: false, live: { fit: "gaussian" } });
    const detectors = [left, right].filter((each) => each !== undefined);
    await RE(scan(detectors, motor, -3, 9, 61));
    const spec = host.outputs.map((output) => output["application/vnd.vegalite.v5+json"]).find(Boolean) as Spec & {
      readonly title: { readonly subtitle: readonly string[] };
    };
    expect(spec.title.subtitle).to.have.length(2);
    expect(spec.title.subtitle[0]).to.match(/^at3 · gaussian: center 1\.5 mm · sigma 0\.4 mm/);
    expect(spec.title.subtitle[1]).to.match(/^at9 · gaussian: center 4\.5 mm · sigma 0\.4 mm/);
  }).timeout(20_000);

  it("takes the root of counts as their error in a fit, and not the root of a ratio", async () => {
    const counts = new SimDetector("counts", { motor, center: 3, height: 900, noise: "poisson", seed: 5 });
    const monitor = new SimDetector("monitor", { height: 50_000, noise: "poisson", seed: 7 });
    const run = await createRunEngine({ dir, store: false, live: false })(scan([counts, monitor], motor, 0, 6, 41));
    for (const y of ["counts", "counts / monitor"]) {
      const { result } = await fitTo(run, "gaussian", { y, errors: "sqrt" });
      expect(result?.values.center, y).to.be.closeTo(3, 0.05);
      expect(result?.uncertainties.center, y).to.be.within(0.001, 0.05);
    }
    const spec = (await plot(run, { y: "counts / monitor", errors: "sqrt", fit: "gaussian" }).spec()) as unknown as {
      readonly title: { readonly subtitle: readonly string[] };
    };
    expect(spec.title.subtitle.join(" ")).to.match(/center (2\.9|3\.0)\d* ± 0\.0\d+ mm/);
  }).timeout(20_000);

  it("shows tables, also made ones, against their first column or as was said", async () => {
    const RE = createRunEngine({ dir, live: false, store: false });
    const run = await RE(scan([det], motor, 0, 6, 7));
    const table = run.table();
    const linesOf = async (given: RunPlot) => {
      const spec = (await given.spec()) as unknown as Spec & { readonly title: { readonly text: string } };
      return {
        title: spec.title.text,
        x: spec.layer[0]?.encoding.x as unknown,
        values: spec.layer[0]?.data.values.map(({ x, y }) => [x, y]),
      };
    };
    const y = (await linesOf(plot(table.select("motor", "det")))).values?.map(([, value]) => value);
    expect(y).to.deep.equal(Array.from(table.numbers("det"), (value) => Number(value.toPrecision(7))));
    const half = await linesOf(
      plot(
        table.filter((row) => Number(row.motor) < 3),
        { x: "motor", y: "2 * det" },
      ),
    );
    expect(half.title).to.equal("table of 3 rows");
    expect(half.values?.map(([x]) => x)).to.deep.equal([0, 1, 2]);
    expect(half.values?.[2]?.[1]).to.be.closeTo(2 * (table.numbers("det")[2] as number), 1e-6);
    expect(half.x).to.have.property("title", "motor (mm)");
    expect(() => plot(table, 5 as never)).to.throw("plot: give runs or tables");
    expect(() => plot({} as never)).to.throw("plot: give runs or tables");
  }).timeout(20_000);

  it("draws a fit in the plot of the run, and says why there is none", async () => {
    const RE = createRunEngine({ dir, store: false, live: { fit: "gaussian" } });
    await RE(scan([det], motor, 0, 6, 25));
    const spec = host.outputs.map((output) => output["application/vnd.vegalite.v5+json"]).find(Boolean) as Spec & {
      readonly title: { readonly subtitle: readonly string[] };
    };
    expect([...new Set(spec.layer[0]?.data.values.map(({ line }) => line))]).to.deep.equal(["scan 1", "gaussian"]);
    expect(spec.title.subtitle.join(" · ")).to.match(/^gaussian: amplitude 1 counts · center 3 mm · sigma 1 mm · /);
    const flat = new SimDetector("flat", { height: 5, noise: 1, seed: 3 });
    host.frames.length = 0;
    await RE(scan([flat], motor, 0, 6, 25));
    const said = host.outputs.map((output) => output["text/plain"]).find((text) => text.includes(" · flat"));
    expect(said).to.match(/gaussian: no peak found/);
    expect(() => createRunEngine({ live: { fit: "gauss" as never }, store: false })).to.not.throw();
  }).timeout(30_000);

  it("fits a shape to a run and says what is missing", async () => {
    const RE = createRunEngine({ dir, live: false, store: false });
    const run = await RE(scan([det], motor, 0, 6, 25));
    const { result } = await fitTo(run, "gaussian");
    expect(result?.values.center).to.be.closeTo(3, 1e-6);
    const refused = await fitTo(run, "gaussian", { y: "nothing" }).catch((error: unknown) => String(error));
    const has = [...run.table().columns].join(", ");
    expect(refused).to.contain(`the run has no numbers to fit; name the fields: { y, x }; it has ${has}`);
    const misspelt = await plot(run, { y: "dett" })
      .spec()
      .catch((error: unknown) => String(error));
    expect(misspelt).to.contain(`there is nothing to plot: no number in the runs for y: dett; they have ${has}`);
  }).timeout(20_000);

  it("lists the fields of a run without control characters, and not more than fit on the screen", async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `word\u001b[2J${i}`);
    const run = testRun(Object.fromEntries(names.map((name) => [name, { dtype: "string" as const }])));
    const given = { documents: () => documentsOf(run, []) };
    for (const refused of [fitTo(given, "gaussian"), plot(given, { y: "word" }).spec()]) {
      const { message } = await failure(refused);
      expect(message).to.contain("word\\x1b[2J0, word\\x1b[2J1, ").and.match(/…$/);
      expect(message.length).to.be.below(300);
    }
  });

  it("follows what was said of the engine and of a single run about how runs are shown", async () => {
    const VEGA_LITE = "application/vnd.vegalite.v5+json";
    const RE = createRunEngine({ live: { x: "time", table: false }, store: false });
    const titles = () =>
      host.outputs.flatMap((output) => {
        const spec = output[VEGA_LITE] as { layer: { encoding: { x: { title: string } } }[] } | undefined;
        return spec ? [spec.layer[0]?.encoding.x.title] : [];
      });
    await RE(scan([det], motor, 0, 6, 3));
    expect(titles()).to.deep.equal(["time (s)"]);
    expect(host.outputs.some((output) => String(output["text/html"]).includes("<table"))).to.equal(false);
    host.frames.length = 0;
    await RE(scan([det], motor, 0, 6, 3), { live: { x: "motor", table: true } });
    expect(titles()).to.deep.equal(["motor (mm)"]);
    expect(host.outputs.some((output) => String(output["text/html"]).includes("<table"))).to.equal(true);
    host.frames.length = 0;
    await RE(scan([det], motor, 0, 6, 3), { live: { plots: false, y: 7 } });
    expect(titles()).to.deep.equal([]);
  }).timeout(30_000);
});
