import { expect } from "chai";
import type { Reading } from "../../../lib/core/protocols/protocols";
import { derivedSignalR, derivedSignalRw } from "../../../lib/core/signal/derivedSignal";
import { SignalR } from "../../../lib/core/signal/signal";
import { SoftSignalBackend, softSignalRw } from "../../../lib/core/signal/softSignal";

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
});
