import { expect } from "chai";
import { waitForValue } from "../../../lib/core/signal/observe";
import type { SignalR } from "../../../lib/core/signal/signal";
import type { Status } from "../../../lib/core/status/status";
import type { AcquisitionControllerDevice, AcquisitionDevice } from "../../../lib/devices/classes/acquisition";
import type { DynamicNode } from "../../../lib/devices/node/secopNodeDevice";
import type { Event } from "../../../lib/engine/documents/documents";
import { makeRunEngine } from "../../../lib/engine/runEngine";
import { count, preview, scan } from "../../../lib/plans";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { simulate } from "../../../lib/sim/simulate";
import { type FrappyServer, startFrappy } from "../../peers/frappy";
import { failure, failureText } from "../../support/failure";
import { DESCRIPTION } from "../../support/scriptedNode";
import { whenIn } from "../../support/whenIn";
import { closeAll, connectTo } from "../connect";
import { Plant } from "../plant";

const command = (description: string) => ({ description, datainfo: { type: "command" } });
const COMMANDS = { go: command("start"), hold: command("pause"), prepare: command("arm") };
const GOALS = {
  goal: { description: "goal", datainfo: { type: "double" }, readonly: false },
  goal_enable: { description: "whether it ends it", datainfo: { type: "bool" }, readonly: false },
};

describe("an acquisition", () => {
  let plant: Plant;
  let m: AcquisitionDevice<number>;

  const start = async (accessibles: Record<string, unknown> = { ...COMMANDS, ...GOALS }) => {
    plant = await Plant.start(accessibles, {}, { interface_classes: ["Acquisition", "Readable"] });
    m = plant.device.m as AcquisitionDevice<number>;
    plant.onCommand = (specifier) => {
      if (specifier === "m:go") plant.reportStatus(300, "counting");
      if (specifier === "m:hold") plant.reportStatus(100, "held");
      if (specifier === "m:stop") plant.reportStatus(100, "stopped");
    };
  };

  /** Starts an acquisition and waits until it is under way. */
  const underWay = async (): Promise<{ readonly status: Status }> => {
    const status = m.trigger();
    await plant.node.next("do m:go");
    await plant.device.client.ping();
    return { status };
  };

  const commands = () => plant.sent("do ").map((line) => line.replace("do m:", ""));

  afterEach(() => plant.close());

  it("is done when BUSY has ended", async () => {
    await start();
    const { status } = await underWay();
    expect(status.done).to.equal(false);
    plant.reportStatus(100, "goal reached");
    await status;
  });

  it("has its values when it is done, even if the node reports the end before the last value", async () => {
    await start();
    void m.stage();
    m.value.subscribe(() => {});
    const { status } = await underWay();
    plant.reportValue(3);
    plant.value = 5;
    plant.reportStatus(100, "goal reached");
    await status;
    expect(Object.values(await m.read())[0]?.value).to.equal(5);
    void m.unstage();
  });

  it("fails with the node's message on ERROR", async () => {
    await start();
    const { status } = await underWay();
    plant.reportStatus(400, "no light");
    expect((await failure(Promise.resolve(status))).message).to.contain(
      "m did not finish the acquisition: it is in state 400: no light",
    );
  });

  it("is not done while it is held, and continues", async () => {
    await start();
    const { status } = await underWay();
    await m.pause();
    await plant.device.client.ping();
    expect(m.status.getValue({ cached: true })).to.deep.equal(["IDLE", "held"]);
    expect(status.done).to.equal(false);
    await m.resume();
    await plant.device.client.ping();
    expect(status.done).to.equal(false);
    plant.reportStatus(100);
    await status;
    expect(commands()).to.deep.equal(["go", "hold", "go"]);
  });

  it("ends when it is stopped, whether it runs or is held", async () => {
    await start();
    const running = (await underWay()).status;
    await m.stop();
    await running;
    const held = (await underWay()).status;
    await m.pause();
    await m.stop();
    await held;
    expect(commands()).to.deep.equal(["go", "stop", "go", "hold", "stop"]);
  });

  it("fails on an ERROR while it is held", async () => {
    await start();
    const { status } = await underWay();
    await m.pause();
    plant.reportStatus(400, "overheated");
    expect((await failure(Promise.resolve(status))).message).to.contain("400: overheated");
  });

  it("sends nothing if no acquisition runs", async () => {
    await start();
    await m.pause();
    await m.resume();
    await m.stop();
    expect(commands()).to.deep.equal([]);
  });

  it("continues to its end if the module cannot hold it", async () => {
    await start({ go: COMMANDS.go });
    const { status } = await underWay();
    await m.pause();
    await m.resume();
    plant.reportStatus(100);
    await status;
    expect(commands()).to.deep.equal(["go"]);
  });

  it("fails when the module is not ready in time, or when it is aborted", async () => {
    await start();
    plant.onCommand = (specifier) => specifier === "m:prepare" && plant.reportStatus(340, "cooling");
    const waiting = "gave up waiting for m to be idle (it is 340: cooling)";
    expect(await failureText(m.prepare(5, { timeout: 0.05 }))).to.equal(`${waiting} after 0.05 s`);
    const abort = new AbortController();
    const aborted = failureText(m.prepare(5, { signal: abort.signal }));
    await plant.node.next("read m:status");
    abort.abort();
    expect(await aborted).to.equal(`${waiting}: aborted`);
  });

  it("sets a goal or none when it is prepared", async () => {
    await start();
    await m.prepare(5);
    await m.prepare(null);
    const sent = plant.node.received.filter((line) => /^(change|do)/.test(line));
    expect(sent).to.deep.equal([
      "change m:goal 5",
      "change m:goal_enable true",
      "do m:prepare",
      "change m:goal_enable false",
      "do m:prepare",
    ]);
  });
});

describe("the expected duration of an acquisition", () => {
  afterEach(closeAll);

  const channel = (unit: string) => ({
    description: "",
    interface_classes: ["AcquisitionChannel", "Readable"],
    accessibles: {
      value: { description: "", datainfo: { type: "double", unit }, readonly: true },
      go: COMMANDS.go,
      status: DESCRIPTION.modules.m.accessibles.status,
      ...GOALS,
    },
  });

  it("is its goal, if the goal is a time", async () => {
    const control = {
      description: "",
      interface_classes: ["AcquisitionController"],
      acquisition_channels: { t: "time", n: "counts" },
      accessibles: { status: DESCRIPTION.modules.m.accessibles.status, go: COMMANDS.go },
    };
    const single = { ...channel("s"), interface_classes: ["Acquisition", "Readable"] };
    const modules = { control, time: channel("s"), counts: channel("counts"), single };
    const sim = await simulate({ equipment_id: "n", description: "", modules });
    try {
      const node = await connectTo(sim.uri);
      await node.counts.goal.set(1000);
      await node.counts.goal_enable.set(true);
      expect(node.control.expectedDuration("trigger")).to.equal(undefined);
      await node.control.prepare({ t: 3 });
      await node.single.prepare(2);
      expect(node.control.expectedDuration("trigger")).to.equal(3);
      const plan = await preview(count([node.control, node.single], 4));
      expect([plan.seconds, plan.unknownDurations]).to.deep.equal([12, 0]);
      await node.control.prepare({ t: null });
      expect(node.control.expectedDuration("trigger")).to.equal(undefined);
    } finally {
      await closeAll();
      await sim.close();
    }
  });
});

describe("acquisitions of a real node in a run", function () {
  this.timeout(120_000);
  let server: FrappyServer;
  let node: DynamicNode;

  before(async () => {
    server = await startFrappy("acquisition");
    node = await connectTo(server.uri);
    for (const module of [node.control, node.chan1, node.chan2]) await module.pollinterval.set(0.1);
  });

  after(async () => {
    await closeAll();
    await server.stop();
  });

  const run = (plan: Parameters<ReturnType<typeof makeRunEngine>>[0]) => {
    const engine = makeRunEngine();
    const events: Event[] = [];
    engine.subscribe((name, doc) => void (name === "event" && events.push(doc as Event)));
    return { engine, events, handle: engine(plan) };
  };

  it("are points of a scan: the channels are read together when the goal is reached", async () => {
    const control = node.control as AcquisitionControllerDevice;
    await control.prepare({ first: 3, second: null });
    const motor = new SimMotor("motor");
    const { events, handle } = run(scan([control], motor, 0, 1, 2));
    expect((await handle).exitStatus).to.equal("success");
    expect(events).to.have.length(2);
    for (const { data } of events) {
      expect(data).to.have.all.keys(
        ...["motor", "motor-setpoint", "acquisition-test-chan1-value", "acquisition-test-chan2-value"],
      );
      expect(data["acquisition-test-chan1-value"]).to.be.at.least(3);
    }
  });

  it("are held while the run is paused, and continue with it", async () => {
    const control = node.control as AcquisitionControllerDevice;
    await control.prepare({ first: 8, second: null });
    const { events, engine, handle } = run(count([control], 1));
    const status = control.status as SignalR<readonly [string, string]>;
    await waitForValue(status, ([code]) => code === "BUSY");
    engine.pause();
    await waitForValue(status, ([, text]) => text === "paused");
    await whenIn(engine, "paused");
    engine.resume();
    expect((await handle).exitStatus).to.equal("success");
    expect(events).to.have.length(1);
    expect(events[0]?.data["acquisition-test-chan1-value"]).to.be.at.least(8);
  });
});
