/**
 * The results of messages, also with odd arguments, are those of bluesky: the same cases as
 * test/peers/bluesky/results.py.
 */

import { expect } from "chai";
import { Msg, type Plan } from "../../../lib/core/protocols/msg";
import { isStatus } from "../../../lib/core/protocols/protocols";
import { Status } from "../../../lib/core/status/status";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { runPython } from "../../peers/peers";
import { expectClose } from "../../support/compareWithBluesky";
import { failure } from "../../support/failure";
import { quietEngine } from "../../support/quietEngine";
import { type Motor, type SoftDevices, softDevices } from "../../support/softDevices";

const NAMED = ["IllegalMessageSequence", "InvalidCommand", "WaitForTimeoutError", "FailedStatus"];

const failing = (device: Motor) => Object.assign(device, { set: () => Status.failed(new Error("stuck")) });
const slow = (device: Motor) => Object.assign(device, { set: () => new Status(() => undefined) });
const seven = async () => 7;

const msg = (command: string, obj: unknown = null, args: readonly unknown[] = [], kwargs = {}, run: unknown = null) =>
  Msg(command, obj, args, kwargs, run);
const OPEN = msg("open_run");
const CREATE = msg("create", null, [], { name: "primary" });
const bundle = (...objs: object[]) => [CREATE, ...objs.map((obj) => msg("read", obj)), msg("save")];
const wait = (kwargs: object) => msg("wait", null, [], { group: "g", timeout: 0.01, ...kwargs });
const monitor = (obj: object, name: string) => msg("monitor", obj, [], { name });
const declare = (d: SoftDevices) => msg("declare_stream", null, [d.det], { name: "x", collect: false });

const CASES: Record<string, (d: SoftDevices) => Msg[]> = {
  "a run opened twice": () => [OPEN, OPEN],
  "runs by key": () => [
    msg("open_run", null, [], {}, "a"),
    msg("open_run", null, [], {}, "b"),
    msg("close_run", null, [], {}, "a"),
    msg("close_run"),
  ],
  "a run closed": () => [OPEN, msg("close_run", null, [], { exit_status: null, reason: null }), msg("close_run")],
  "a run closed as a failure": () => [OPEN, msg("close_run", null, [], { exit_status: "fail", reason: "x" })],
  "create by position, twice": () => [OPEN, msg("create", null, ["primary"]), CREATE],
  "create without a run": () => [CREATE],
  "create in another run": () => [msg("open_run", null, [], {}, "a"), msg("create", null, [], { name: "x" }, "b")],
  "read outside": (d) => [msg("read", d.det), OPEN, msg("read", d.det)],
  "read nothing": () => [msg("read")],
  bundles: (d) => [OPEN, ...bundle(d.det, d.m), ...bundle(d.m, d.det)],
  "an empty bundle": () => [OPEN, CREATE, msg("save"), CREATE, msg("drop")],
  "save and drop without a bundle": () => [OPEN, msg("save"), msg("drop")],
  "save and drop without a run": () => [msg("save"), msg("drop")],
  "other devices in a stream": (d) => [OPEN, ...bundle(d.det), ...bundle(d.det, d.sensor)],
  "fewer devices in a stream": (d) => [OPEN, ...bundle(d.det, d.sensor), ...bundle(d.det)],
  "a checkpoint in a bundle": () => [OPEN, CREATE, msg("checkpoint"), msg("drop"), msg("checkpoint")],
  monitors: (d) => [
    monitor(d.sensor, "s"),
    OPEN,
    msg("unmonitor", d.sensor),
    monitor(d.sensor, "s"),
    monitor(d.sensor, "s"),
    msg("unmonitor", d.sensor),
    monitor(d.det, "d"),
  ],
  "set and trigger": (d) => [
    msg("set", d.m, [3], { group: "g" }),
    msg("trigger", d.det, [], { group: "g" }),
    msg("wait", null, ["g"]),
    msg("set", d.det, [3]),
    msg("trigger", d.m),
    msg("set", null, [3]),
  ],
  "wait for nothing": () => [
    msg("wait", null, [], { group: null }),
    msg("wait", null, [], { group: "unknown" }),
    msg("wait", null, ["x"]),
  ],
  "wait and move on": (d) => [
    msg("set", slow(d.m), [3], { group: "g" }),
    wait({ error_on_timeout: false }),
    wait({ error_on_timeout: true }),
    wait({ error_on_timeout: false, watch: [] }),
  ],
  "a move that fails": (d) => [msg("set", failing(d.m), [3], { group: "g" }), msg("sleep", null, [0.01]), msg("null")],
  "wait for promises": () => [
    msg("wait_for", null, [[seven, seven]]),
    msg("wait_for", null, [[() => new Promise(() => undefined)]], { timeout: 0.01 }),
    msg("wait_for", null, [[3]]),
  ],
  locate: (d) => [
    msg("locate", d.lm),
    msg("locate", d.lm, [], { squeeze: false }),
    msg("locate", d.lm, [d.lm]),
    msg("locate", d.det),
  ],
  stop: (d) => [msg("stop", d.m), msg("stop")],
  stage: (d) => [msg("stage", d.stage), msg("stage", d.det), msg("unstage", d.stage), msg("unstage", d.det)],
  checkpoints: () => [
    msg("checkpoint"),
    msg("rewindable", null, [null]),
    msg("rewindable", null, [false]),
    msg("rewindable", null, [null]),
    msg("rewindable", null, [true]),
    msg("clear_checkpoint"),
    msg("checkpoint"),
  ],
  flying: (d) => [
    msg("kickoff", d.flyer, [], { group: "k" }),
    OPEN,
    msg("kickoff", d.flyer, [], { group: "k" }),
    msg("wait", null, [], { group: "k" }),
    msg("complete", d.flyer, [], { group: "c" }),
    msg("collect", d.flyer, [], { return_payload: false }),
    msg("collect", d.flyer, [], { stream: true }),
    msg("collect", d.det),
  ],
  "collect without a run": (d) => [msg("collect", d.flyer)],
  "declared streams": (d) => [
    declare(d),
    OPEN,
    declare(d),
    msg("create", null, [], { name: "x" }),
    msg("read", d.det),
    msg("save"),
  ],
  configure: (d) => [
    msg("configure", d.det, [2]),
    OPEN,
    msg("configure", d.det, [3]),
    CREATE,
    msg("configure", d.det, [4]),
    msg("drop"),
    msg("configure", d.sensor, [3]),
  ],
  "prepare what can't be": (d) => [msg("prepare", d.det, [1])],
  "sleep, null": (d) => [msg("sleep", null, [0]), msg("sleep", null, [0.001]), msg("null"), msg("null", d.det)],
  consumers: () => [msg("subscribe", null, [() => undefined, "start"]), msg("unsubscribe", null, [], { token: 0 })],
  "an unknown command": () => [msg("fly_away"), msg("null")],
  "pause at the next checkpoint": () => [msg("pause", null, [], { defer: true }), msg("null")],
};

/** A result as JSON; statuses, uids, tokens and errors become words for what they are. */
function answer(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return /^[0-9a-f]{8}-/.test(value) ? "uid" : value;
  if (isStatus(value)) return "status";
  if (Array.isArray(value)) return value.map(answer);
  if (typeof value !== "object") return value;
  const { name } = value as { name?: unknown };
  if (typeof name === "string") return `<${name}>`;
  const entries = Object.entries(value).filter(([key]) => key !== "timestamp");
  return Object.fromEntries(entries.map(([key, item]) => [key, answer(item)]));
}

async function answers(messages: readonly Msg[]): Promise<unknown[]> {
  const result: unknown[] = [];
  function* probing(): Plan<void> {
    for (const message of messages) {
      try {
        const given = yield message;
        const { command } = message;
        // bluesky returns parts of its own here: the descriptor, a function, the devices.
        result.push(
          command === "declare_stream" && given === undefined ? "stream" : command === "subscribe" ? 0 : answer(given),
        );
      } catch (error) {
        const name = (error as Error).constructor.name;
        result.push(`! ${NAMED.includes(name) ? name : "error"}`);
      }
    }
  }
  await quietEngine().RE(probing);
  return result;
}

describe("Messages", () => {
  const RE = quietEngine().RE;

  it("pass their arguments and options to the device", async () => {
    const calls: unknown[][] = [];
    const noting =
      (what: string) =>
      (...args: unknown[]) => {
        calls.push([what, ...args.map((arg) => (Object(arg).signal ? { ...(arg as object), signal: "signal" } : arg))]);
        return Status.completed();
      };
    const names = ["set", "trigger", "prepare", "kickoff", "complete"];
    const device = { name: "x", ...Object.fromEntries(names.map((name) => [name, noting(name)])) };
    await RE([OPEN, ...names.map((name) => msg(name, device, [1], { group: "g", speed: 2 })), msg("close_run")]);
    expect(calls).to.deep.equal([
      ["set", 1, { signal: "signal", speed: 2 }],
      ["trigger", { signal: "signal", speed: 2 }],
      ["prepare", 1, { speed: 2 }],
      ["kickoff", 1, { speed: 2 }],
      ["complete", 1, { speed: 2 }],
    ]);
    calls.length = 0;
    await RE([OPEN, ...names.map((name) => msg(name, device, name === "trigger" ? [] : [1])), msg("close_run")]);
    expect(calls.map((call) => call.slice(1))).to.deep.equal([
      [1, { signal: "signal" }],
      [{ signal: "signal" }],
      [1],
      [1],
      [1],
    ]);
  });

  it("accept both of bluesky's names for waiting and moving on", async () => {
    const { m } = softDevices();
    for (const kwargs of [{ error_on_timeout: false }, { move_on: true }])
      expect((await RE([msg("set", slow(m), [1], { group: "g" }), wait(kwargs)])).planResult).to.equal(false);
  });

  it("report what is wrong with times and names", async () => {
    const { m } = softDevices();
    const said = async (...messages: Msg[]) => (await failure(Promise.resolve(RE(messages)))).message;
    expect(await said(msg("sleep", null, ["1"]))).to.equal("sleep takes seconds, not 1");
    expect(await said(msg("sleep", null, [Number.NaN]))).to.equal("sleep takes seconds, not NaN");
    expect(await said(msg("set", slow(m), [1], { group: "g" }), wait({ timeout: "1" }))).to.equal(
      "wait takes seconds, not 1",
    );
    expect(await said(OPEN, msg("create"))).to.equal('"create" needs the name of a stream');
    expect(await said(OPEN, msg("create", null, [], { name: "__proto__" }))).to.equal(
      "a stream cannot be named __proto__",
    );
    expect(await said(OPEN, ...bundle(new SimMotor()))).to.equal(
      "a SimMotor has no name to record it under: name it, by initDevices({ name: device }) for instance",
    );
    expect(await said(msg("set", m, [1]), msg("read", { name: "x" }))).to.contain("x can't be read");
    expect(await said(msg("set"))).to.equal('"set" got no device: is the name of the device right?');
  });
});

describe("The results of messages, compared with bluesky", () => {
  let bluesky: Record<string, unknown[]>;

  before(async function () {
    this.timeout(60_000);
    bluesky = JSON.parse(await runPython("test/peers/bluesky/results.py")) as Record<string, unknown[]>;
  });

  it("has the same cases as the Python script", () => {
    expect(Object.keys(CASES).sort()).to.deep.equal(Object.keys(bluesky).sort());
  });

  for (const [name, make] of Object.entries(CASES)) {
    it(`are the same for ${name}`, async () => {
      expectClose(await answers(make(softDevices())), bluesky[name] ?? [], name);
    });
  }
});
