import { expect } from "chai";
import { Msg, type Plan } from "../../../lib/core/protocols/msg";
import type { Readings } from "../../../lib/core/protocols/protocols";
import { makeRunEngine } from "../../../lib/engine";
import { bpp, bps, count, rd } from "../../../lib/plans";
import { failure } from "../../support/failure";
import { HeldDevice } from "../../support/heldDevice";
import { quietEngine } from "../../support/quietEngine";
import { softDevices } from "../../support/softDevices";
import { whenIn } from "../../support/whenIn";

/** A sensor whose readings come when the test says so. */
class SlowSensor {
  readonly name = "slow";
  reads = 0;
  #answer: (() => void) | null = null;
  #asked: (() => void) | null = null;

  read(): Promise<Readings<number>> {
    this.reads += 1;
    const value = this.reads;
    queueMicrotask(() => this.#asked?.());
    return new Promise((resolve) => {
      this.#answer = () => resolve({ slow: { value, timestamp: 0 } });
    });
  }

  describe() {
    return { slow: { source: "SIM", dtype: "number" as const, shape: [] } };
  }

  asked(): Promise<void> {
    return new Promise((resolve) => {
      this.#asked = resolve;
    });
  }

  answer(): void {
    this.#answer?.();
  }
}

describe("Pauses", () => {
  it("do the interrupted message again, and the plan gets its new result", async () => {
    const RE = quietEngine().RE;
    const slow = new SlowSensor();
    const values: number[] = [];
    const asked = slow.asked();
    const handle = RE(function* (): Plan<void> {
      values.push(yield* rd(slow));
    });
    await asked;
    RE.pause();
    await whenIn(RE, "paused");
    slow.answer();
    const askedAgain = slow.asked();
    RE.resume();
    await askedAgain;
    slow.answer();
    await handle;
    expect(values).to.deep.equal([2]);
  });

  it("repeat the messages since the checkpoint and none before", async () => {
    const RE = quietEngine().RE;
    const commands: string[] = [];
    RE.msgHook = (msg) => commands.push(`${msg.command} ${String(msg.args[0] ?? "")}`.trim());
    const { m } = softDevices();
    const handle = RE(function* (): Plan<void> {
      yield Msg("set", m, [1]);
      yield Msg("checkpoint");
      yield Msg("set", m, [2]);
      yield Msg("wait");
      yield Msg("pause");
      yield Msg("set", m, [3]);
    });
    await whenIn(RE, "paused");
    RE.resume();
    await handle;
    expect(commands).to.deep.equal(["set 1", "checkpoint", "set 2", "wait", "pause", "set 2", "wait", "set 3"]);
  });

  it("repeat messages that do nothing as well, each with its own device", async () => {
    const RE = quietEngine().RE;
    const commands: string[] = [];
    RE.msgHook = (msg) => commands.push(`${msg.command} ${String(msg.obj ?? "")}`.trim());
    const messages = [Msg("null"), Msg("null"), Msg("null", "a"), Msg("null", "b"), Msg("null"), Msg("RE_class")];
    const handle = RE([...messages, Msg("pause"), Msg("rewindable", null, [false]), Msg("null")]);
    await whenIn(RE, "paused");
    RE.resume();
    await handle;
    const done = ["null", "null", "null a", "null b", "null", "RE_class"];
    expect(commands).to.deep.equal([...done, "pause", ...done, "rewindable", "null"]);
  });

  it("restore the open bundle if the plan is ended while messages are done again", async () => {
    const RE = quietEngine().RE;
    const { det } = softDevices();
    let sleeps = 0;
    RE.msgHook = ({ command }) => {
      if (command === "sleep") sleeps += 1;
      if (command === "sleep" && sleeps === 2) void RE.abort("enough");
    };
    const handle = RE(
      bpp.runWrapper(
        (function* (): Plan<void> {
          yield* bps.checkpoint();
          yield* bps.sleep(0);
          yield* bps.create();
          try {
            yield* bps.read(det);
            yield* bps.pause();
          } catch (error) {
            yield* bps.drop();
            throw error;
          }
        })(),
      ),
    );
    await whenIn(RE, "paused");
    RE.resume();
    expect(await handle).to.include({ exitStatus: "abort", reason: "enough" });
    expect(sleeps).to.equal(2);
  });

  it("do not ask the user again", async () => {
    const asked: string[] = [];
    const RE = makeRunEngine({
      notify: () => undefined,
      ask: (prompt) => {
        asked.push(prompt);
        return "3";
      },
    });
    const handle = RE(function* (): Plan<string> {
      yield* bps.checkpoint();
      const answer = yield* bps.inputPlan("how far?");
      yield* bps.pause();
      return answer;
    });
    await whenIn(RE, "paused");
    RE.resume();
    expect((await handle).planResult).to.equal("3");
    expect(asked).to.deep.equal(["how far?"]);
  });

  it("stop what moves, and start it again even if the move began before the checkpoint", async () => {
    const RE = quietEngine().RE;
    const cryo = new HeldDevice("cryo");
    const ramps = function* (): Plan<boolean> {
      yield* bps.absSet(cryo, 300, { group: "ramp" });
      yield* bps.checkpoint();
      return yield* bps.wait("ramp");
    };
    const started = cryo.started();
    const handle = RE(ramps);
    await started;
    RE.pause();
    await whenIn(RE, "paused");
    expect(cryo.moving).to.equal(false);
    const again = cryo.started();
    RE.resume();
    await again;
    cryo.arrive();
    expect(await handle).to.include({ planResult: true, exitStatus: "success" });
    expect(cryo.targets).to.deep.equal([300, 300]);
    expect(cryo.stops).to.deep.equal([true]);
  });

  it("end the plan after clear_checkpoint, and it cleans up", async () => {
    const RE = quietEngine().RE;
    let cleaned = false;
    const result = await RE(function* (): Plan<void> {
      yield* bps.clearCheckpoint();
      try {
        yield* bps.pause();
        yield* bps.sleep(60);
      } finally {
        yield* bps.null_();
        cleaned = true;
      }
    });
    expect(result).to.include({ exitStatus: "abort", interrupted: true });
    expect(result.reason).to.contain("could not be resumed");
    expect(cleaned).to.equal(true);
  });

  it("happen at the next checkpoint if deferred, or never if there is none", async () => {
    const RE = quietEngine().RE;
    const commands: string[] = [];
    RE.msgHook = (msg) => commands.push(msg.command);
    const handle = RE([Msg("pause", null, [], { defer: true }), Msg("null"), Msg("checkpoint"), Msg("null")]);
    await whenIn(RE, "paused");
    expect(commands).to.deep.equal(["pause", "null", "checkpoint"]);
    RE.resume();
    await handle;
    expect((await RE([Msg("pause", null, [], { defer: true }), Msg("null")])).interrupted).to.equal(false);
  });

  it("call pause() of devices, and forget what these can't repeat", async () => {
    const RE = quietEngine().RE;
    const calls: string[] = [];
    const device = {
      name: "laser",
      pause: () => void calls.push("pause"),
      resume: () => void calls.push("resume"),
    };
    const handle = RE([Msg("null", device), Msg("pause"), Msg("null")]);
    await whenIn(RE, "paused");
    RE.resume();
    await handle;
    expect(calls).to.deep.equal(["pause", "resume"]);
  });

  it("can be followed by a harsher end, but not by a softer one, while the plan cleans up", async () => {
    const RE = quietEngine().RE;
    function* slowCleanup(): Plan<void> {
      yield* bps.sleep(0.001);
    }
    for (const [first, second, exitStatus] of [
      ["abort", "stop", "abort"],
      ["stop", "abort", "abort"],
      ["halt", "stop", "abort"],
      ["stop", "stop", "success"],
    ] as const) {
      const handle = RE(bpp.runWrapper(bpp.finalizeWrapper(bps.sleep(60), slowCleanup)));
      RE.msgHook = ({ command, args }) => {
        if (command === "sleep" && args[0] === 60) setImmediate(() => [RE[first](), RE[second]()]);
      };
      expect(await handle, `${first}, ${second}`).to.include({ exitStatus, interrupted: true });
    }
  });

  it("do not delay the cleanup of a plan that is being ended", async () => {
    const RE = quietEngine().RE;
    const states: string[] = [];
    RE.stateHook = (state) => states.push(state);
    const handle = RE(
      bpp.finalizeWrapper(bps.sleep(60), function* (): Plan<void> {
        RE.pause();
        RE.interrupt();
        RE.interrupt();
        yield* bps.checkpoint();
        yield* bps.pause();
        yield* bps.sleep(0.001);
      }),
    );
    RE.msgHook = ({ command }) => {
      if (command === "sleep" && RE.state === "running") setImmediate(() => void RE.abort("enough"));
    };
    expect(await handle).to.include({ exitStatus: "abort", reason: "enough" });
    expect(states).to.deep.equal(["running", "aborting", "idle"]);
  });

  it("end the plan if a monitored signal can't be watched again", async () => {
    const RE = quietEngine().RE;
    const { sensor } = softDevices();
    const handle = RE(bpp.monitorDuringWrapper(bpp.runWrapper(bps.sleep(60)), [sensor]));
    RE.msgHook = ({ command }) => {
      if (command === "sleep") setImmediate(() => RE.pause());
    };
    await whenIn(RE, "paused");
    sensor.subscribe = () => {
      throw new Error("sensor is gone");
    };
    RE.resume();
    expect((await failure(Promise.resolve(handle))).message).to.equal("sensor is gone");
    expect(RE.state).to.equal("idle");
  });

  it("and ends show the same states at the handle and at the engine", async () => {
    for (const [verb, expected] of [
      ["resume", "running pausing paused running idle"],
      ["stop", "running pausing paused stopping idle"],
      ["abort", "running pausing paused aborting idle"],
      ["halt", "running pausing paused halting idle"],
    ] as const) {
      for (const by of ["handle", "engine"] as const) {
        const RE = quietEngine().RE;
        const states: string[] = [];
        RE.stateHook = (state) => states.push(state);
        const handle = RE(bps.sleep(0.001));
        const control = by === "handle" ? handle : RE;
        control.pause();
        await whenIn(RE, "paused");
        expect(RE.current).to.equal(handle);
        control[verb]();
        await handle;
        expect(states.join(" "), `${verb} by ${by}`).to.equal(expected);
      }
    }
  });

  it("ignore a request for another pause: one resume is enough", async () => {
    const RE = quietEngine().RE;
    const { det } = softDevices();
    const handle = RE(count([det], 3));
    const paused = whenIn(RE, "paused");
    RE.pause();
    RE.pause();
    RE.pause(true);
    await paused;
    RE.pause();
    RE.pause(true);
    expect(RE.state).to.equal("paused");
    RE.resume();
    expect((await handle).exitStatus).to.equal("success");
    expect(handle.table().length).to.equal(3);
  });

  it("keep the same handle awaitable, and a resume without a pause is refused", async () => {
    const RE = quietEngine().RE;
    const handle = RE([Msg("pause"), Msg("sleep", null, [0])]);
    expect(() => handle.resume()).to.throw("the plan is running: only a paused plan can be resumed");
    await whenIn(RE, "paused");
    expect(handle.state).to.equal("paused");
    expect(RE.resume()).to.equal(handle);
    expect(RE.state).to.equal("running");
    expect((await handle).exitStatus).to.equal("success");
  });

  it("record no events of monitors meanwhile", async () => {
    const RE = quietEngine().RE;
    const { sensor } = softDevices();
    const handle = RE(function* (): Plan<void> {
      yield* bps.openRun();
      yield* bps.monitor(sensor, { name: "s" });
      yield* bps.pause();
      sensor.post(2);
      yield* bps.closeRun();
    });
    await whenIn(RE, "paused");
    sensor.post(1);
    RE.resume();
    await handle;
    expect(handle.table("s").column("sensor")).to.deep.equal([4.2, 1, 2]);
  });

  it("keep readings out of a bundle that they no longer belong to", async () => {
    const RE = quietEngine().RE;
    const slow = new SlowSensor();
    const asked = slow.asked();
    const handle = RE(function* (): Plan<void> {
      yield* bps.openRun();
      yield* bps.triggerAndRead([slow]);
      yield* bps.closeRun();
    });
    await asked;
    RE.pause();
    await whenIn(RE, "paused");
    slow.answer();
    const askedAgain = slow.asked();
    RE.resume();
    await askedAgain;
    slow.answer();
    await handle;
    expect(handle.table().column("slow")).to.deep.equal([2]);
  });
});
