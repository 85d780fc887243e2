import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Device } from "../../../lib/core/device/device";
import { softSignalRAndSetter, softSignalRw } from "../../../lib/core/signal/softSignal";
import { applySettings, getSettings, loadSettings, saveSettings } from "../../../lib/core/standard/deviceSettings";
import { SimMotor } from "../../../lib/sim/devices/simMotor";

class Source extends Device {
  readonly power = softSignalRw(1.5);
  readonly mode = softSignalRw("cw", { choices: ["cw", "pulsed"] });
  readonly curve = softSignalRw(new Float64Array([1, 2]));
  readonly state = softSignalRAndSetter("on")[0];
}

describe("settings", () => {
  let dir = "";

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "settings-"));
  });

  after(() => rm(dir, { recursive: true }));

  it("are written to a YAML file and read back, and only differences are set", async () => {
    const source = new Source("source");
    const file = join(dir, "source.yaml");
    await saveSettings(file, await getSettings(source));
    expect(await readFile(file, "utf8")).to.equal("power: 1.5\nmode: cw\ncurve: [ 1, 2 ]\n");
    await source.power.set(7);
    await source.curve.set(new Float64Array([9]));
    const changed = await applySettings(source, await loadSettings(file));
    expect(changed).to.deep.equal(["power", "curve"]);
    expect(await source.curve.getValue()).to.deep.equal(new Float64Array([1, 2]));
  });

  it("find whole numbers of 64 bits unchanged after a file, and keep their type", async () => {
    class Counters extends Device {
      readonly total = softSignalRw(3n);
      readonly each = softSignalRw(BigInt64Array.of(1n, 2n));
    }
    const counters = new Counters("counters");
    const file = join(dir, "wide.yaml");
    await saveSettings(file, await getSettings(counters));
    expect(await applySettings(counters, await loadSettings(file))).to.deep.equal([]);
    await counters.total.set(4n);
    await counters.each.set(BigInt64Array.of(5n));
    expect(await applySettings(counters, await loadSettings(file))).to.deep.equal(["total", "each"]);
    expect([await counters.total.getValue(), await counters.each.getValue()]).to.deep.equal([
      3n,
      BigInt64Array.of(1n, 2n),
    ]);
  });

  it("set nothing if one is unknown, and leave signals with null alone", async () => {
    const source = new Source("source");
    const bad = applySettings(
      source,
      new Map<string, unknown>([
        ["power", 9],
        ["powr", 1],
      ]),
    );
    expect(await bad.catch((e: Error) => e.message)).to.equal("source has no settable powr: nothing was set");
    expect(await applySettings(source, new Map([["power", null]]))).to.deep.equal([]);
    expect(await source.power.getValue()).to.equal(1.5);
  });

  it("leave out signals that would move something, if asked to", async () => {
    const motor = new SimMotor("m");
    expect([...(await getSettings(motor)).keys()]).to.deep.equal(["setpoint", "velocity", "acceleration"]);
    expect([...(await getSettings(motor, { onlyConfig: true })).keys()]).to.deep.equal(["velocity", "acceleration"]);
  });

  it("name the signal that refused its value", async () => {
    const error = await applySettings(new Source("s"), new Map([["mode", "fast"]])).catch((e: Error) => e.message);
    expect(error).to.equal("cannot restore mode: cannot set s-mode to fast: use cw, pulsed");
  });
});
