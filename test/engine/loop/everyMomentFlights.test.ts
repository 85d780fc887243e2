/** Ends at every message of a flight: whatever the plan has set in motion stands still afterwards. */

import { expect } from "chai";
import type { Plan } from "../../../lib/core/protocols/msg";
import type { DataKeys } from "../../../lib/core/protocols/protocols";
import { Status } from "../../../lib/core/status/status";
import { initDevices, SimMotor } from "../../../lib/index";
import { bpp, bps } from "../../../lib/plans";
import { atMessage } from "../../support/atMessage";
import { quietEngine } from "../../support/quietEngine";
import { whenIn } from "../../support/whenIn";

/** A flyer whose preparation and flight take 20 turns of the event loop, unless it is stopped. */
class Glider {
  readonly name = "glider";
  stopOnExit?: boolean;
  /** What it does at the moment; it may have taken off and not landed. */
  doing = "";
  landed = true;
  /** Counts what it was sent to do; a stop counts, too. */
  #ways = 0;

  prepare(_value: number): Status {
    return this.#take("prepares");
  }

  kickoff(): Status {
    this.landed = false;
    return Status.completed(this.name);
  }

  complete(): Status {
    return this.#take("flies");
  }

  stop(): void {
    this.doing = "";
    this.#ways += 1;
    this.landed = true;
  }

  describeCollect(): DataKeys {
    return {};
  }

  collect(): [] {
    return [];
  }

  #take(doing: string): Status {
    this.doing = doing;
    this.#ways += 1;
    const way = this.#ways;
    return new Status((resolve, reject) => {
      let turns = 20;
      const turn = () => {
        if (this.#ways !== way) return reject(new Error("glider was stopped"));
        turns -= 1;
        if (turns > 0) return void setImmediate(turn);
        this.doing = "";
        if (doing === "flies") this.landed = true;
        resolve();
      };
      setImmediate(turn);
    }, this.name);
  }
}

const flight = (glider: Glider) =>
  bpp.runWrapper(
    (function* (): Plan<void> {
      yield* bps.prepare(glider, 1, { wait: true });
      yield* bps.checkpoint();
      yield* bps.kickoff(glider, { wait: true });
      yield* bps.null_();
      yield* bps.sleep(0);
      yield* bps.complete(glider, { wait: true });
      yield* bps.null_();
    })(),
  );

async function countMessages(): Promise<number> {
  const { RE } = quietEngine();
  let count = 0;
  RE.msgHook = () => {
    count += 1;
  };
  await RE(flight(new Glider()));
  return count;
}

describe("A flight at every moment", () => {
  let messages = 0;
  before(async () => {
    messages = await countMessages();
    expect(messages).to.be.greaterThan(9);
  });

  for (const later of [false, true]) {
    const when = later ? "while a message is under way" : "when a message comes";

    for (const verb of ["abort", "stop", "halt"] as const) {
      it(`is stopped by ${verb} ${when}`, async () => {
        for (let index = 0; index < messages; index += 1) {
          const { RE } = quietEngine();
          const glider = new Glider();
          atMessage(RE, index, later, () => void RE[verb]());
          await RE(flight(glider));
          expect({ doing: glider.doing, landed: glider.landed }, `message ${index}`).to.deep.equal({
            doing: "",
            landed: true,
          });
        }
      });
    }

    it(`goes on through a pause, whose preparation is done again, ${when}`, async () => {
      for (let index = 0; index < messages; index += 1) {
        const { RE } = quietEngine();
        const glider = new Glider();
        atMessage(RE, index, later, () => RE.pause());
        const handle = RE(flight(glider));
        await whenIn(RE, "paused", "idle");
        if (RE.state === "paused") {
          expect(glider.doing, `message ${index}`).to.not.equal("prepares");
          RE.resume();
        }
        expect((await handle).exitStatus, `message ${index}`).to.equal("success");
        expect(glider.landed, `message ${index}`).to.equal(true);
      }
    });
  }

  it("goes on after a failed plan if its policy says so, and after a plan that ended by itself", async () => {
    const { RE } = quietEngine();
    const takesOff = (glider: Glider, fails: boolean) =>
      bpp.runWrapper(
        (function* (): Plan<void> {
          yield* bps.kickoff(glider, { wait: true });
          if (fails) throw new Error("oh");
        })(),
      );
    const flown = async (fails: boolean, stopOnExit?: boolean) => {
      const glider = new Glider();
      if (stopOnExit !== undefined) glider.stopOnExit = stopOnExit;
      await RE(takesOff(glider, fails)).catch(() => undefined);
      return glider.landed;
    };
    expect([await flown(false), await flown(true), await flown(true, false), await flown(false, true)]).to.deep.equal([
      false,
      true,
      false,
      true,
    ]);
  });

  for (const verb of ["abort", "halt"] as const) {
    it(`of a simulated motor ends by ${verb}, in its preparation as well`, async () => {
      for (const delay of [5, 40, 80]) {
        const { RE } = quietEngine();
        const { motor } = await initDevices({ motor: new SimMotor("motor", { velocity: 50, acceleration: 0 }) });
        const plan = bpp.runWrapper(
          (function* (): Plan<void> {
            yield* bps.prepare(motor, { start: 1, end: 100, time: 10 }, { wait: true });
            yield* bps.kickoff(motor, { wait: true });
            yield* bps.sleep(10);
          })(),
        );
        const run = RE(plan);
        await new Promise((resolve) => setTimeout(resolve, delay));
        await RE[verb]();
        await run;
        const place = motor.position;
        await new Promise((resolve) => setTimeout(resolve, 30));
        expect(motor.position).to.equal(place);
      }
    });
  }
});
