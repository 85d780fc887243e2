import { expect } from "chai";
import type { Plan } from "../../../lib/core/protocols/msg";
import { softSignalRw } from "../../../lib/core/signal/softSignal";
import { type FlyerLogic, StandardFlyer } from "../../../lib/core/standard/standardFlyer";
import type { Event } from "../../../lib/engine/documents/documents";
import { makeRunEngine } from "../../../lib/engine/runEngine";
import { bps } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { failure } from "../../support/failure";

interface Pulses {
  readonly count: number;
}

/** A pulse generator that runs until the test ends it. */
class PulseGenerator implements FlyerLogic<Pulses> {
  readonly done: string[] = [];
  finish: (error?: Error) => void = () => {};
  #end = Promise.resolve();

  async prepare({ count }: Pulses): Promise<void> {
    if (count < 1) throw new Error("no pulses to give");
    this.done.push(`prepare ${count}`);
  }

  kickoff(): void {
    this.done.push("kickoff");
    this.#end = new Promise((resolve, reject) => {
      this.finish = (error) => (error ? reject(error) : resolve());
    });
  }

  async complete(): Promise<void> {
    await this.#end;
    this.done.push("complete");
  }

  stop(): void {
    this.done.push("stop");
    this.finish(new Error("pulses: stopped"));
  }
}

class Pulser extends StandardFlyer<Pulses> {
  readonly width = softSignalRw(0.5, { units: "s" });

  constructor(logic: FlyerLogic<Pulses>, name: string) {
    super(logic, name);
    this.addReadables([this.width], "config");
  }
}

describe("StandardFlyer", () => {
  it("runs while the plan does other things, between kickoff and complete", async () => {
    const pulses = new PulseGenerator();
    const pulser = new Pulser(pulses, "pulser");
    const detector = new SimDetector("det");
    const engine = makeRunEngine();
    const events: Event[] = [];
    engine.subscribe((name, doc) => void (name === "event" && events.push(doc as Event)));
    function* plan(): Plan<void> {
      yield* bps.openRun();
      yield* bps.prepare(pulser, { count: 3 }, { wait: true });
      yield* bps.kickoff(pulser, { wait: true });
      const status = yield* bps.complete(pulser, { wait: false, group: "end" });
      expect(status?.done).to.equal(false);
      yield* bps.triggerAndRead([detector]);
      pulses.finish();
      yield* bps.wait("end");
      yield* bps.closeRun();
    }
    expect((await engine(plan())).exitStatus).to.equal("success");
    expect(pulses.done.slice(0, 3)).to.deep.equal(["prepare 3", "kickoff", "complete"]);
    expect(events).to.have.length(1);
    expect(Object.keys(await pulser.readConfiguration())).to.deep.equal(["pulser-width"]);
  });

  it("fails the status of the step that fails, and can be stopped", async () => {
    const pulses = new PulseGenerator();
    const pulser = new StandardFlyer(pulses, "pulser");
    expect((await failure(Promise.resolve(pulser.prepare({ count: 0 })))).message).to.equal("no pulses to give");
    await pulser.kickoff();
    const status = pulser.complete();
    await pulser.stop();
    expect((await failure(Promise.resolve(status))).message).to.equal("pulses: stopped");
    expect(status.name).to.equal("pulser");
  });

  it("has types", () => {
    const check = (pulser: StandardFlyer<Pulses>) => {
      // @ts-expect-error there is no such field
      pulser.prepare({ number: 3 });
    };
    expect(check).to.be.a("function");
  });
});
