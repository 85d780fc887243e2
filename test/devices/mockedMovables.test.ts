/** Mocked movables of every control system arrive at once, unless a test plays the hardware. */

import { expect } from "chai";
import type { StatusLike, Stoppable } from "../../lib/core";
import { DrivableDevice } from "../../lib/devices/classes/drivableDevice";
import type { ModuleTable } from "../../lib/devices/classes/makeModule";
import { TypedNode } from "../../lib/devices/node/typedNode";
import {
  bps,
  callbackOnMockPut,
  createRunEngine,
  derivedSignals,
  EpicsMotor,
  initDevices,
  type Movable,
  type Readable,
  type Signal,
  type SignalR,
  type SignalRW,
  SimMotor,
  StandardMovable,
  scan,
  setMockPrecision,
  setMockPutProceeds,
  setMockUnits,
  setMockValue,
  setMockValues,
  softSignalRw,
  TangoMovable,
  type WatcherUpdate,
} from "../../lib/index";
import { failureText } from "../support/failure";
import { DESCRIPTION } from "../support/scriptedNode";

class Slit extends StandardMovable {
  readonly gap = softSignalRw(0, { units: "mm" });
  readonly demand = softSignalRw(0, { units: "mm" });

  constructor() {
    super();
    this.addReadables([this.gap]);
  }

  protected logic() {
    return { readback: this.gap, setpoint: this.demand };
  }
}

interface Mocked {
  readonly device: Movable<number> & Readable & { locate(): unknown };
  readonly setpoint: SignalRW<number>;
  readonly readback: SignalR<number>;
}

class Plant extends TypedNode {
  static override readonly equipmentId = "plant";
  static override readonly table: ModuleTable = [["m", DrivableDevice, JSON.stringify(DESCRIPTION.modules.m)]];
}

const RE = createRunEngine({ live: false, store: false });

const kinds: Record<string, () => Promise<Mocked>> = {
  EpicsMotor: async () => {
    const { m } = await initDevices({ m: new EpicsMotor("A:M") }, { mock: true });
    return { device: m, setpoint: m.userSetpoint, readback: m.userReadback };
  },
  StandardMovable: async () => {
    const { m } = await initDevices({ m: new Slit() }, { mock: true });
    return { device: m, setpoint: m.demand, readback: m.gap };
  },
  SimMotor: async () => {
    const { m } = await initDevices({ m: new SimMotor("m", { velocity: 0.001 }) }, { mock: true });
    return { device: m, setpoint: m.setpoint, readback: m.readback };
  },
  TangoMovable: async () => {
    const { m } = await initDevices({ m: new TangoMovable("a/b/c") }, { mock: true });
    return { device: m, setpoint: m.position, readback: m.position };
  },
  "a Drivable": async () => {
    const plant = new Plant("nowhere:1");
    await plant.connect({ mock: true });
    const m = plant.modules.get("m") as DrivableDevice<number>;
    return { device: m, setpoint: m.target, readback: m.value };
  },
};

describe("mocked movables", () => {
  for (const [kind, make] of Object.entries(kinds)) {
    describe(kind, () => {
      it("arrives at once, in moves and scans", async () => {
        const { device, readback, setpoint } = await make();
        await device.set(2);
        expect(await readback.getValue()).to.equal(2);
        expect(await device.locate()).to.deep.equal({ setpoint: 2, readback: 2 });
        await RE(bps.mvr(device, 1));
        expect(await setpoint.getValue()).to.equal(3);
        const run = await RE(scan([], device, 1, 3, 3));
        expect([...run.table().numbers(readback.name)]).to.deep.equal([1, 2, 3]);
      });

      it("has the readback of a setpoint that is set by itself", async () => {
        const { device, readback, setpoint } = await make();
        await setpoint.set(42);
        expect(await readback.getValue()).to.equal(42);
        await RE(bps.mv(setpoint, 7));
        expect(await device.locate()).to.deep.equal({ setpoint: 7, readback: 7 });
        setMockPutProceeds(setpoint as Signal, false);
        const status = setpoint.set(8);
        if (readback !== setpoint) expect(await readback.getValue()).to.equal(7);
        setMockPutProceeds(setpoint as Signal, true);
        await status;
        expect(await readback.getValue()).to.equal(8);
      });

      it("waits while its puts are held back, as long as the timeout says", async () => {
        const { device, setpoint, readback } = await make();
        setMockPutProceeds(setpoint as Signal, false);
        const status = device.set(2);
        const late = failureText(device.set(2, { timeout: 0.02 }) as unknown as PromiseLike<unknown>);
        await new Promise((resolve) => setTimeout(resolve, 60));
        expect(await late).to.contain("gave up waiting");
        expect((status as StatusLike).exception()?.message).to.match(/m was sent to 2( \w+)? before it reached 2/);
        setMockPutProceeds(setpoint as Signal, true);
        await device.set(3);
        expect(await readback.getValue()).to.equal(3);
      });

      it("can be stopped while its puts are held back", async () => {
        const { device, setpoint } = await make();
        setMockPutProceeds(setpoint as Signal, false);
        const moved = failureText(device.set(2) as unknown as PromiseLike<unknown>);
        await new Promise((resolve) => setTimeout(resolve, 5));
        await (device as unknown as Stoppable).stop();
        setMockPutProceeds(setpoint as Signal, true);
        expect(await moved).to.match(/stopped|sent elsewhere/);
      });

      it("stops where a callback says, and its readback may be played", async () => {
        const { device, setpoint, readback } = await make();
        const remove = callbackOnMockPut(setpoint, (value) => value + 0.5);
        const failure = device.set(2) as unknown as PromiseLike<unknown>;
        await Promise.resolve(failure).catch(() => {});
        expect(await readback.getValue()).to.equal(2.5);
        remove();
        const played = [...setMockValues(readback, [7, 8, 9])];
        expect([played, await readback.getValue()]).to.deep.equal([[7, 8, 9], 9]);
        setMockUnits(readback, "um");
        setMockPrecision(readback, 1);
        const key = (await readback.describe())[readback.name];
        expect(key).to.include({ units: "um", precision: 1 });
        expect(readback.units).to.equal("um");
      });
    });
  }

  it("report the unit and the digits of their readback on the way: a motor record and a derived axis", async () => {
    const { m } = await initDevices({ m: new EpicsMotor("A:M") }, { mock: true });
    const { half } = derivedSignals(
      { m },
      { toDerived: (raw) => ({ half: raw.m / 2 }), toRaw: ({ half }) => ({ m: 2 * half }) },
      { half: { units: "mm", precision: 2 } },
    );
    half.setName("half");
    setMockUnits(m.userReadback, "mm");
    setMockPrecision(m.userReadback, 3);
    const updates: WatcherUpdate<unknown>[] = [];
    const moves = [m.set(2), half.set(3)];
    for (const move of moves) move.watch((update) => updates.push(update));
    await Promise.allSettled(moves);
    expect(updates.some(({ name, unit, precision }) => name === "m" && unit === "mm" && precision === 3)).to.equal(
      true,
    );
    expect(updates.some(({ name, unit, precision }) => name === "half" && unit === "mm" && precision === 2)).to.equal(
      true,
    );
  });

  it("has a velocity that moves it: a motor record", async () => {
    const { m } = await initDevices({ m: new EpicsMotor("A:M") }, { mock: true });
    expect(await m.velocity.getValue()).to.equal(1000);
    setMockValue(m.velocity, 0);
    expect(await failureText(m.set(3.14))).to.equal(
      "cannot set m to 3.14: its velocity (VELO) is 0: set it above 0 first",
    );
  });

  it("flies: a simulated motor and a motor record", async () => {
    const motors = await initDevices({ soft: new SimMotor(), record: new EpicsMotor("A:M") }, { mock: true });
    for (const motor of Object.values(motors)) {
      expect(await failureText(motor.complete())).to.equal(`${motor.name} is not flying: use kickoff first`);
      await motor.prepare({ start: 0, end: 10, time: 1 });
      await motor.kickoff();
      await motor.complete();
      expect((await motor.locate()).readback).to.be.at.least(10);
    }
  });

  it("fail as the hardware would: a motor record whose readback stays behind", async () => {
    const { m } = await initDevices({ m: new EpicsMotor("A:M") }, { mock: true });
    callbackOnMockPut(m.userSetpoint, () => setMockValue(m.userReadback, 2));
    expect(await failureText(m.set(4))).to.equal("m stopped before it reached 4: it is at 2");
    setMockValue(m.retryDeadband, 2);
    await m.set(4);
  });
});
