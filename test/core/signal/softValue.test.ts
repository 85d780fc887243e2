import { expect } from "chai";
import { Device } from "../../../lib/core/device/device";
import { initDevices } from "../../../lib/core/device/initDevices";
import type { Readings } from "../../../lib/core/protocols/protocols";
import type { SignalR, SignalRW } from "../../../lib/core/signal/signal";
import { softSignalRAndSetter, softSignalRw } from "../../../lib/core/signal/softSignal";
import { failureText } from "../../support/failure";

/** The error of setting a signal to a value that its type does not allow. */
const refusal = (signal: SignalRW<never>, value: unknown): string | undefined =>
  signal.set(value as never).exception()?.message;

describe("the values of a soft signal", () => {
  it("have one type, as its data key has", async () => {
    const gain = softSignalRw(1, { name: "gain" });
    const on = softSignalRw(true, { name: "on" });
    const frames = softSignalRw(1, { name: "frames", dtype: "integer" });
    const list = softSignalRw([1, 2], { name: "list" });
    expect(refusal(gain as never, "2")).to.equal('cannot set gain to "2": use a number');
    expect(refusal(on as never, 1)).to.equal("cannot set on to 1: use a boolean");
    expect(refusal(frames as never, 1.5)).to.equal("cannot set frames to 1.5: use a whole number");
    expect(refusal(list as never, 3)).to.equal("cannot set list to 3: use a list or an object");
    expect([await gain.getValue(), await on.getValue(), await frames.getValue()]).to.deep.equal([1, true, 1]);
    await gain.set(Number.NaN);
    await softSignalRw<number | null>(null).set(3);
    await softSignalRw<number | null>(3).set(null);
  });

  it("are refused in one line, also those that cannot be written as JSON", () => {
    const list = softSignalRw([1, 2], { name: "list" });
    const word = softSignalRw("a", { name: "word" });
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(refusal(word as never, 5n)).to.equal("cannot set word to 5: use a string");
    expect(refusal(word as never, () => 1)).to.equal("cannot set word to function: use a string");
    expect(refusal(word as never, loop)).to.match(/^cannot set word to \{self: .*\}: use a string$/);
    expect(refusal(list as never, new Map([[1, 2]]))).to.match(/^cannot set list to .*: use a list or an object$/);
    expect(refusal(list as never, "x".repeat(500))?.length).to.be.below(120);
  });

  it("may have several types where a setter takes them", async () => {
    const noise = softSignalRw<number | "poisson">(0, { setter: () => {} });
    await noise.set("poisson");
    expect(await noise.getValue()).to.equal("poisson");
    await noise.connect({ mock: true });
    await noise.set(2);
    expect(await noise.getValue()).to.equal(2);
  });

  it("can be recorded", () => {
    expect(() => softSignalRw(new Map(), { name: "m" })).to.throw("m cannot hold a Map, which cannot be recorded");
    expect(() => softSignalRw(() => 1, { name: "f" })).to.throw("not with a type or a function");
    expect(() => softSignalRw(Promise.resolve(1))).to.throw("a signal cannot hold a Promise");
    expect(() => softSignalRw(new Date(0))).to.throw("a signal cannot hold a Date");
  });

  it("are described with numpy's types, structs and whole numbers of 64 bits included", async () => {
    const keyOf = async (value: unknown) => {
      const { dtype, dtype_numpy, shape } = (await softSignalRw(value, { name: "s" }).describe()).s ?? {};
      return [dtype, dtype_numpy, shape];
    };
    expect(await keyOf(new BigInt64Array(2))).to.deep.equal(["array", "<i8", [2]]);
    expect(await keyOf(new BigUint64Array(2))).to.deep.equal(["array", "<u8", [2]]);
    expect(await keyOf(new Uint8ClampedArray(2))).to.deep.equal(["array", "|u1", [2]]);
    expect(await keyOf(3n)).to.deep.equal(["integer", "<i8", []]);
    const members = [
      ["x", "<f8"],
      ["label", "|S40"],
    ];
    expect(await keyOf({ x: 1, label: "a" })).to.deep.equal(["array", members, []]);
  });
});

describe("soft signals of hardware", () => {
  it("show their subscribers what the getter gives after a set, not what was set", async () => {
    let hardware = 0;
    const double = (v: number) => {
      hardware = 2 * v;
    };
    const asynchronously = { getter: async () => hardware, setter: async (v: number) => double(v) };
    const atOnce = { getter: () => hardware, setter: double };
    for (const access of [asynchronously, atOnce]) {
      hardware = 0;
      const signal = softSignalRw(0, { ...access, pollPeriod: 60, name: "s" });
      const seen: unknown[] = [];
      const listen = (readings: Readings) => void seen.push(readings.s?.value);
      signal.subscribe(listen);
      await signal.set(3);
      signal.clearSub(listen);
      expect(seen).to.deep.equal([0, 6]);
      expect(await signal.locate()).to.deep.equal({ setpoint: 3, readback: 6 });
    }
  });

  it("refuse a period that is not above zero", () => {
    expect(() => softSignalRw(0, { getter: () => 1, pollPeriod: 0 })).to.throw("pollPeriod is 0 s: it must be above 0");
  });

  it("can be mocked although they are polled, and then have no getter", async () => {
    const signal = softSignalRw(5, { getter: () => 1, pollPeriod: 0.01 });
    await signal.connect({ mock: true });
    expect(await signal.getValue()).to.equal(5);
  });
});

describe("a mocked signal that its device sets", () => {
  it("has the value that the device gives it", async () => {
    class Counter extends Device {
      readonly count: SignalR<number>;
      readonly post: (value: number) => void;
      constructor() {
        super();
        [this.count, this.post] = softSignalRAndSetter(0);
      }
    }
    const { counter } = await initDevices({ counter: new Counter() }, { mock: true });
    const seen: unknown[] = [];
    counter.count.subscribe((readings) => seen.push(readings["counter-count"]?.value));
    counter.post(7);
    expect(seen).to.deep.equal([0, 7]);
    expect(await counter.count.getValue()).to.equal(7);
  });

  it("has choices as before", async () => {
    const [state, post] = softSignalRAndSetter("open", { choices: ["open", "shut"], name: "state" });
    await state.connect({ mock: true });
    expect(await failureText(async () => post("ajar" as "open"))).to.equal("state cannot be ajar: use open, shut");
    post("shut");
    expect(await state.getValue()).to.equal("shut");
  });
});
