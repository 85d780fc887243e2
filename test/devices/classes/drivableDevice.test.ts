import { expect } from "chai";
import { filter, firstValueFrom } from "rxjs";
import type { WatcherUpdate } from "../../../lib/core/protocols/protocols";
import { failure } from "../../support/failure";
import { DESCRIPTION } from "../../support/scriptedNode";
import { item } from "../../support/wait";
import { Plant } from "../plant";

const go = { go: { description: "starts", datainfo: { type: "command" } } };
const tick = () => new Promise((done) => setImmediate(done));

describe("DrivableDevice", () => {
  let plant: Plant;

  const make = async (extra: Record<string, unknown> = {}) => {
    plant = await Plant.start(extra);
    return plant;
  };

  afterEach(() => plant.close());

  it("has reached its target when BUSY ends there, and reports its progress", async () => {
    const { m } = await make();
    plant.onTarget = () => plant.reportStatus(300, "ramping");
    const updates: WatcherUpdate<number>[] = [];
    const status = m.set(11.5);
    status.watch((update) => updates.push(update));
    await plant.taken();
    plant.reportValue(6.5);
    await tick();
    expect(status.done).to.equal(false);
    plant.reportValue(11.5);
    plant.reportStatus(100);
    await status;
    expect(updates[0]).to.include({ name: m.name, initial: 1.5, current: 6.5, target: 11.5, unit: "K", fraction: 0.5 });
    expect(updates.at(-1)).to.include({ current: 11.5, target: 11.5, fraction: 1, time_remaining: 0 });
  });

  it("waits for a BUSY that comes after the answer", async () => {
    const { m } = await make();
    const status = m.set(11.5);
    await plant.node.next("read m:value");
    plant.reportStatus(300, "late");
    plant.reportValue(11);
    plant.reportValue(11.5);
    await tick();
    expect(status.done).to.equal(false);
    plant.reportStatus(100);
    await status;
  });

  it("is done at once if it is at the target already", async () => {
    const { m } = await make();
    await m.set(1.5);
    expect(plant.sent("change")).to.deep.equal(["change m:target 1.5"]);
  });

  it("trusts a node that is never BUSY after a while, and reads its status before", async () => {
    const { m } = await make();
    await m.set(11.5);
    expect(plant.sent("read m:status").length).to.be.within(1, 2);
  });

  it("is done when BUSY ends in FINALIZING or WARN", async () => {
    const { m } = await make();
    for (const code of [390, 200]) {
      plant.onTarget = () => plant.reportStatus(300);
      const status = m.set(code / 10);
      await plant.taken();
      plant.reportValue(code / 10);
      plant.reportStatus(code, "fine");
      await status;
    }
  });

  it("fails with the node's message on ERROR and on DISABLED", async () => {
    const { m } = await make();
    plant.onTarget = () => plant.reportStatus(300);
    for (const [code, word] of [
      [400, "400: quench"],
      [0, "0: quench"],
    ] as const) {
      const status = m.set(20);
      await plant.taken();
      plant.reportStatus(code, "quench");
      expect((await failure(Promise.resolve(status))).message).to.equal(
        `m did not reach 20 K: it is in state ${word} (at 1.5 K)`,
      );
    }
  });

  it("does not mistake an old ERROR for the answer to a new target", async () => {
    const { m } = await make();
    plant.reportStatus(400, "old");
    await item(plant.device.client, "m", "status");
    const status = m.set(11.5);
    await plant.taken();
    plant.reportStatus(300);
    plant.reportValue(11.5);
    plant.reportStatus(100);
    await status;
  });

  it("fails on an ERROR that stays", async () => {
    const { m } = await make();
    plant.reportStatus(400, "broken for long");
    expect((await failure(Promise.resolve(m.set(11.5)))).message).to.contain("broken for long");
  });

  it("starts with the command go if there is one", async () => {
    const { m } = await make(go);
    plant.onCommand = () => {
      plant.reportValue(5);
    };
    await m.set(5);
    expect(plant.node.received.filter((line) => /^(change|do)/.test(line))).to.deep.equal([
      "change m:target 5",
      "do m:go",
    ]);
  });

  it("stops and makes the move fail, and sends nothing if nothing moves", async () => {
    const { m } = await make();
    await m.stop();
    expect(plant.sent("do")).to.deep.equal([]);
    plant.onTarget = () => plant.reportStatus(300);
    const status = m.set(20);
    await plant.taken();
    await m.stop();
    expect((await failure(Promise.resolve(status))).message).to.equal(
      "m was stopped before it reached 20 K (at 1.5 K)",
    );
    expect(plant.sent("do")).to.deep.equal(["do m:stop"]);
  });

  it("cannot be stopped once the node is gone, also if it was idle when it was last heard of", async () => {
    const { m } = await make();
    await plant.node.close();
    const gone = plant.device.client.state$.pipe(filter(({ name }) => name !== "connected"));
    await firstValueFrom(gone);
    expect((await failure(m.stop())).message).to.contain("the node is not connected");
  });

  it("makes a move fail when another one replaces it", async () => {
    const { m } = await make();
    plant.onTarget = () => plant.reportStatus(300);
    const first = m.set(20);
    await plant.taken();
    const taken = plant.taken();
    const second = m.set(30);
    expect((await failure(Promise.resolve(first))).message).to.equal(
      "m was sent to 30 K before it reached 20 K (at 1.5 K)",
    );
    await taken;
    plant.reportValue(30);
    plant.reportStatus(100);
    await second;
  });

  it("fails when another client sets another target", async () => {
    const { m } = await make();
    plant.onTarget = () => plant.reportStatus(300);
    const status = m.set(20);
    await plant.taken();
    plant.target = 7;
    plant.update("target", 7);
    expect((await failure(Promise.resolve(status))).message).to.equal(
      "m got another target, 7 K, before it reached 20 K (at 1.5 K)",
    );
  });

  it("fails at once when the connection is lost", async () => {
    const { m } = await make();
    plant.onTarget = () => plant.reportStatus(300);
    const status = m.set(20);
    await plant.taken();
    plant.node.drop();
    expect((await failure(Promise.resolve(status))).message).to.match(
      /^lost the connection before m reached 20 K \(at 1.5 K\): /,
    );
  });

  it("refuses a wrong target before anything is sent", async () => {
    const { m } = await make();
    const messages = await Promise.all(
      [400, Number.NaN, "x" as never].map(async (value) => (await failure(Promise.resolve(m.set(value)))).message),
    );
    expect(messages).to.deep.equal([
      "cannot set m:target to 400 K: the node allows 0 K to 325 K",
      "cannot set m:target to NaN K: NaN is not a finite number",
      'cannot set m:target to "x": "x" is not a number',
    ]);
    expect(() => m.checkValue(-1)).to.throw("cannot set m:target to -1 K: the node allows 0 K to 325 K");
    expect(plant.sent("change")).to.deep.equal([]);
  });

  it("asks a node with the command check whether it would accept a target, without moving", async () => {
    const { target } = DESCRIPTION.modules.m.accessibles;
    const { m } = await make({ target: { ...target, checkable: true } });
    const usual = plant.node.answer;
    plant.node.answer = (line, peer) => {
      if (line === "check m:target 20") return "checked m:target [20, {}]";
      if (line !== "check m:target 200") return usual(line, peer);
      return 'error_check m:target ["Impossible", "the insert is in", {"closest_valid": 150}]';
    };
    await m.checkValue(20);
    expect((await failure(Promise.resolve(m.checkValue(200)))).message).to.equal(
      "m:target would refuse 200 K: the insert is in, the closest valid value is 150 K",
    );
    expect(() => m.checkValue(-1)).to.throw("cannot set m:target to -1 K: the node allows 0 K to 325 K");
    expect(plant.sent("change")).to.deep.equal([]);
  });

  it("fails at its timeout and when it is aborted, while the module continues to move", async () => {
    const { m } = await make();
    plant.onTarget = () => plant.reportStatus(300, "slow");
    expect((await failure(Promise.resolve(m.set(20, { timeout: 0.05 })))).message).to.equal(
      "gave up waiting for m to reach 20 K (at 1.5 K) after 0.05 s",
    );
    const signal = AbortSignal.abort(new Error("interrupted"));
    expect((await failure(Promise.resolve(m.set(20, { signal })))).message).to.equal(
      "gave up waiting for m to reach 20 K (at 1.5 K): interrupted",
    );
    expect(plant.sent("do")).to.deep.equal([]);
    expect(plant.sent("change")).to.deep.equal(["change m:target 20"]);
    expect((await failure(Promise.resolve(m.waitForIdle({ signal })))).message).to.contain(": interrupted");
  });

  it("says which module controls it when it does not reach its target", async () => {
    const { m } = await make({
      controlled_by: {
        description: "who",
        datainfo: { type: "enum", members: { self: 0, coil: 1 } },
        readonly: true,
      },
    });
    plant.onTarget = () => {
      plant.reportStatus(300);
      plant.update("controlled_by", 1);
    };
    const status = m.set(20);
    await plant.taken();
    plant.reportStatus(400, "taken over");
    expect((await failure(Promise.resolve(status))).message).to.contain("(at 1.5 K, controlled by coil)");
  });

  it("applies an offset that the node leaves to its clients", async () => {
    const offset = { description: "o", datainfo: { type: "double", unit: "K" }, readonly: false };
    plant = await Plant.start({ offset }, {}, { features: ["HasOffset"] });
    const { m } = plant;
    plant.update("offset", 10);
    await item(plant.device.client, "m", "offset");
    expect(await m.value.getValue()).to.equal(11.5);
    plant.onTarget = () => plant.reportStatus(300);
    const status = m.set(20);
    expect(await plant.node.next("change")).to.equal("change m:target 10");
    plant.reportStatus(400, "stuck");
    expect((await failure(Promise.resolve(status))).message).to.equal(
      "m did not reach 20 K: it is in state 400: stuck (at 11.5 K)",
    );
    expect(() => m.checkValue(5)).to.throw("the node allows 10 K to 335 K");
  });

  it("locates itself and waits to be idle", async () => {
    const { m } = await make();
    plant.target = 9;
    expect(await m.locate()).to.deep.equal({ setpoint: 9, readback: 1.5 });
    plant.reportStatus(300);
    const idle = m.waitForIdle();
    await plant.node.next("read m:status");
    expect(idle.done).to.equal(false);
    plant.reportStatus(100);
    await idle;
    plant.reportStatus(400, "hot");
    expect((await failure(Promise.resolve(m.waitForIdle()))).message).to.equal("m is in state 400: hot");
  });
});
