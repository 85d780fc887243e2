/** Derived values that are set together, as pseudo axes of real motors. */

import { expect } from "chai";
import {
  bp,
  bps,
  createRunEngine,
  derivedSignals,
  initDevices,
  type Locatables,
  type Plan,
  type Readings,
  type RunResult,
  type SignalRW,
  SimMotor,
  StandardMovable,
  softSignalRw,
} from "../../../lib/index";
import { failureText } from "../../support/failure";

const RE = createRunEngine({ live: false, store: false });

/** Height and tilt of a mirror on two jacks. */
function mirrorOn<const R extends { left: Locatables[string]; right: Locatables[string] }>(jacks: R) {
  return derivedSignals(
    jacks as unknown as {
      left: SignalRW<number>;
      right: SignalRW<number>;
    },
    {
      toDerived: ({ left, right }) => ({ height: (left + right) / 2, tilt: right - left }),
      toRaw: ({ height, tilt }) => ({ left: height - tilt / 2, right: height + tilt / 2 }),
    },
    { height: { units: "mm" }, tilt: { units: "mm" } },
  );
}

/** A drive that comes to rest a little beside its target. */
class Drive extends StandardMovable {
  readonly position = softSignalRw(0, { units: "mm" });
  readonly demand = softSignalRw(0, { units: "mm" });
  readonly off: number;

  constructor(off = 0) {
    super();
    this.off = off;
    this.addReadables([this.position]);
  }

  protected logic() {
    const move = async (target: number) => void (await this.position.set(target + this.off));
    return {
      readback: this.position,
      setpoint: this.demand,
      move: async (target: number) => {
        await this.demand.set(target);
        await move(target);
      },
    };
  }
}

/** Jacks of every kind that can be located. */
const jacks = {
  "soft signals": () => ({ left: softSignalRw(1), right: softSignalRw(3) }),
  "motors that move at once": () => ({
    left: new SimMotor("left", { initial: 1 }),
    right: new SimMotor("right", { initial: 3 }),
  }),
  "motors that take time": () => ({
    left: new SimMotor("left", { initial: 1, velocity: 500, acceleration: 0 }),
    right: new SimMotor("right", { initial: 3, velocity: 500, acceleration: 0 }),
  }),
};

const column = (run: RunResult, name: string) =>
  run
    .table()
    .rows()
    .map((row) => Number((row[name] as number).toFixed(6)));

describe("derived axes", () => {
  for (const [kind, make] of Object.entries(jacks)) {
    describe(`on ${kind}`, () => {
      it("are set together by a move", async () => {
        const { height, tilt } = await initDevices({ ...mirrorOn(make()) });
        await RE(bps.mv(height, 10, tilt, 2));
        expect([await height.getValue(), await tilt.getValue()]).to.deep.equal([10, 2]);
        await RE(bps.mvr(height, 1, tilt, -4));
        expect([await height.getValue(), await tilt.getValue()]).to.deep.equal([11, -2]);
        expect(await height.locate()).to.deep.equal({ setpoint: 11, readback: 11 });
      });

      it("are scanned together, by every scan of several motors", async () => {
        const { height, tilt } = await initDevices({ ...mirrorOn(make()) });
        const together: readonly (() => Plan<string>)[] = [
          () => bp.scan([], height, 0, 4, tilt, 0, 8, 3),
          () => bp.listScan([], height, [0, 2, 4], tilt, [0, 4, 8]),
          () => bp.relScan([], height, 0, 4, tilt, 0, 8, 3),
        ];
        for (const plan of together) {
          await RE(bps.mv(height, 0, tilt, 0));
          const run = await RE(plan());
          expect(column(run, "height")).to.deep.equal([0, 2, 4]);
          expect(column(run, "tilt")).to.deep.equal([0, 4, 8]);
        }
        const grid = await RE(bp.gridScan([], height, 0, 1, 2, tilt, 0, 4, 3));
        expect(column(grid, "height")).to.deep.equal([0, 0, 0, 1, 1, 1]);
        expect(column(grid, "tilt")).to.deep.equal([0, 2, 4, 0, 2, 4]);
      });

      it("are set together as one device, and one alone keeps the other", async () => {
        const { mirror } = await initDevices({ mirror: mirrorOn(make()) });
        expect(mirror.height.name).to.equal("mirror-height");
        await mirror.set({ height: 10, tilt: 2 });
        await mirror.set({ height: 5 });
        expect(await mirror.locate()).to.deep.equal({
          setpoint: { height: 5, tilt: 2 },
          readback: { height: 5, tilt: 2 },
        });
        await RE(bps.mv(mirror, { tilt: 1 }));
        expect(await mirror.locate()).to.deep.include({ readback: { height: 5, tilt: 1 } });
        expect(Object.keys(await mirror.read())).to.deep.equal(["mirror-height", "mirror-tilt"]);
        expect(await failureText(mirror.set({ roll: 1 } as never))).to.equal('mirror has no "roll", only height, tilt');
      });
    });
  }

  it("join a movement that is under way", async () => {
    const { height, tilt } = await initDevices({ ...mirrorOn(jacks["motors that take time"]()) });
    const first = height.set(60);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(first.done).to.equal(false);
    expect(await tilt.locate()).to.have.property("setpoint", 2);
    await tilt.set(10);
    await first;
    expect([await height.getValue(), await tilt.getValue()]).to.deep.equal([60, 10]);
  });

  it("keep what was demanded of the others, though the drives stop beside their targets", async () => {
    const drives = { left: new Drive(0.003), right: new Drive(-0.003) };
    const { height, tilt } = await initDevices({ ...mirrorOn(drives) });
    const run = await RE(bp.scan([tilt], height, 0, 10, 51));
    expect(column(run, "tilt")).to.deep.equal(Array(51).fill(-0.006));
    expect((await tilt.locate()).setpoint).to.equal(0);
  });

  it("keep what was demanded of the others, though the drives round their targets", async () => {
    const rounded = () => softSignalRw(0, { setter: (value) => Math.round(value) });
    const located = () => {
      const drive = rounded();
      const locate = drive.locate.bind(drive);
      drive.locate = async () => {
        const { readback } = await locate();
        return { setpoint: readback, readback };
      };
      return drive;
    };
    const { height, tilt } = await initDevices({ ...mirrorOn({ left: located(), right: located() }) });
    await tilt.set(1);
    for (let step = 0; step <= 50; step += 1) await height.set(0.3 * step);
    expect((await tilt.locate()).setpoint).to.equal(1);
  });

  it("refuse a target that a drive refuses, before any drive moves", async () => {
    const left = new SimMotor("left", { limits: [-5, 5] });
    const right = new SimMotor("right", { limits: [-100, 100] });
    const { height, tilt } = await initDevices({ ...mirrorOn({ left, right }) });
    expect(await failureText(height.set(9))).to.equal("cannot set left to 9 mm: the limits are -5 mm to 5 mm");
    expect(await failureText(tilt.checkValue(-12))).to.contain("cannot set left to 6 mm");
    expect([left.position, right.position]).to.deep.equal([0, 0]);
    await height.set(2);
    expect([left.position, right.position]).to.deep.equal([2, 2]);
  });

  it("fail when they are stopped, sent elsewhere or too slow, and stop the drives", async () => {
    const slow = { velocity: 1, acceleration: 0 };
    const [left, right] = [new SimMotor("left", slow), new SimMotor("right", slow)];
    const { height, tilt } = await initDevices({ ...mirrorOn({ left, right }) });
    const first = failureText(height.set(50));
    const second = failureText(height.set(60));
    expect(await first).to.equal("height was sent to 60 mm before it reached 50 mm");
    await height.stop();
    expect(await second).to.equal("height was stopped before it reached 60 mm");
    const moving = failureText(height.set(60));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await tilt.stop();
    expect(await moving).to.match(/^left was stopped before it reached 60 mm$/);
    expect(await failureText(height.set(60, { timeout: 0.01 }))).to.equal(
      "gave up waiting for height to reach 60 mm after 0.01 s",
    );
    await height.stop();
    const place = left.position;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(left.position).to.equal(place);
  });

  it("stop their drives when the plan is aborted", async () => {
    const slow = { velocity: 1, acceleration: 0 };
    const [left, right] = [new SimMotor("left", slow), new SimMotor("right", slow)];
    const { height, tilt } = await initDevices({ ...mirrorOn({ left, right }) });
    const run = RE(bps.mv(height, 50, tilt, 2));
    setTimeout(() => RE.abort("enough"), 20);
    expect((await run).exitStatus).to.equal("abort");
    const place = [left.position, right.position];
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([left.position, right.position]).to.deep.equal(place);
    await height.stop();
  });

  it("report their progress, alone and together", async () => {
    const { mirror } = await initDevices({
      mirror: mirrorOn({
        left: new SimMotor("left", { velocity: 100, acceleration: 0 }),
        right: new SimMotor("right", { velocity: 100, acceleration: 0 }),
      }),
    });
    const one = mirror.height.set(4);
    const updates: unknown[] = [];
    one.watch(({ name, initial, target, unit }) => updates.push({ name, initial, target, unit }));
    let last = 0;
    for await (const { fraction = 0 } of one) {
      expect(fraction).to.be.at.least(last);
      last = fraction;
    }
    expect(last).to.be.greaterThan(0.5);
    expect(updates[0]).to.deep.equal({ name: "mirror-height", initial: 0, target: 4, unit: "mm" });
    const both = mirror.set({ height: 0, tilt: 2 });
    const seen: unknown[] = [];
    both.watch(({ current }) => seen.push(current));
    await both;
    expect(seen.length).to.be.greaterThan(1);
    expect(seen[0]).to.deep.equal({ height: 4, tilt: 0 });
  });

  it("follow the drives while they move", async () => {
    const { height } = await initDevices({ ...mirrorOn(jacks["motors that take time"]()) });
    const seen: number[] = [];
    const listen = (readings: Readings<number>) => seen.push(readings.height?.value ?? Number.NaN);
    height.subscribe(listen);
    await height.set(100);
    height.clearSub(listen);
    expect(seen[0]).to.equal(2);
    expect(seen.at(-1)).to.equal(100);
    expect(seen.length).to.be.greaterThan(2);
  });

  it("refuse a transformation whose raw values have no drive, and axes that are not named", async () => {
    const transform = {
      toDerived: ({ jack }: { jack: number }) => ({ h: jack }),
      toRaw: ({ h }: { h: number }) => ({ jakc: h }),
    };
    const { h } = derivedSignals({ jack: softSignalRw(0) }, transform as never, { h: {} } as { h: object });
    expect(await failureText(h.set(1))).to.equal('toRaw gives a value for "jakc", but the raw members are jack');
    expect(() => derivedSignals({ jack: softSignalRw(0) }, transform as never, undefined as never)).to.throw(
      "derivedSignals: argument 3 names the values, with their units",
    );
  });

  it("cannot be named like a member of every device", () => {
    const make = () =>
      derivedSignals(
        { a: softSignalRw(0) },
        { toDerived: ({ a }) => ({ set: a }), toRaw: ({ set }) => ({ a: set }) },
        { set: {} },
      );
    expect(make).to.throw('derivedSignals: every device has a member "set": use another name');
  });
});
