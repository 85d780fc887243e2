/** Stubs about devices that measure nothing: positions, settings, connections; and the helpers for tests. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { bps, count, type DocumentName, SimDetector, SimMotor, StandardReadable, softSignalRw } from "../../lib/index";
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
      "det can't be told where it is: it has no setCurrentPosition()",
    );
    const motor = new SimMotor("motor", { velocity: 1 });
    const plan = function* () {
      yield* bps.absSet(motor, 5);
      yield* bps.setCurrentPosition(motor);
    };
    expect((await failure(RE(plan()))).message).to.contain("motor moves: its position can be set when it stands still");
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
