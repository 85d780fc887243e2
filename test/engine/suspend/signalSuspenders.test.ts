import { expect } from "chai";
import { Msg, type Plan } from "../../../lib/core/protocols/msg";
import { $display, type MimeBundle } from "../../../lib/display/mimeBundle";
import {
  EndWhen,
  SuspendBoolHigh,
  SuspendBoolLow,
  SuspendCeil,
  type Suspender,
  SuspendFloor,
  SuspendOutBand,
  SuspendWhen,
  SuspendWhenChanged,
  SuspendWhenOutsideBand,
} from "../../../lib/engine";
import { bpp, bps, count, gate, scan } from "../../../lib/plans";
import { failure } from "../../support/failure";
import { HeldDevice } from "../../support/heldDevice";
import { quietEngine } from "../../support/quietEngine";
import { Sensor, softDevices } from "../../support/softDevices";
import { until } from "../../support/until";
import { whenIn } from "../../support/whenIn";

describe("Suspenders", () => {
  it("refuse to watch what is not a signal", () => {
    const { RE } = quietEngine();
    // @ts-expect-error
    expect(() => RE.installSuspender(new SuspendFloor(softDevices().det, 1))).to.throw(
      "SuspendFloor watches a signal, but det has no subscribe()",
    );
    expect(RE.suspenders).to.deep.equal([]);
  });

  it("suspend a plan, stop what moves, and let the plan go on from its checkpoint", async () => {
    const { RE, notices, places } = quietEngine();
    const beam = new Sensor("beam");
    beam.post(10);
    const motor = new HeldDevice("motor");
    const floor = new SuspendFloor(beam, 5, { resumeThreshold: 8, trippedMessage: "beam lost" });
    RE.installSuspender(floor);
    expect(RE.suspenders).to.deep.equal([floor]);
    const started = motor.started();
    const handle = RE(bpp.runWrapper(bps.mv(motor, 3)));
    await started;
    beam.post(1);
    await whenIn(RE, "suspended");
    expect(notices[0]).to.include({ title: "Suspended", detail: "It goes on when it is above 8." });
    expect(notices[0]?.text).to.match(/^since \d\d:\d\d:\d\d: beam lost: beam = 1(\.0*)? is below 5\.$/);
    expect((RE[$display]() as MimeBundle)["text/plain"])
      .to.contain("beam lost: beam = 1")
      .and.to.contain("It goes on when it is above 8.");
    const again = motor.started();
    beam.post(6);
    expect(floor.suspension).to.not.equal(null);
    beam.post(9);
    await again;
    expect([RE.state, motor.stops.length]).to.deep.equal(["running", 1]);
    motor.arrive();
    expect((await handle).exitStatus).to.equal("success");
    expect(motor.targets).to.deep.equal([3, 3]);
    expect(notices[1]?.title).to.equal("Released");
    expect(notices[1]?.text).to.match(/^after .* since \d\d:\d\d:\d\d: beam lost: beam = 1(\.0*)? is below 5\.$/);
    expect(places[1]).to.deep.equal({ id: places[0]?.id, update: true });
    RE.removeSuspender(floor);
    expect(beam.listeners.size).to.equal(0);
  });

  it("do their plans before and after a suspension, which is recorded as an interruption", async () => {
    const { RE } = quietEngine();
    RE.recordInterruptions = true;
    const beam = new Sensor("beam");
    const commands: string[] = [];
    RE.msgHook = (msg) => commands.push(`${msg.command}${msg.args.length > 0 ? ` ${String(msg.args[0])}` : ""}`);
    const say = (word: string) =>
      function* (): Plan<void> {
        yield Msg("null", null, [word]);
      };
    const suspender = new SuspendCeil(beam, 5, { prePlan: say("pre"), postPlan: say("post") });
    beam.post(9);
    const handle = RE(
      bpp.runWrapper(
        (function* (): Plan<void> {
          yield Msg("checkpoint");
          yield Msg("null", null, ["work"]);
          yield* bpp.suspendWrapper(bps.null_(), suspender);
        })(),
      ),
    );
    await whenIn(RE, "suspended");
    beam.post(1);
    await handle;
    expect(commands.filter((command) => command.startsWith("null "))).to.deep.equal([
      "null work",
      "null pre",
      "null post",
      "null work",
    ]);
    expect(handle.table("interruptions").column("interruption")).to.deep.equal(["beam = 9 is above 5"]);
  });

  it("take lists of messages as these plans, and refuse a plan that could be done only once", async () => {
    const { RE } = quietEngine();
    const beam = new Sensor("beam");
    const commands: string[] = [];
    let onOpen = () => {};
    RE.msgHook = ({ command, obj }) => {
      if (command !== "null") return;
      commands.push(String(obj));
      if (obj === "open") onOpen();
    };
    const options = { prePlan: [Msg("null", "close")], postPlan: () => [Msg("null", "open")] };
    RE.installSuspender(new SuspendCeil(beam, 5, options));
    const handle = RE([Msg("checkpoint"), Msg("sleep", null, [60])]);
    for (let times = 0; times < 2; times += 1) {
      const opened = new Promise<void>((resolve) => {
        onOpen = resolve;
      });
      beam.post(9);
      await whenIn(RE, "suspended");
      beam.post(1);
      await opened;
    }
    await RE.stop();
    await handle;
    expect(commands).to.deep.equal(["close", "open", "close", "open"]);
    expect(() => new SuspendCeil(beam, 5, { prePlan: bps.null_() as never })).to.throw(
      "SuspendCeil: prePlan should be a function that makes a plan, since each suspension needs a new one",
    );
  });

  it("fail a plan in one clear line if what should make their plan makes none", async () => {
    const { RE } = quietEngine();
    const beam = new Sensor("beam");
    const wrong = { prePlan: () => undefined } as never;
    RE.installSuspender(new SuspendCeil(beam, 5, wrong));
    const handle = RE([Msg("checkpoint"), Msg("sleep", null, [60])]);
    beam.post(9);
    expect((await failure(handle)).message).to.contain(
      "the prePlan of a suspender should be a generator function (function*), but returned undefined",
    );
  });

  it("delay the start of a plan until all conditions are fine", async () => {
    const { RE, notices } = quietEngine();
    const { det } = softDevices();
    const [one, two] = [new Sensor("one"), new Sensor("two")];
    for (const sensor of [one, two]) RE.installSuspender(new SuspendBoolHigh(sensor));
    const handle = RE(count([det]));
    await whenIn(RE, "suspended");
    expect(notices.map((notice) => notice.title)).to.deep.equal(["Waiting", "Waiting"]);
    one.post(0);
    expect(RE.state).to.equal("suspended");
    two.post(0);
    expect((await handle).table().length).to.equal(1);
    const again = RE(bpp.runWrapper(bps.sleep(60)));
    await whenIn(RE, "running");
    two.post(1);
    await whenIn(RE, "suspended");
    await RE.abort();
    expect((await again).exitStatus).to.equal("abort");
  });

  it("suspend the running plan if they are tripped when they are installed", async () => {
    const { RE } = quietEngine();
    const beam = new Sensor("beam");
    beam.post(9);
    const suspender = new SuspendCeil(beam, 3);
    const handle = RE(bps.sleep(0.01));
    RE.installSuspender(suspender);
    expect(() => RE.installSuspender(suspender)).to.throw("is installed already");
    await whenIn(RE, "suspended");
    beam.post(0);
    expect((await handle).exitStatus).to.equal("success");
    beam.post(9);
    expect(suspender.suspension).to.not.equal(null);
    RE.clearSuspenders();
    expect([suspender.suspension, beam.listeners.size]).to.deep.equal([null, 0]);
  });

  it("can be replaced by a message with which a plan suspends itself", async () => {
    const { RE, notices } = quietEngine();
    const done: string[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    RE.registerCommand("note", (msg) => void done.push(String(msg.args[0])));
    const note = (text: string) => [Msg("note", null, [text])];
    function* noting(text: string): Plan<void> {
      yield* note(text);
    }
    const handle = RE(
      (function* (): Plan<void> {
        yield* note("before");
        yield* bps.checkpoint();
        yield Msg("_start_suspender", null, [() => noting("pre"), () => noting("post"), "shutter closed", released]);
        yield* note("after");
      })(),
    );
    await whenIn(RE, "suspended");
    release();
    expect(await handle).to.include({ exitStatus: "success", interrupted: false });
    expect(done).to.deep.equal(["before", "pre", "post", "after"]);
    expect(notices.map(({ title }) => title)).to.deep.equal(["Suspended", "Released"]);
    const never = Promise.reject(new Error("shutter broken"));
    const broken = RE([Msg("checkpoint"), Msg("_start_suspender", null, [null, null, "shutter closed", never])]);
    expect((await failure(Promise.resolve(broken))).message).to.equal("shutter broken");
  });

  it("hold the plan for some more time after the signal is fine again", async () => {
    const { RE } = quietEngine();
    const beam = new Sensor("beam");
    RE.installSuspender(new SuspendCeil(beam, 3, { sleep: 0.02 }));
    const handle = RE(bps.null_());
    await whenIn(RE, "suspended");
    beam.post(1);
    beam.post(9);
    beam.post(1);
    expect((await handle).exitStatus).to.equal("success");
    RE.clearSuspenders();
  });

  it("leave the plan free to be paused, resumed and aborted while they hold it", async () => {
    const { RE } = quietEngine();
    const beam = new Sensor("beam");
    RE.installSuspender(new SuspendCeil(beam, 3));
    const first = RE(bps.null_());
    await whenIn(RE, "suspended");
    RE.pause();
    await whenIn(RE, "paused");
    RE.resume();
    expect(RE.state).to.equal("suspended");
    beam.post(1);
    expect((await first).exitStatus).to.equal("success");
    beam.post(9);
    const second = RE(bps.null_());
    await whenIn(RE, "suspended");
    expect((await RE.abort("no beam")).reason).to.equal("no beam");
    expect((await second).exitStatus).to.equal("abort");
  });

  it("say why, since when and until when they hold the plan, wherever it is shown", async () => {
    const { RE } = quietEngine();
    const beam = new Sensor("beam");
    RE.installSuspender(new SuspendCeil(beam, 3, { sleep: 2 }));
    const handle = RE(bps.null_());
    await whenIn(RE, "suspended");
    expect(RE.suspensions).to.have.length(1);
    expect(RE.suspensions[0]).to.include({
      justification: "beam = 4.2 is above 3",
      until: "when it is below 3 for 2 s",
    });
    expect(RE.suspensions[0]?.since).to.be.closeTo(Date.now() / 1000, 60);
    const shown = () => [RE, handle].map((object) => (object[$display]() as MimeBundle)["text/plain"]);
    for (const text of shown()) {
      expect(text).to.match(/suspended/);
      expect(text).to.match(/since \d\d:\d\d:\d\d: beam = 4.2\d* is above 3\./);
      expect(text).to.contain("It goes on when it is below 3 for 2 s.");
    }
    RE.pause();
    await whenIn(RE, "paused");
    for (const text of shown()) expect(text).to.contain("beam = 4.2").and.to.contain("RE.resume()");
    await RE.abort();
    expect([RE.suspensions, (await handle).exitStatus]).to.deep.equal([[], "abort"]);
  });

  it("let devices go on when the last of them releases the plan, while monitors record all the time", async () => {
    const { RE } = quietEngine();
    const [beam, vacuum, sensor] = [new Sensor("beam"), new Sensor("vacuum"), new Sensor("sensor")];
    const calls: string[] = [];
    const laser = { name: "laser", pause: () => void calls.push("pause"), resume: () => void calls.push("resume") };
    const motor = new HeldDevice("motor");
    for (const signal of [beam, vacuum]) {
      signal.post(0);
      RE.installSuspender(new SuspendCeil(signal, 3));
    }
    const started = motor.started();
    const handle = RE(
      bpp.monitorDuringWrapper(
        bpp.runWrapper(
          (function* (): Plan<void> {
            yield Msg("null", laser);
            yield* bps.absSet(motor, 3, { group: "motor" });
            yield* bps.checkpoint();
            yield* bps.wait("motor");
          })(),
        ),
        [sensor],
      ),
    );
    await started;
    beam.post(9);
    await whenIn(RE, "suspended");
    vacuum.post(9);
    RE.pause();
    await whenIn(RE, "paused");
    RE.resume();
    const again = motor.started();
    vacuum.post(0);
    sensor.post(5);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([RE.state, motor.moving, sensor.listeners.size]).to.deep.equal(["suspended", false, 1]);
    expect(calls).to.not.include("resume");
    beam.post(0);
    await again;
    expect([RE.state, sensor.listeners.size, calls.at(-1)]).to.deep.equal(["running", 1, "resume"]);
    sensor.post(6);
    motor.arrive();
    expect((await handle).exitStatus).to.equal("success");
    expect(motor.targets).to.deep.equal([3, 3]);
    expect(handle.table("sensor_monitor").column("sensor")).to.deep.equal([4.2, 5, 6]);
  });

  it("release the plan if something fails meanwhile and the plan goes on", async () => {
    const { RE } = quietEngine();
    const [beam, sensor] = [new Sensor("beam"), new Sensor("sensor")];
    beam.post(0);
    RE.installSuspender(
      new SuspendCeil(beam, 3, {
        *prePlan() {
          yield Msg("null");
          throw new Error("shutter stuck");
        },
      }),
    );
    const states: string[] = [];
    const handle = RE(
      bpp.monitorDuringWrapper(
        bpp.runWrapper(
          (function* (): Plan<void> {
            try {
              beam.post(9);
              yield* bps.sleep(60);
            } catch (error) {
              states.push((error as Error).message, RE.state);
            }
            sensor.post(7);
            yield* bps.checkpoint();
            yield* bps.pause();
          })(),
        ),
        [sensor],
      ),
    );
    await whenIn(RE, "paused");
    RE.resume();
    expect((await handle).exitStatus).to.equal("success");
    expect(states).to.deep.equal(["shutter stuck", "running"]);
    expect(handle.table("sensor_monitor").column("sensor")).to.include(7);
  });

  it("leave a plan that catches the failure of a postPlan as rewindable as before", async () => {
    const { RE } = quietEngine();
    const beam = new Sensor("beam");
    const stuck = () => {
      throw new Error("shutter stuck");
    };
    RE.installSuspender(new SuspendCeil(beam, 5, { postPlan: stuck }));
    const said: unknown[] = [];
    RE.msgHook = ({ command, obj }) => command === "null" && said.push(obj);
    const handle = RE(
      (function* (): Plan<void> {
        try {
          beam.post(9);
          yield* bps.sleep(60);
        } catch (error) {
          said.push((error as Error).message);
        }
        yield* bps.checkpoint();
        yield Msg("null", "again");
        yield* bps.pause();
      })(),
    );
    await whenIn(RE, "suspended");
    beam.post(1);
    await whenIn(RE, "paused");
    RE.resume();
    await handle;
    expect(said).to.deep.equal(["shutter stuck", "again", "again"]);
  });

  it("keep the numbers of events right if the plan ends before it measures them again", async () => {
    const { RE } = quietEngine();
    const { det } = softDevices();
    const beam = new Sensor("beam");
    beam.post(0);
    RE.installSuspender(new SuspendCeil(beam, 3));
    const stops: unknown[] = [];
    RE.subscribe((_, doc) => stops.push(doc.num_events), "stop");
    const handle = RE(
      bpp.runWrapper(
        (function* (): Plan<void> {
          for (let i = 0; i < 2; i += 1) {
            yield* bps.checkpoint();
            yield* bps.triggerAndRead([det]);
          }
          beam.post(9);
          yield* bps.sleep(60);
        })(),
      ),
    );
    await whenIn(RE, "suspended");
    await RE.abort();
    expect((await handle).table().length).to.equal(2);
    expect(stops).to.deep.equal([{ primary: 2 }]);
  });

  it("do not delay the cleanup of a plan that is being ended", async () => {
    const { RE, notices } = quietEngine();
    const beam = new Sensor("beam");
    beam.post(0);
    RE.installSuspender(new SuspendCeil(beam, 3));
    const handle = RE(
      bpp.finalizeWrapper(bps.sleep(60), function* (): Plan<void> {
        beam.post(9);
        yield* bps.sleep(0.001);
      }),
    );
    RE.msgHook = ({ args }) => {
      if (args[0] === 60) setImmediate(() => void RE.stop());
    };
    expect(await handle).to.include({ exitStatus: "success", interrupted: true });
    expect(notices).to.deep.equal([]);
  });

  it("end a plan that can't be resumed", async () => {
    const { RE } = quietEngine();
    const beam = new Sensor("beam");
    beam.post(0);
    RE.installSuspender(new SuspendCeil(beam, 3));
    const handle = RE(function* (): Plan<void> {
      yield* bps.clearCheckpoint();
      beam.post(9);
      yield* bps.sleep(60);
    });
    expect(await handle).to.include({ exitStatus: "abort", interrupted: true });
  });

  it("hold and release plans at their thresholds", () => {
    const tripsAt = (make: (sensor: Sensor) => Suspender, values: readonly number[]) => {
      const sensor = new Sensor("s");
      sensor.post(values[0] as number);
      const suspender = make(sensor);
      suspender.install(() => undefined);
      return values.map((value) => {
        sensor.post(value);
        return suspender.suspension !== null;
      });
    };
    const noWait = { sleep: 0 };
    expect(tripsAt((s) => new SuspendFloor(s, 2, noWait), [3, 2, 1.9])).to.deep.equal([false, false, true]);
    expect(tripsAt((s) => new SuspendCeil(s, 2, noWait), [1, 2, 2.1])).to.deep.equal([false, false, true]);
    expect(tripsAt((s) => new SuspendWhenOutsideBand(s, 1, 2), [1.5, 1.1, 2.1])).to.deep.equal([false, false, true]);
    expect(tripsAt((s) => new SuspendOutBand(s, 1, 2), [0, 1.5])).to.deep.equal([false, true]);
    expect(tripsAt((s) => new SuspendBoolLow(s), [1, 0])).to.deep.equal([false, true]);
    expect(tripsAt((s) => new SuspendWhenChanged(s), [1, 1, 2])).to.deep.equal([false, false, true]);
    expect(tripsAt((s) => new SuspendWhen(s, (value) => value > 3), [3, 4])).to.deep.equal([false, true]);
    expect(() => new SuspendFloor(new Sensor("s"), 2, { resumeThreshold: 1 })).to.throw("can't release plans at 1");
    expect(() => new SuspendFloor(new Sensor("s"), 2, { resumeThresh: 3 } as object)).to.throw(
      "SuspendFloor has no option resumeThresh (resumeThreshold?): it takes sleep, prePlan, postPlan",
    );
    expect(() => new SuspendWhenChanged(new Sensor("s"), { allowResumes: true } as object)).to.throw("(allowResume?)");
    expect(() => new SuspendBoolLow(new Sensor("s"), { sleeep: 1 } as object)).to.throw("SuspendBoolLow has no option");
  });
});

describe("A gate", () => {
  it("waits for a condition and can be interrupted", async () => {
    const { RE } = quietEngine();
    const beam = new Sensor("beam");
    const handle = RE(gate(beam, (current) => current > 100));
    setImmediate(() => {
      beam.post(50);
      beam.post(150);
    });
    await handle;
    expect(beam.listeners.size).to.equal(0);
    const closed = RE(gate(beam, (current) => current > 1000));
    setImmediate(() => void RE.abort());
    expect((await closed).exitStatus).to.equal("abort");
    expect(beam.listeners.size).to.equal(0);
    const late = await RE(gate(beam, () => false, { timeout: 0.005 })).catch((error: unknown) => error);
    expect((late as Error).message).to.equal("the gate beam did not open within 0.005 s");
    const patient = RE(gate(beam, (current) => current > 1000, { timeout: Number.POSITIVE_INFINITY }));
    setImmediate(() => beam.post(1500));
    expect((await patient).exitStatus).to.equal("success");
  });

  it("comes before every point of a plan in a gateWrapper", async () => {
    const { RE } = quietEngine();
    const { det, m } = softDevices();
    const beam = new Sensor("beam");
    let looks = 0;
    const run = await RE(
      bpp.gateWrapper(scan([det], m, 0, 1, 3), beam, () => {
        looks += 1;
        return true;
      }),
    );
    expect([run.table().length, looks]).to.deep.equal([3, 3]);
  });
});

describe("A watched signal without a valid value", () => {
  /** What subscribers of a signal get when its connection is lost. */
  const lose = (sensor: Sensor) => {
    const lost = { value: null as unknown as number, timestamp: 0, alarm_severity: -1, message: "connection lost" };
    for (const listener of [...sensor.listeners]) listener({ [sensor.name]: lost });
  };
  const sensorAt = (value: number) => {
    const sensor = new Sensor("sensor");
    sensor.post(value);
    return sensor;
  };
  const CASES: readonly (readonly [string, (sensor: Sensor) => Suspender, number])[] = [
    ["SuspendFloor", (sensor) => new SuspendFloor(sensor, 2), 5],
    ["SuspendCeil", (sensor) => new SuspendCeil(sensor, 20), 5],
    ["SuspendWhenOutsideBand", (sensor) => new SuspendWhenOutsideBand(sensor, 0, 10), 5],
    ["SuspendOutBand", (sensor) => new SuspendOutBand(sensor, 0, 1), 5],
    ["SuspendBoolHigh", (sensor) => new SuspendBoolHigh(sensor), 0],
    ["SuspendBoolLow", (sensor) => new SuspendBoolLow(sensor), 5],
    ["SuspendWhen", (sensor) => new SuspendWhen(sensor, (value) => value > 20), 5],
    ["SuspendWhenChanged", (sensor) => new SuspendWhenChanged(sensor, { expectedValue: 5, allowResume: true }), 5],
  ];
  for (const [name, make, fine] of CASES) {
    it(`holds plans of a ${name} until a value comes that is fine`, async () => {
      const sensor = sensorAt(fine);
      const suspender = make(sensor);
      suspender.install(() => {});
      expect(suspender.suspension).to.equal(null);
      lose(sensor);
      expect(suspender.suspension?.justification).to.equal("sensor has no valid value: connection lost");
      sensor.post(fine);
      await until(() => suspender.suspension === null);
      sensor.post(Number.NaN);
      expect(suspender.suspension?.justification).to.equal("sensor has no valid value: it is NaN");
      sensor.post(fine);
      await until(() => suspender.suspension === null);
      suspender.remove();
    });
  }

  it("does not release a plan that is held", async () => {
    const sensor = sensorAt(30);
    const ceil = new SuspendCeil(sensor, 20);
    ceil.install(() => {});
    lose(sensor);
    expect(ceil.suspension?.justification).to.match(/^sensor = 30(\.0*)? is above 20$/);
    sensor.post(Number.NaN);
    expect(ceil.suspension).to.not.equal(null);
    sensor.post(19);
    await until(() => ceil.suspension === null);
  });

  it("does not end a plan", () => {
    const sensor = sensorAt(5);
    const end = new EndWhen(sensor, (value) => value < 1);
    end.install(() => {});
    lose(sensor);
    expect(end.suspension).to.equal(null);
    sensor.post(0.5);
    expect(end.suspension?.justification).to.match(/^sensor = 0\.50*$/);
  });

  it("does not open a gate", async () => {
    const { RE } = quietEngine();
    const sensor = sensorAt(9);
    const passed = RE(gate(sensor, (value) => value < 5));
    await until(() => sensor.listeners.size === 1);
    lose(sensor);
    await new Promise((later) => setImmediate(later));
    expect(RE.state).to.equal("running");
    sensor.post(4);
    expect((await passed).exitStatus).to.equal("success");
  });
});
