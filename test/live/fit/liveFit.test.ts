import { expect } from "chai";
import { $display } from "../../../lib/display/mimeBundle";
import { type FitModel, fitFunction } from "../../../lib/live/fit/fitModel";
import { fitModels } from "../../../lib/live/fit/fitModels";
import { LiveFit } from "../../../lib/live/fit/liveFit";
import { runPython } from "../../peers/peers";
import { RecordingHost } from "../../support/recordingHost";
import { play, testRun } from "../../support/runDocuments";

const keys = { motor: { units: "K" }, det: { units: "counts" } };

describe("LiveFit", () => {
  let host: RecordingHost;

  beforeEach(() => {
    host = new RecordingHost(true);
  });

  afterEach(() => host.release());

  const rowsOf = (model: FitModel, values: readonly number[], low = 0, high = 20) => {
    const shape = model.shape(values);
    return Array.from({ length: 41 }, (_, i) => {
      const motor = low + ((high - low) * i) / 40;
      return { motor, det: shape(motor) };
    });
  };

  const cases: [FitModel, number[], number, number][] = [
    [fitModels.gaussian, [9, 12.4, 1.5, 1], 0, 20],
    [fitModels.gaussian, [-9e-9, -3e-6, 4e-7, 2e-8], -5e-6, -1e-6],
    [fitModels.gaussian, [5e7, 1200, 30, 1e6], 1000, 1400],
    [fitModels.lorentzian, [100, 7, 0.8, 10], 0, 20],
    [fitModels.edge, [8, 9, 0.7, 2], 0, 20],
    [fitModels.edge, [-8, 9, 0.7, 10], 0, 20],
    [fitModels.straightLine, [-3, 7], 0, 20],
    [fitModels.voigt, [100, 7, 0.8, 0.5, 10], 0, 20],
    [fitModels.erfStep, [8, 9, 0.7, 2], 0, 20],
    [fitModels.erfStep, [-800, -9e-6, 7e-7, 2000], -2e-5, 0],
    [fitModels.polynomial(3), [1, -2, 0.5, 0.25], -5, 5],
    [fitFunction((p, x) => p.a * Math.exp(-x / p.tau), { a: 1, tau: 10 }), [7, 3], 0, 20],
  ];
  for (const [model, values, low, high] of cases) {
    it(`finds a ${model.name} of ${values.join(", ")}`, async () => {
      const fit = new LiveFit(model, "det", "motor");
      await play(fit, testRun(keys), rowsOf(model, values, low, high));
      const size = Math.max(...values.map(Math.abs));
      for (const [i, name] of model.parameters.entries()) {
        const expected = values[i] as number;
        expect(fit.result?.values[name], name).to.be.closeTo(expected, Math.abs(expected) * 1e-3 + size * 1e-12);
      }
      expect(host.outputs[0]?.["text/plain"]).to.contain(`det: ${model.name} through 41 points · `);
    }).timeout(20_000);
  }

  it("says 0 for a parameter that is negligible beside the data", async () => {
    const fit = new LiveFit(fitModels.gaussian, "det", "motor");
    await play(fit, testRun(keys), rowsOf(fitModels.gaussian, [9, 0, 1.5, 1], -5, 5));
    expect(host.outputs[0]?.["text/plain"]).to.match(/ center 0 K/);
  }).timeout(20_000);

  it("has no result if there are too few points, or none that are numbers", async () => {
    const fit = new LiveFit(fitModels.gaussian, "det", "motor");
    await play(fit, testRun(keys), [{ motor: 1, det: 1 }]);
    expect(fit.result).to.equal(undefined);
    await play(
      fit,
      testRun(keys),
      Array.from({ length: 10 }, (_, motor) => ({ motor, det: Number.NaN })),
    );
    expect(fit.result).to.equal(undefined);
    await play(fit, testRun({ ...keys, det: { dtype: "string" } }), [{ motor: 1, det: "x" }]);
    expect(fit.result).to.equal(undefined);
  }).timeout(20_000);

  it("knows the fit to all points so far in the middle of a run, without a frame being drawn", () => {
    const view = new LiveFit(fitModels.gaussian, "det", "motor");
    const run = testRun(keys);
    view("start", run.start);
    view("descriptor", run.descriptor);
    expect(view.problem).to.equal(undefined);
    for (const [i, row] of rowsOf(fitModels.gaussian, [9, 12.4, 1.5, 1]).entries()) {
      view("event", run.event(i + 1, row));
      if (i === 2) expect(view.problem).to.equal("too few points: 3 for the 4 parameters of a gaussian");
    }
    expect(view.result?.count).to.equal(41);
    expect(view.result?.values.center).to.be.closeTo(12.4, 1e-6);
    expect(view.result?.derived.fwhm).to.be.closeTo(1.5 * 2.35482, 1e-4);
  });

  it("agrees with scipy about values, uncertainties and chi-square, with and without errors of the points", async () => {
    const rows = noisyRows(3);
    const theirs = JSON.parse(await runPython("test/live/fit/curve_fit.py", [], { input: JSON.stringify(rows) }));
    for (const [name, errors] of [
      ["scatter", undefined],
      ["sqrt", "sqrt"],
    ] as const) {
      const fit = new LiveFit(fitModels.gaussian, "det", "motor", errors ? { errors } : {});
      await play(fit, testRun(keys), rows);
      for (const [i, parameter] of fitModels.gaussian.parameters.entries()) {
        const value = fit.result?.values[parameter] as number;
        expect(value, parameter).to.be.closeTo(theirs[name].values[i], 1e-4 * Math.abs(value));
        const uncertainty = fit.result?.uncertainties[parameter] as number;
        expect(uncertainty, parameter).to.be.closeTo(theirs[name].uncertainties[i], 1e-2 * uncertainty);
      }
      expect(fit.result?.reducedChiSquare).to.be.closeTo(theirs[name].chi, 1e-3 * theirs[name].chi);
    }
  }).timeout(60_000);

  it("finds no peak in noise and says why, in its problem and in the words of the plot", async () => {
    let found = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const view = new LiveFit(fitModels.gaussian, "det", "motor");
      const run = testRun(keys);
      view("start", run.start);
      view("descriptor", run.descriptor);
      for (const [i, { motor, det }] of noisyRows(seed, 0).entries()) view("event", run.event(i + 1, { motor, det }));
      if (view.result) found += 1;
      else expect(view.problem).to.match(/^no peak found: |^the data do not determine/);
    }
    expect(found).to.be.at.most(3);
    const fit = new LiveFit(fitModels.gaussian, "det", "motor");
    await play(fit, testRun(keys), noisyRows(3, 0));
    expect(host.text).to.match(/through 41 points · no peak found: /);
    expect(fit[$display]()["text/plain"]).to.contain("no peak found: ");
  }).timeout(60_000);

  it("keeps to bounds, and fits a function of several variables", async () => {
    const bounded = new LiveFit(fitModels.gaussian, "det", "motor", { bounds: { center: [0, 12] } });
    await play(bounded, testRun(keys), rowsOf(fitModels.gaussian, [9, 12.4, 1.5, 1]));
    expect(bounded.result?.values.center).to.equal(12);
    const plane = fitFunction((p, x, y) => p.a * x + p.b * (y as number) + p.c, { a: 0, b: 0, c: 0 });
    const fit = new LiveFit(plane, "det", ["motor", "other"]);
    const rows = Array.from({ length: 20 }, (_, i) => ({ motor: i, other: i ** 2, det: 2 * i - 3 * i ** 2 + 5 }));
    await play(fit, testRun({ ...keys, other: {} }), rows);
    for (const [name, value] of [
      ["a", 2],
      ["b", -3],
      ["c", 5],
    ] as const)
      expect(fit.result?.values[name]).to.be.closeTo(value, 1e-6);
  }).timeout(20_000);

  /** A peak of 100 counts with noise of 5 counts; `height` 0 for noise alone. */
  const noisyRows = (seed: number, height = 100) => {
    let state = seed * 7919;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    return rowsOf(fitModels.gaussian, [height, 12.4, 1.5, 50]).map(({ motor, det }) => ({
      motor,
      det: det + 5 * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()),
    }));
  };

  it("starts from the initial values that are given", async () => {
    const fit = new LiveFit(fitModels.gaussian, "det", "motor", { initial: { center: 15, sigma: 1 } });
    const two = rowsOf(fitModels.gaussian, [10, 5, 1, 0]).map(({ motor, det }) => ({
      motor,
      det: det + 6 * Math.exp(-((motor - 15) ** 2) / 2),
    }));
    await play(fit, testRun(keys), two);
    expect(fit.result?.values.center).to.be.closeTo(15, 0.5);
    const guessed = new LiveFit(fitModels.gaussian, "det", "motor");
    await play(guessed, testRun(keys), two);
    expect(guessed.result?.values.center).to.be.closeTo(5, 0.5);
  }).timeout(20_000);

  it("shows itself as the fitted values with their units", async () => {
    const fit = new LiveFit(fitModels.gaussian, "det", "motor");
    expect(fit[$display]()["text/plain"]).to.equal("LiveFit: takes the documents of runs, RE.subscribe(...)");
    await play(fit, testRun(keys), rowsOf(fitModels.gaussian, [9, 12.4, 1.5, 1]));
    const text = String(fit[$display]()["text/plain"]);
    expect(text).to.match(/^gaussian fitted to det over motor · 41 points\n/);
    expect(text).to.contain("center      12.4 K");
  }).timeout(20_000);
});
