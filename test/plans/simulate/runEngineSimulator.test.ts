import { expect } from "chai";
import type { Plan } from "../../../lib/core/protocols/msg";
import { softSignalRw } from "../../../lib/core/signal/softSignal";
import { assertMessageAndReturnRemaining, bps, count, RunEngineSimulator, settle, subscribe } from "../../../lib/plans";
import { softDevices } from "../../support/softDevices";

describe("RunEngineSimulator", () => {
  it("lists the messages of a plan and answers them by handlers", () => {
    const { det } = softDevices();
    const simulator = new RunEngineSimulator();
    simulator.addReadHandlerFor(det, 7);
    simulator.addHandler("open_run", () => "uid");
    let waits = 0;
    simulator.addWaitHandler(() => {
      waits += 1;
      return true;
    });
    const messages = simulator.simulatePlan(function* (): Plan<number> {
      yield* count([det], 2);
      return (yield* bps.rd(det)) as number;
    });
    expect(simulator.returnValue).to.equal(7);
    expect(waits).to.equal(2);
    const rest = assertMessageAndReturnRemaining(messages, (msg) => msg.command === "trigger" && msg.obj === det);
    expect(rest.map((msg) => msg.command).slice(0, 3)).to.deep.equal(["trigger", "wait", "create"]);
    expect(() => assertMessageAndReturnRemaining(messages, (msg) => msg.command === "fly")).to.throw("none of the");
  });

  it("lets the plan's sleeps pass on its clock", () => {
    const { det } = softDevices();
    const simulator = new RunEngineSimulator();
    simulator.addReadHandlerFor(det, 5);
    const messages = simulator.simulatePlan(settle(det, 5, { tolerance: 1, time: 600, interval: 100 }));
    expect(messages.filter((msg) => msg.command === "sleep")).to.have.length(6);
  });

  it("passes documents to the callbacks that a plan subscribes", () => {
    const simulator = new RunEngineSimulator();
    simulator.addHandlerForCallbackSubscribes();
    const stop = { uid: "a", time: 0, run_start: "b", exit_status: "success", reason: "", num_events: {} } as const;
    simulator.addCallbackHandlerFor("close_run", "stop", stop);
    const heard: string[] = [];
    simulator.simulatePlan(function* (): Plan<void> {
      yield* subscribe("all", (name, _doc) => {
        heard.push(name);
      });
      yield* bps.closeRun();
    });
    expect(heard).to.deep.equal(["stop"]);
  });

  it("answers rd of a device with a position by its read handlers, of which the newest counts", () => {
    const simulator = new RunEngineSimulator();
    const position = softSignalRw(0, { name: "position" });
    simulator.addReadHandlerFor(position, 1);
    simulator.addWaitHandler(() => simulator.addReadHandlerFor(position, 5));
    const messages = simulator.simulatePlan(function* (): Plan<readonly number[]> {
      const before: number = yield* bps.rd(position);
      yield* bps.absSet(position, 5, { wait: true });
      const after: number = yield* bps.rd(position);
      return [before, after];
    });
    expect(simulator.returnValue).to.deep.equal([1, 5]);
    expect(messages.map(({ command }) => command)).to.deep.equal(["locate", "set", "wait", "locate"]);
  });
});
