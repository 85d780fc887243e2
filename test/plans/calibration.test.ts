/** Stubs about devices that measure nothing: positions, settings, connections; and the helpers for tests. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  bps,
  count,
  type DocumentName,
  derivedSignals,
  initDevices,
  type MovableLogic,
  type SignalRW,
  SimDetector,
  SimMotor,
  StandardMovable,
  StandardReadable,
  scan,
  softSignalRw,
} from "../../lib/index";
import { assertConfiguration, assertEmitted, assertReading, assertValue, oneOfEverything } from "../../lib/testing";
import { failure } from "../support/failure";
import { quietEngine } from "../support/quietEngine";

describe("setCurrentPosition", () => {
  it("calls the present position by another number, moves nothing, and is in the metadata of later runs", async () => {
    const { RE } = quietEngine();
    const motor = new SimMotor("motor", { initial: 3 });
    await RE(bps.setCurrentPosition(motor));
    expect(motor.locate()).to.deep.equal({ setpoint: 0, readback: 0 });
    await assertReading(motor, { motor: 0, "motor-setpoint": 0 });
    const starts: unknown[] = [];
    RE.subscribe((_, { current_positions }) => starts.push(current_positions), "start");
    await RE(count([motor]));
    expect(starts).to.have.length(1);
    expect((starts[0] as { motor: object }).motor).to.deep.include({ before: 3, since: 0 });
    await RE(bps.mv(motor, 1));
    expect(motor.locate().readback).to.equal(1);
  });

  it("is refused by devices that cannot, and while they move", async () => {
    const { RE } = quietEngine();
    expect((await failure(RE(bps.setCurrentPosition(new SimDetector("det") as never)))).message).to.equal(
      "det's present position can't be set: it has no setCurrentPosition()",
    );
    const unknown = softSignalRw(Number.NaN, { name: "unknown" });
    expect((await failure(RE(bps.setCurrentPosition(unknown, 1)))).message).to.equal(
      "unknown is NaN: only a finite number can be replaced by another",
    );
    const limited = softSignalRw(1, { name: "limited", limits: [0, 2] });
    await RE(bps.setCurrentPosition(limited, 10));
    expect((await failure(RE(bps.mv(limited, 13)))).message).to.contain(
      "cannot set limited to 4: the limits are 0 to 2 (13 is 4 without the 9 that setCurrentPosition added)",
    );
    await RE(bps.mv(unknown, 2));
    expect(await unknown.getValue()).to.equal(2);
    const motor = new SimMotor("motor", { velocity: 1 });
    const plan = function* () {
      yield* bps.absSet(motor, 5);
      yield* bps.setCurrentPosition(motor);
    };
    expect((await failure(RE(plan()))).message).to.contain("motor moves: its position can be set when it stands still");
  });
});

/** A stage of two signals, without anything of its own. */
class Stage extends StandardMovable {
  readonly position: SignalRW<number>;

  constructor(name = "", position: SignalRW<number> = softSignalRw(0, { units: "mm", limits: [-10, 10] })) {
    super();
    this.position = position;
    this.addReadables([position]);
    this.setName(name);
  }

  protected logic(): MovableLogic<number> {
    return { readback: this.position, setpoint: this.position };
  }
}

describe("setCurrentPosition of devices without offset", () => {
  it("shifts a StandardMovable with its limits, and sends the hardware where it meant before", async () => {
    const { RE } = quietEngine();
    const sent: number[] = [];
    const hardware = softSignalRw(4, { units: "mm", limits: [-10, 10], setter: (value) => void sent.push(value) });
    const stage = new Stage("stage", hardware);
    await RE(bps.setCurrentPosition(stage));
    expect(await stage.locate()).to.deep.equal({ setpoint: 0, readback: 0 });
    const run = await RE(scan([], stage, 1, 2, 2));
    expect([run.table().column("stage"), sent]).to.deep.equal([
      [1, 2],
      [5, 6],
    ]);
    expect((await stage.position.describe()).stage?.limits?.control).to.deep.equal({ low: -14, high: 6 });
    await RE(bps.setCurrentPosition(stage, 0.1));
    expect((await stage.locate()).readback).to.be.closeTo(0.1, 1e-12);
    expect(sent).to.deep.equal([5, 6]);
    await RE(bps.mv(stage, 0.3));
    expect(sent.at(-1)).to.be.closeTo(6.2, 1e-12);
  });

  it("is followed by subscribers", async () => {
    const stage = new Stage("stage");
    const seen: unknown[] = [];
    stage.subscribe((readings) => seen.push(readings.stage?.value));
    await stage.set(3);
    await stage.setCurrentPosition(100);
    await stage.set(101);
    expect(seen).to.deep.equal([0, 3, 100, 101]);
  });

  it("shifts soft signals, which are motors, too", async () => {
    const { RE } = quietEngine();
    const signal = softSignalRw(2, { name: "signal" });
    await RE(bps.setCurrentPosition(signal, 10));
    const run = await RE(bps.rd(signal) as never);
    expect(run.planResult).to.equal(10);
    await RE(bps.mvr(signal, 1));
    expect(signal.locate()).to.deep.equal({ setpoint: 11, readback: 11 });
  });

  it("tells the raw members of derived axes where they are, and keeps the other axes", async () => {
    const { RE } = quietEngine();
    const { left, right } = await initDevices({
      left: new SimMotor("", { initial: 4 }),
      right: new SimMotor("", { initial: 6 }),
    });
    const mirror = derivedSignals(
      { left, right },
      {
        toDerived: (raw) => ({ height: (raw.left + raw.right) / 2, tilt: raw.right - raw.left }),
        toRaw: ({ height, tilt }) => ({ left: height - tilt / 2, right: height + tilt / 2 }),
      },
      { height: { units: "mm" }, tilt: { units: "mm" } },
    );
    await initDevices({ mirror });
    await RE(bps.setCurrentPosition(mirror.height));
    expect([left.position, right.position]).to.deep.equal([-1, 1]);
    expect(await mirror.locate()).to.deep.equal({
      setpoint: { height: 0, tilt: 2 },
      readback: { height: 0, tilt: 2 },
    });
    await mirror.setCurrentPosition({ height: 10, tilt: 0 });
    expect([left.position, right.position]).to.deep.equal([10, 10]);
    const run = await RE(scan([], mirror.height, 10, 12, 3));
    expect(run.table().column("mirror-height")).to.deep.equal([10, 11, 12]);
    expect([left.position, right.position]).to.deep.equal([12, 12]);
  });

  it("is refused where a device has ways of its own, or moves, and then nothing is changed", async () => {
    const { RE } = quietEngine();
    class Own extends Stage {
      protected override logic(): MovableLogic<number> {
        return { ...super.logic(), move: async () => {} };
      }
    }
    const own = new Own("own");
    const left = new SimMotor("left", { initial: 1 });
    const axes = derivedSignals(
      { left, own },
      {
        toDerived: (raw) => ({ sum: raw.left + raw.own, difference: raw.left - raw.own }),
        toRaw: ({ sum, difference }) => ({ left: (sum + difference) / 2, own: (sum - difference) / 2 }),
      },
      { sum: {}, difference: {} },
    );
    await initDevices({ axes });
    for (const device of [own, axes.sum]) {
      expect((await failure(RE(bps.setCurrentPosition(device, 5)))).message).to.equal(
        "own's present position can't be set: its logic() has no setCurrentPosition",
      );
    }
    expect(left.position).to.equal(1);
    const stage = new Stage("stage");
    void stage.set(1);
    expect((await failure(stage.setCurrentPosition(0))).message).to.equal(
      "stage moves: its position can be set when it stands still",
    );
  });
});

class Inner extends StandardReadable {
  readonly gain = softSignalRw(1);
  readonly position = softSignalRw(0);
}

class Outer extends StandardReadable {
  readonly inner = new Inner();

  constructor(name: string) {
    super(name);
    this.addReadables([this.inner.gain], "config");
  }
}

describe("settings and connections in plans", () => {
  it("are stored, applied and made, also the configuration of grandchildren", async () => {
    const folder = mkdtempSync(join(tmpdir(), "settings-"));
    const file = join(folder, "outer.yaml");
    const { RE } = quietEngine();
    const outer = new Outer("");
    const { planResult } = await RE(function* () {
      yield* bps.ensureConnected({ outer });
      const stored = yield* bps.storeSettings(outer, file, { onlyConfig: true });
      yield* bps.mv(outer.inner.gain, 5);
      const set = yield* bps.applySettings(outer, stored);
      yield* bps.mv(outer.inner.gain, 6);
      return [set, yield* bps.applySettings(outer, file)];
    });
    expect(planResult).to.deep.equal([["inner.gain"], ["inner.gain"]]);
    expect(readFileSync(file, "utf8")).to.equal("inner.gain: 1\n");
    expect([outer.name, await outer.inner.gain.getValue()]).to.deep.equal(["outer", 1]);
    rmSync(folder, { recursive: true });
  });

  it("connect devices one by one, as a list or by name, none of which have the same name", async () => {
    const { RE } = quietEngine();
    const [a, b] = [new SimMotor("a"), new SimMotor("b")];
    await RE(bps.ensureConnected(a));
    await RE(bps.ensureConnected([a, b, a]));
    const twins = bps.ensureConnected([a, new SimMotor("a")]);
    expect((await failure(RE(twins))).message).to.contain('two devices are called "a": rename one of them');
    const unnamed = bps.ensureConnected([new SimMotor()]);
    expect((await failure(RE(unnamed))).message).to.contain(
      "ensureConnected: number 1 is not a device with a name: give it under a key, such as { motor }",
    );
    const missing = bps.ensureConnected({ a, b: undefined as never });
    expect((await failure(RE(missing))).message).to.contain("initDevices: b is not a device but undefined");
    const nothing = bps.ensureConnected(undefined as never);
    expect((await failure(RE(nothing))).message).to.contain("one by one, as a list, or by their names");
    await RE(bps.ensureConnected(a, b));
    await RE(bps.ensureConnected(a, b, { timeout: 1 }));
    const mixed = bps.ensureConnected([a], b as never);
    expect((await failure(RE(mixed))).message).to.contain("one by one, as a list, or by their names");
  });
});

describe("secop-lab/testing", () => {
  it("asserts readings, configuration and documents, and says what differs", async () => {
    const motor = new SimMotor("motor", { initial: 3 });
    await assertReading(motor, { motor: { value: 3 }, "motor-setpoint": 3 });
    await assertConfiguration(motor, { "motor-velocity": 0, "motor-acceleration": 0.5 });
    await assertValue(motor.velocity, 0);
    expect((await failure(assertReading(motor, { motor: 3 }))).message).to.equal(
      "motor reads motor, motor-setpoint, not motor",
    );
    expect((await failure(assertReading(motor, { motor: 4, "motor-setpoint": 3 }))).message).to.contain("4");
    const names: DocumentName[] = [];
    const { RE } = quietEngine();
    RE.subscribe((name) => names.push(name));
    await RE(count([motor], 3));
    assertEmitted(names, { start: 1, descriptor: 1, event: 3, stop: 1 });
    expect(() => assertEmitted(names, { start: 1 })).to.throw("Expected values to be strictly deep-equal");
  });

  it("has a device with one of everything, which runs record", async () => {
    const { RE } = quietEngine();
    const run = await RE(count([oneOfEverything()]));
    expect(run.table().columns).to.have.length(11);
    expect(run.table().row(0)).to.deep.include({ "everything-text": "größer", "everything-choice": "open" });
  });
});
