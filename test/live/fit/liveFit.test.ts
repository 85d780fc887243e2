import { expect } from "chai";
import { $display } from "../../../lib/display/bundle";
import { type FitModel, fitModels } from "../../../lib/live/fit/fitModels";
import { LiveFit } from "../../../lib/live/fit/liveFit";
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
