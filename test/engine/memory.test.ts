/** The memory and the listeners that are left after many runs and many events. */

import { expect } from "chai";
import { Msg, type Plan } from "../../lib/core/protocols/msg";
import { Status } from "../../lib/core/status/status";
import { SuspendCeil } from "../../lib/engine";
import { bpp, count, scan } from "../../lib/plans";
import { quietEngine } from "../support/quietEngine";
import { Sensor, softDevices } from "../support/softDevices";
import { usedMemory } from "../support/usedMemory";
import { whenIn } from "../support/whenIn";

const MB = 2 ** 20;

describe("The memory of a RunEngine", function () {
  this.timeout(180_000);

  it("does not grow in 1,000 runs that end in every way, and neither do its listeners", async () => {
    const RE = quietEngine({ recordInterruptions: true }).RE;
    const d = softDevices();
    const beam = new Sensor("beam");
    beam.post(0);
    const signals = process.listenerCount("SIGINT");
    const move = d.m.set.bind(d.m);
    d.m.set = (value) => {
      move(value);
      return new Status((resolve) => setImmediate(resolve));
    };
    function* holding(): Plan<void> {
      yield* bpp.subsWrapper(
        bpp.suspendWrapper(bpp.monitorDuringWrapper(scan([d.det], d.m, 0, 1, 3), [d.sensor]), new SuspendCeil(beam, 3)),
        () => undefined,
      );
    }
    const ways: ((index: number) => PromiseLike<unknown>)[] = [
      () => RE(holding),
      (index) =>
        interrupted(
          index,
          () => RE.pause(),
          () => RE.resume(),
        ),
      (index) =>
        interrupted(
          index,
          () => RE.pause(),
          () => RE.abort(),
        ),
      (index) =>
        interrupted(
          index,
          () => RE.abort(),
          () => undefined,
        ),
      (index) =>
        interrupted(
          index,
          () => RE.stop(),
          () => undefined,
        ),
      (index) =>
        interrupted(
          index,
          () => RE.halt(),
          () => undefined,
        ),
      (index) =>
        interrupted(
          index,
          () => beam.post(9),
          () => beam.post(0),
        ),
      () =>
        RE(
          bpp.runWrapper(
            (function* (): Plan<void> {
              yield Msg("monitor", d.sensor);
              yield Msg("kickoff", d.flyer);
              throw new Error("oh");
            })(),
          ),
        ).catch(() => undefined),
    ];
    async function interrupted(index: number, act: () => unknown, after: () => unknown): Promise<void> {
      let seen = 0;
      RE.msgHook = () => {
        seen += 1;
        if (seen === 1 + (index % 30)) queueMicrotask(act);
      };
      const handle = RE(holding);
      handle.documents$.subscribe();
      await whenIn(RE, "paused", "suspended", "idle");
      if (RE.state !== "idle") after();
      await handle;
      beam.post(0);
      RE.msgHook = null;
    }
    const runs = async (from: number, to: number) => {
      for (let i = from; i < to; i += 1) await ways[i % ways.length]?.(Math.floor(i / ways.length));
    };
    await runs(0, 240);
    const before = usedMemory();
    await runs(240, 1240);
    expect(usedMemory() - before).to.be.lessThan(4 * MB);
    expect([d.sensor.listeners.size, beam.listeners.size, RE.suspenders.length]).to.deep.equal([0, 0, 0]);
    expect(process.listenerCount("SIGINT")).to.equal(signals);
  });

  it("grows by no more than the table in a run of 1,000,000 events", async () => {
    const RE = quietEngine().RE;
    const { det } = softDevices();
    const bytes = () => usedMemory() + process.memoryUsage().arrayBuffers;
    await RE(count([det], 1000));
    const before = bytes();
    const handle = RE(count([det], 1_000_000));
    await handle;
    expect(handle.table().length).to.equal(1_000_000);
    expect(bytes() - before).to.be.lessThan(50 * MB);
  });
});
