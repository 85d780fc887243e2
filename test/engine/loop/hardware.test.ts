import { expect } from "chai";
import { Msg, type Plan } from "../../../lib/core/protocols/msg";
import type { SignalRW } from "../../../lib/core/signal/signal";
import { softSignalRw } from "../../../lib/core/signal/softSignal";
import { Status } from "../../../lib/core/status/status";
import { errorText } from "../../../lib/errors";
import { bpp, bps, relScan } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { HeldDevice } from "../../support/heldDevice";
import { quietEngine } from "../../support/quietEngine";
import { softDevices } from "../../support/softDevices";

/** Starts moving all devices without waiting, then runs the plan `next`. */
function* sends(devices: readonly HeldDevice[], next: () => Plan): Plan<void> {
  for (const device of devices) yield* bps.absSet(device, 5);
  yield* next();
}

function* fails(): Plan<void> {
  yield Msg("null");
  throw new Error("oh");
}

describe("Devices at the end of a plan", () => {
  const devices = () =>
    [new HeldDevice("usual"), new HeldDevice("always", true), new HeldDevice("never", false)] as const;
  const stopped = (list: readonly HeldDevice[]) => list.filter((device) => device.stops.length > 0).map((d) => d.name);

  for (const [verb, exitStatus] of [
    ["abort", "abort"],
    ["stop", "success"],
  ] as const)
    it(`move back after ${verb} in the middle of a move, and the run does not fail`, async () => {
      const { RE, notices } = quietEngine();
      const motor = new SimMotor("motor", { velocity: 0.01, acceleration: 0 });
      const waits = RE.waiting$.subscribe((statuses) => {
        if (!statuses) return;
        waits.unsubscribe();
        void RE[verb]();
      });
      const run = await RE(relScan([], motor, -100, 100, 3));
      expect(run.exitStatus).to.equal(exitStatus);
      expect(notices).to.deep.equal([]);
      expect(motor.position).to.equal(0);
    });

  it("are staged and unstaged once by lazilyStageWrapper, also if their stage() names their parts only", async () => {
    const { RE } = quietEngine();
    const detector = new SimDetector("detector");
    expect(detector.stage()).to.deep.equal([detector.value]);
    const commands: string[] = [];
    RE.msgHook = ({ command, obj }) => {
      if (command.endsWith("stage")) commands.push(`${command} ${obj === detector}`);
    };
    await RE(bpp.lazilyStageWrapper(bpp.runWrapper(bps.triggerAndRead([detector]))));
    expect(commands).to.deep.equal(["stage true", "unstage true"]);
  });

  it("go on after a success, unless their policy is to be always stopped", async () => {
    const { RE } = quietEngine();
    const list = devices();
    await RE(sends(list, bps.null_));
    expect(stopped(list)).to.deep.equal(["always"]);
    expect(list[0].moving).to.equal(true);
    expect(list[0].signal?.aborted).to.equal(false);
  });

  it("are stopped after a failure, unless their policy is to be never stopped", async () => {
    const { RE } = quietEngine();
    const list = devices();
    await RE(sends(list, fails)).catch(() => undefined);
    expect(stopped(list)).to.deep.equal(["usual", "always"]);
    expect(list[0].stops).to.deep.equal([false]);
    expect(list[0].signal?.aborted).to.equal(true);
  });

  for (const verb of ["abort", "stop", "halt"] as const) {
    it(`are stopped after ${verb}`, async () => {
      const { RE } = quietEngine();
      const list = devices();
      const started = list[2].started();
      const handle = RE(sends(list, () => bps.sleep(60)));
      await started;
      await RE[verb]();
      await handle;
      expect(stopped(list)).to.deep.equal(["usual", "always"]);
    });
  }

  it("are stopped even if nothing waits for them any more", async () => {
    const { RE } = quietEngine();
    const device = new HeldDevice("motor");
    const set = device.set.bind(device);
    device.set = (target, options) =>
      Status.from<void>(
        new Promise((resolve, reject) => {
          set(target, options).then(resolve, reject);
          options?.signal?.addEventListener("abort", () => reject(new Error("given up")));
        }),
        "motor",
      );
    const started = device.started();
    const handle = RE(bps.mv(device, 3));
    await started;
    await RE.abort();
    await handle;
    expect(device.stops).to.deep.equal([false]);
    const late = new HeldDevice("late");
    late.set = () =>
      Status.from<void>(async () => {
        throw new Error("timeout");
      }, "late");
    await RE(bps.mv(late, 3)).catch(() => undefined);
    expect(late.stops).to.deep.equal([false]);
  });

  it("are left alone when they have reached their target", async () => {
    const { RE } = quietEngine();
    const { m } = softDevices();
    await RE(
      (function* (): Plan<void> {
        yield* bps.mv(m, 3);
        yield* fails();
      })(),
    ).catch(() => undefined);
    expect(m.stops).to.equal(0);
  });

  it("are reported if they can't be stopped or unstaged, and nothing waits for them", async () => {
    const { RE, notices } = quietEngine();
    const stuck = new HeldDevice("stuck");
    stuck.stop = () => {
      throw new Error("no answer");
    };
    const stage = {
      name: "stage",
      stage: () => [],
      unstage: () => Status.from<void>(() => Promise.reject(new Error("no"))),
    };
    const plan = function* (): Plan<void> {
      yield* bps.stage(stage);
      yield* sends([stuck], fails);
    };
    await RE(plan).catch(() => undefined);
    expect(notices.map((notice) => notice.text)).to.deep.equal([
      "could not stop stuck: no answer",
      "could not unstage stage: no",
    ]);
    expect(RE.state).to.equal("idle");
  });
});

describe("Groups of actions", () => {
  it("are awaited until all their actions are done, without a wait if they are done already", async () => {
    const { RE } = quietEngine();
    const [a, b] = [new HeldDevice("a"), new HeldDevice("b")];
    const started = b.started();
    const handle = RE(bps.mv(a, 1, b, 2));
    await started;
    b.arrive();
    a.arrive();
    expect((await handle).planResult).to.have.length(2);
    expect((await RE(bps.wait("unknown"))).planResult).to.equal(true);
  });

  it("throw a failure into the plan with device, value and cause, even if it is not waiting", async () => {
    const { RE } = quietEngine();
    const a = new HeldDevice("a");
    const started = a.started();
    const caught: unknown[] = [];
    const handle = RE(function* (): Plan<void> {
      yield* bps.absSet(a, 7, { group: "g" });
      try {
        yield* bps.sleep(60);
      } catch (error) {
        caught.push(error);
      }
    });
    await started;
    a.fail("quench");
    await handle;
    expect(caught[0]).to.include({ message: "set a to 7 failed: quench", device: a, value: 7, action: "set" });
  });

  it("report their first failure only", async () => {
    const { RE } = quietEngine();
    const [a, b] = [new HeldDevice("a"), new HeldDevice("b")];
    const started = b.started();
    let caught = 0;
    const handle = RE(function* (): Plan<void> {
      try {
        yield* bps.mv(a, 1, b, 2);
      } catch {
        caught += 1;
      }
      yield* bps.sleep(0.01);
      yield* bps.wait("mv");
    });
    await started;
    a.fail("one");
    b.fail("two");
    await handle;
    expect(caught).to.equal(1);
  });

  it("end the wait for another group only if that wait watches them", async () => {
    for (const watch of [[], ["b"]]) {
      const { RE } = quietEngine();
      const [a, b] = [new HeldDevice("a"), new HeldDevice("b")];
      const started = b.started();
      let arrived: boolean | undefined;
      const handle = RE(function* (): Plan<void> {
        yield* bps.absSet(a, 1, { group: "a" });
        yield* bps.absSet(b, 2, { group: "b" });
        try {
          yield* bps.wait("a", { watch });
        } finally {
          arrived = !a.moving;
        }
      });
      await started;
      b.fail("quench");
      if (watch.length === 0) setImmediate(() => a.arrive());
      const error = await handle.catch((reason: unknown) => reason);
      expect(error).to.include({ message: "set b to 2 failed: quench", device: b });
      expect(arrived, `watching ${watch.length} groups`).to.equal(watch.length === 0);
    }
  });

  it("can be awaited several times, each for a limited time", async () => {
    const { RE } = quietEngine();
    const a = new HeldDevice("a");
    const done: boolean[] = [];
    const statuses: (number | null)[] = [];
    RE.waitingHook = (list) => statuses.push(list?.length ?? null);
    await RE(function* (): Plan<void> {
      yield* bps.absSet(a, 1, { group: "g" });
      done.push(yield* bps.wait("g", { timeout: 0.005, errorOnTimeout: false }));
      done.push(yield* bps.wait("g", { timeout: 0.005, errorOnTimeout: false }));
      a.arrive();
      done.push(yield* bps.wait("g", { timeout: 0.005, errorOnTimeout: false }));
    });
    expect(done).to.deep.equal([false, false, true]);
    expect(statuses).to.deep.equal([1, null]);
  });

  it("report the actions that are not done when a wait times out", async () => {
    const { RE } = quietEngine();
    const a = new HeldDevice("a");
    const error = await RE(bps.mv(a, 1, { timeout: 0.005 })).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.include({ name: "WaitForTimeoutError", message: "waited 0.005 s, but set a not done yet" });
  });

  it("fail with the reason why a signal refused its value, and name it once", async () => {
    const { RE } = quietEngine();
    const refusal = (signal: SignalRW<number>) => RE(bps.mv(signal, 30)).then(String, errorText);
    expect(await refusal(softSignalRw(0, { name: "x", units: "mm", limits: [0, 10] }))).to.equal(
      "cannot set x to 30 mm: the limits are 0 mm to 10 mm",
    );
    expect(await refusal(softSignalRw(0, { limits: [0, 10] }))).to.equal(
      "cannot set a signal without name to 30: the limits are 0 to 10",
    );
  });

  it("are not needed to wait for promises, which are made again after each pause", async () => {
    const { RE } = quietEngine();
    const result = await RE(bps.waitFor([async () => 1, async () => 2]));
    expect(result.planResult).to.deep.equal([1, 2]);
    const late = RE(bps.waitFor([() => new Promise(() => undefined)], { timeout: 0.005 }));
    expect(await late.catch((error: unknown) => (error as Error).message)).to.equal(
      "wait_for waited 0.005 s, but not all promises are done yet",
    );
  });
});
