import { expect } from "chai";
import { Device } from "../../../lib/core/device/device";
import type { Reading, SyncOrAsync } from "../../../lib/core/protocols/protocols";
import { SignalR } from "../../../lib/core/signal/signal";
import type { ReadOptions } from "../../../lib/core/signal/signalBackend";
import { SoftSignalBackend, softSignalRw } from "../../../lib/core/signal/softSignal";
import { StandardReadable } from "../../../lib/core/standard/standardReadable";
import { walkConfigSignals } from "../../../lib/core/standard/walk";

/** A signal backend that records how it was read. */
class Probe extends SoftSignalBackend<number> {
  readonly asked: (boolean | undefined)[] = [];
  failure: Error | null = null;

  constructor() {
    super(7);
  }

  override getReading(options?: ReadOptions): SyncOrAsync<Reading<number>> {
    this.asked.push(options?.cached);
    if (this.failure) return Promise.reject(this.failure);
    return super.getReading();
  }
}

class Detector extends StandardReadable {
  readonly probe = new Probe();
  readonly value = new SignalR(this.probe);
  readonly gain = softSignalRw(1);
  readonly offset = softSignalRw(0);

  constructor(name: string) {
    super(name);
    this.addReadables([this.value]);
    this.addReadables([this.gain], "config");
    this.setName(name);
  }
}

describe("StandardReadable", () => {
  it("bundles hinted signals, configuration and child devices", async () => {
    class Pair extends StandardReadable {
      readonly left = new Detector("");
      readonly right = new Detector("");

      constructor(name: string) {
        super(name);
        this.addReadables([this.left, this.right]);
        this.setName(name);
      }
    }
    const pair = new Pair("pair");
    expect(Object.keys(await pair.read())).to.deep.equal(["pair-left-value", "pair-right-value"]);
    expect(Object.keys(await pair.describe())).to.deep.equal(["pair-left-value", "pair-right-value"]);
    expect(Object.keys(await pair.readConfiguration())).to.deep.equal(["pair-left-gain", "pair-right-gain"]);
    expect(pair.hints).to.deep.equal({ fields: ["pair-left-value", "pair-right-value"] });
  });

  it("names its children without being asked, except devices in private fields", async () => {
    class Beam extends StandardReadable {
      readonly width = softSignalRw(3);
      readonly #detector: Detector;

      constructor(name: string, detector: Detector) {
        super(name);
        this.#detector = detector;
        this.addReadables([this.width]);
      }

      get gain() {
        return this.#detector.gain;
      }
    }
    const detector = new Detector("d");
    const beam = new Beam("beam", detector);
    expect(Object.keys(await beam.read())).to.deep.equal(["beam-width"]);
    expect(beam.hints).to.deep.equal({ fields: ["beam-width"] });
    expect([beam.gain.name, detector.parent]).to.deep.equal(["d-gain", null]);
  });

  it("gives the signals that it records as configuration", () => {
    const detector = new Detector("d");
    expect([...walkConfigSignals(detector).keys()]).to.deep.equal(["gain"]);
    detector.setFormat(detector.offset, "config");
    detector.setFormat(detector.gain, "hinted");
    expect([...walkConfigSignals(detector).keys()]).to.deep.equal(["offset"]);
  });

  it("reads without a promise if its signals do", () => {
    expect(new Detector("d").read()).to.not.be.instanceOf(Promise);
  });

  it("changes formats at run time and restores them", async () => {
    const det = new Detector("d");
    det.setFormat(det.gain, "hinted");
    det.setFormat(det.offset, "uncached");
    det.setFormat(det.value, "omit");
    expect(Object.keys(await det.read())).to.deep.equal(["d-gain", "d-offset"]);
    expect(det.hints.fields).to.deep.equal(["d-gain"]);
    expect(await det.readConfiguration()).to.deep.equal({});
    det.restoreFormats();
    expect(Object.keys(await det.read())).to.deep.equal(["d-value"]);
    expect(det.formatOf(det.offset)).to.equal("omit");
  });

  it("refuses a format that does not fit the child", () => {
    const det = new Detector("d");
    expect(() => det.setFormat(det.value, "child")).to.throw('d-value cannot have the format "child": use hinted');
    expect(() => det.addReadables([new Device("x")], "hinted")).to.throw('x cannot have the format "hinted"');
  });

  it("uses pushed values while staged, except for uncached signals", async () => {
    const det = new Detector("d");
    await det.read();
    void det.stage();
    await det.read();
    det.setFormat(det.value, "uncached");
    await det.read();
    det.setFormat(det.value, "hinted");
    void det.unstage();
    await det.read();
    expect(det.probe.asked).to.deep.equal([undefined, true, false, undefined]);
  });

  it("fails as a whole or records NaN with the reason, as its policy says", async () => {
    const det = new Detector("d");
    det.probe.failure = new Error("the sensor is broken");
    const failed = await Promise.resolve(det.read()).then(
      () => "",
      (e: Error) => e.message,
    );
    expect(failed).to.equal("the sensor is broken");
    det.readErrorPolicy = "nan";
    const reading = (await det.read())["d-value"];
    expect(reading?.value).to.be.NaN;
    expect([reading?.alarm_severity, reading?.message]).to.deep.equal([-1, "the sensor is broken"]);
  });
});
