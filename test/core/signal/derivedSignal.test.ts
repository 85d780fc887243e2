import { expect } from "chai";
import type { Reading } from "../../../lib/core/protocols/protocols";
import { derivedSignalR, derivedSignalRw } from "../../../lib/core/signal/derivedSignal";
import { SignalR } from "../../../lib/core/signal/signal";
import { SoftSignalBackend, softSignalRw } from "../../../lib/core/signal/softSignal";
import { failureText } from "../../support/failure";

describe("derived signals", () => {
  it("compute their value, describe it and follow the raw signals", async () => {
    const [a, b] = [softSignalRw(1, { name: "a" }), softSignalRw(2, { name: "b" })];
    const sum = derivedSignalR({ a, b }, (v) => v.a + v.b, { name: "sum", units: "mm", precision: 1 });
    expect(await sum.getValue()).to.equal(3);
    expect((await sum.describe()).sum).to.deep.include({ source: "derived://a,b", dtype: "number", units: "mm" });
    const seen: number[] = [];
    sum.subscribe((r) => seen.push(r.sum?.value ?? Number.NaN));
    await a.set(5);
    expect(seen).to.deep.equal([3, 7]);
  });

  it("carry the newest time and the worst alarm", async () => {
    const [bad, fine] = [new SoftSignalBackend(1), new SoftSignalBackend(2)];
    bad.post(1, { alarm_severity: 2, message: "overheated" });
    const worst = derivedSignalR({ x: new SignalR(bad), y: new SignalR(fine) }, (v) => v.x + v.y, { name: "d" });
    const reading = (await worst.read()).d as Reading<number>;
    expect([reading.alarm_severity, reading.message]).to.deep.equal([2, "overheated"]);
    expect(reading.timestamp).to.equal(
      bad.getReading() instanceof Promise ? 0 : (bad.getReading() as Reading).timestamp,
    );
  });

  it("give the reason of a missing value to readers and subscribers", async () => {
    const a = softSignalRw("1", { name: "a" });
    const parsed = derivedSignalR({ a }, (v): number => JSON.parse(v.a), { name: "parsed" });
    const seen: (Reading<number> | undefined)[] = [];
    parsed.subscribe((r) => seen.push(r.parsed));
    await a.set("one");
    await a.set("2");
    expect(seen.map((r) => [r?.value, r?.alarm_severity])).to.deep.equal([
      [1, undefined],
      [null, -1],
      [2, undefined],
    ]);
    expect(seen[1]?.message).to.contain("JSON");
    await a.set("one");
    expect(await Promise.resolve(parsed.getValue()).catch((e: Error) => e.message)).to.contain("JSON");
  });

  it("set the raw signals", async () => {
    const a = softSignalRw(0);
    const double = derivedSignalRw(
      { a },
      (v) => 2 * v.a,
      (v) => a.set(v / 2),
    );
    await double.set(6);
    expect(await a.getValue()).to.equal(3);
    expect(await double.locate()).to.deep.equal({ setpoint: 6, readback: 6 });
  });

  it("can be derived from derived signals", async () => {
    const a = softSignalRw(2);
    const square = derivedSignalR({ a }, (v) => v.a ** 2);
    const fourth = derivedSignalR({ square }, (v) => v.square ** 2);
    expect(await fourth.getValue()).to.equal(16);
  });

  it("can be one of some names, as ophyd-async's derived enums", async () => {
    const [x, y] = [softSignalRw(0), softSignalRw(0)];
    const names = ["In position", "Out of position"] as const;
    const position = derivedSignalRw(
      { x, y },
      (v): string => names[Math.abs(v.x) < 1 && Math.abs(v.y) < 2 ? 0 : 1],
      async (name) => {
        const isIn = name === names[0];
        await Promise.all([x.set(isIn ? 0 : 3), y.set(isIn ? 0 : 5)]);
      },
      { name: "stop", choices: names },
    );
    const seen: unknown[] = [];
    position.subscribe(({ stop }) => seen.push(stop?.value));
    await x.set(3);
    await y.set(5);
    await Promise.all([x.set(0), y.set(0)]);
    const [inside, outside] = names;
    expect(seen).to.deep.equal([inside, outside, outside, outside, inside]);
    expect((await position.describe()).stop).to.deep.include({ dtype: "string", choices: names });
    await position.set(outside);
    expect([await x.getValue(), await y.getValue()]).to.deep.equal([3, 5]);
    expect(await failureText(position.set("nowhere"))).to.equal(
      "stop cannot be nowhere: use In position, Out of position",
    );
  });

  it("refuse a function that returns a promise, which would be recorded as an empty object", async () => {
    const late = derivedSignalR({ a: softSignalRw(1) }, ({ a }) => Promise.resolve(a));
    const refusal = await late.getValue().then(String, (error: Error) => error.message);
    expect(refusal).to.contain("returns a promise: it must compute the value at once");
  });

  it("refuse a function that returns nothing, which would be a reading without a value", async () => {
    const shapes: Readonly<Record<string, string>> = { a: "round" };
    const shape = derivedSignalR({ name: softSignalRw("b") }, ({ name }) => shapes[name] as string);
    const refusal = await failureText(async () => shape.getValue());
    expect(refusal).to.equal("the function of a derived signal returns nothing: it must return the value");
  });

  it("refuse what they cannot be computed from", () => {
    expect(() => derivedSignalR({}, () => 1)).to.throw("computed from a signal or motor at least");
    expect(() => derivedSignalR({ a: softSignalRw(1), b: 5 as never }, () => 1)).to.throw(
      "a derived signal is computed from signals and motors, but b is 5",
    );
  });
});
