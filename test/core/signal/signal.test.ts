import { expect } from "chai";
import { filter, firstValueFrom, take, toArray } from "rxjs";
import type { Reading, Readings } from "../../../lib/core/protocols/protocols";
import type { SignalR, SignalRW } from "../../../lib/core/signal/signal";
import { softSignalRAndSetter, softSignalRw } from "../../../lib/core/signal/softSignal";

describe("soft signals", () => {
  it("read, describe and set without a promise in between", () => {
    const signal = softSignalRw(1.5, { name: "s", units: "K", precision: 2 });
    const status = signal.set(2);
    expect(status.done).to.equal(true);
    const reading = (signal.read() as Readings).s as Reading;
    expect(reading.value).to.equal(2);
    expect(reading.timestamp).to.be.closeTo(Date.now() / 1000, 60);
    expect(signal.describe()).to.deep.equal({
      s: { source: "soft://s", dtype: "number", dtype_numpy: "<f8", shape: [], units: "K", precision: 2 },
    });
    expect(signal.locate()).to.deep.equal({ setpoint: 2, readback: 2 });
  });

  it("describe each type of value", async () => {
    const keyOf = async (value: unknown) => {
      const { dtype, dtype_numpy, shape } = (await softSignalRw(value, { name: "s" }).describe()).s ?? {};
      return [dtype, dtype_numpy, shape];
    };
    expect(await keyOf(true)).to.deep.equal(["boolean", "|b1", []]);
    expect(await keyOf("x")).to.deep.equal(["string", "|S40", []]);
    expect(await keyOf(new Float64Array(3))).to.deep.equal(["array", "<f8", [3]]);
    expect(await keyOf([["a"], ["b"]])).to.deep.equal(["array", "|S40", [2, 1]]);
    const table = { position: new Float64Array(2), repeats: new Int32Array(2), gate: ["on", "off"] };
    const columns = [
      ["position", "<f8"],
      ["repeats", "<i4"],
      ["gate", "|S40"],
    ];
    expect(await keyOf(table), "columns of equal length").to.deep.equal(["array", columns, [2]]);
    for (const other of [{ ...table, gate: ["on"] }, { ...table, name: "x" }, { inner: [[1]] }, {}, null]) {
      expect(await keyOf(other)).to.deep.equal(["array", undefined, []]);
    }
  });

  it("refuse values outside their limits and choices with a clear message", async () => {
    const angle = softSignalRw(0, { name: "angle", units: "deg", limits: [-10, 10] });
    const mode = softSignalRw("pid", { name: "mode", choices: ["pid", "ramp"] });
    expect(angle.set(11).exception()?.message).to.equal("cannot set angle to 11 deg: the limits are -10 deg to 10 deg");
    // @ts-expect-error not one of the choices
    expect(mode.set("fast").exception()?.message).to.equal("cannot set mode to fast: use pid, ramp");
    expect(
      softSignalRw(0, { limits: [0, 1] })
        .set(2)
        .exception()?.message,
    ).to.equal("cannot set a signal without name to 2: the limits are 0 to 1");
    expect(await angle.getValue()).to.equal(0);
  });

  it("hold what a setter returns and read what a getter gives", async () => {
    let hardware = 3;
    const rounded = softSignalRw(0, { setter: (v) => Math.round(v) });
    const live = softSignalRw(0, {
      getter: async () => hardware,
      setter: async (v) => {
        hardware = 2 * v;
        return hardware;
      },
    });
    await rounded.set(1.7);
    expect(await rounded.getValue()).to.equal(2);
    expect(await live.getValue()).to.equal(3);
    await live.set(4);
    expect(await live.getValue()).to.equal(8);
  });

  it("give a subscriber the error of a getter", async () => {
    let fails = false;
    const signal = softSignalRw(1, {
      pollPeriod: 0.001,
      getter: () => {
        if (fails) throw new Error("unplugged");
        return 2;
      },
    });
    const lost = firstValueFrom(signal.value$.pipe(filter((reading) => reading.alarm_severity === -1)));
    fails = true;
    expect((await lost).message).to.equal("unplugged");
  });

  it("take a setter that is a promise of nothing, and keep the value", async () => {
    const slow = softSignalRw(1, { setter: () => new Promise((later) => setTimeout(later, 5)) });
    await slow.set(2);
    expect(await slow.getValue()).to.equal(2);
  });

  it("fail the status when a setter throws", () => {
    const broken = softSignalRw(0, {
      setter: () => {
        throw new Error("jammed");
      },
    });
    expect(broken.set(1).exception()?.message).to.equal("jammed");
  });

  it("give subscribers the present value and every update, also when the value stays the same", () => {
    const [signal, post] = softSignalRAndSetter(1, { name: "s" });
    const seen: unknown[] = [];
    const listen = (readings: Readings<number>) => seen.push(readings.s?.value);
    signal.subscribe(listen);
    post(2);
    post(2);
    signal.clearSub(listen);
    post(3);
    expect(seen).to.deep.equal([1, 2, 2]);
  });

  it("replay the last value to a later subscriber", () => {
    const [signal, post] = softSignalRAndSetter(1, { name: "s" });
    const seen: unknown[] = [];
    signal.subscribe(() => {});
    post(5);
    signal.subscribe((r) => seen.push(r.s?.value));
    expect(seen).to.deep.equal([5]);
  });

  it("are observables of readings", async () => {
    const [signal, post] = softSignalRAndSetter(0, { name: "s" });
    const three = firstValueFrom(signal.value$.pipe(take(3), toArray()));
    post(1);
    post(2);
    expect((await three).map((r) => r.value)).to.deep.equal([0, 1, 2]);
  });

  it("keep a subscriber's exception from the other subscribers", () => {
    const [signal, post] = softSignalRAndSetter(0, { name: "s" });
    const seen: unknown[] = [];
    const printed = captureErrors(() => {
      signal.subscribe(() => {
        throw new Error("mine");
      });
      signal.subscribe((r) => seen.push(r.s?.value));
      post(1);
    });
    expect(seen).to.deep.equal([0, 1]);
    expect(printed.join()).to.contain("a subscriber of s failed: mine");
    const nameless = captureErrors(() => {
      softSignalRw(0).subscribe(() => {
        throw new Error("mine");
      });
    });
    expect(nameless.join()).to.contain("a subscriber of a signal without a name failed: mine");
  });

  it("have types", () => {
    const number: SignalRW<number> = softSignalRw(0);
    const mode: SignalRW<"a" | "b"> = softSignalRw("a", { choices: ["a", "b"] });
    const anything: SignalR<unknown> = number;
    // @ts-expect-error a number is wanted
    number.set("1").catch(() => {});
    // @ts-expect-error read-only
    expect(softSignalRAndSetter(0)[0].set).to.equal(undefined);
    expect([mode, anything]).to.have.length(2);
  });
});

function captureErrors(fn: () => void): string[] {
  const original = console.error;
  const lines: string[] = [];
  console.error = (...words: unknown[]) => void lines.push(words.join(" "));
  try {
    fn();
  } finally {
    console.error = original;
  }
  return lines;
}

describe("Signal.units", () => {
  it("is the unit of the value, or empty if it has none", () => {
    expect(softSignalRw(1, { units: "T" }).units).to.equal("T");
    expect(softSignalRw(1).units).to.equal("");
  });
});
