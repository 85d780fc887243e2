/** Devices of users whose methods are async, or return a promise, instead of a Status. */

import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import {
  type Flyable,
  type Movable,
  Msg,
  type Plan,
  type Preparable,
  type Stageable,
  StandardReadable,
  Status,
  type Stoppable,
  softSignalRAndSetter,
  type Triggerable,
} from "../../lib/core";
import { errorText } from "../../lib/errors";
import {
  absSet,
  closeRun,
  complete,
  count,
  kickoff,
  mv,
  openRun,
  prepare,
  scan,
  stage,
  stop,
  unstage,
  wait,
} from "../../lib/plans";
import { quietEngine } from "../support/quietEngine";

/** A shutter as a user of ophyd-async would write it. */
class Shutter extends StandardReadable implements Movable<number>, Triggerable, Preparable<number>, Flyable, Stoppable {
  readonly done: string[] = [];
  readonly position;
  readonly #put: (value: number) => void;
  #stopped = false;

  constructor(name: string) {
    super();
    const [position, put] = softSignalRAndSetter(0, { units: "mm" });
    this.position = position;
    this.#put = put;
    this.addReadables([position]);
    this.setName(name);
  }

  async set(value: number): Promise<void> {
    this.#stopped = false;
    for (let step = 0; step < 4 && !this.#stopped; step += 1) await delay(2);
    if (value > 10) throw new Error(`the shutter jams at ${value}`);
    if (!this.#stopped) this.#put(value);
    this.done.push(this.#stopped ? "set stopped" : `set ${value}`);
  }

  async trigger(): Promise<void> {
    await delay(1);
    this.done.push("trigger");
  }

  override async stage(): Promise<void> {
    await delay(1);
    this.done.push("stage");
  }

  override async unstage(): Promise<void> {
    await delay(1);
    this.done.push("unstage");
  }

  prepare(value: number): Promise<void> {
    return delay(1).then(() => void this.done.push(`prepare ${value}`));
  }

  async kickoff(): Promise<void> {
    await delay(1);
    this.done.push("kickoff");
  }

  async complete(): Promise<void> {
    await delay(1);
    this.done.push("complete");
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await delay(1);
    this.done.push("stop");
  }
}

const failure = async (handle: PromiseLike<unknown>): Promise<string> => await handle.then(() => "no error", errorText);

describe("async methods of own devices", () => {
  it("are waited for as a Status is, in moves, measurements, stages, preparations and flights", async () => {
    const { RE } = quietEngine();
    const shutter = new Shutter("shutter");
    const run = await RE(scan([shutter], shutter, 1, 2, 2));
    expect(run.table().column("shutter-position")).to.deep.equal([1, 2]);
    expect(shutter.done).to.deep.equal(["stage", "set 1", "trigger", "set 2", "trigger", "unstage"]);
    shutter.done.length = 0;
    await RE(function* (): Plan<void> {
      yield* stage(shutter, { wait: true });
      yield* prepare(shutter, 5, { wait: true });
      yield* openRun();
      yield* kickoff(shutter, { wait: true });
      yield* complete(shutter, { wait: true });
      yield* closeRun();
      yield* stop(shutter);
      yield* unstage(shutter, { wait: true });
    });
    expect(shutter.done).to.deep.equal(["stage", "prepare 5", "kickoff", "complete", "stop", "unstage"]);
  });

  it("give plans a Status, whose failure fails the plan with the device and the value", async () => {
    const { RE } = quietEngine();
    const shutter = new Shutter("shutter");
    const run = await RE(function* (): Plan<unknown> {
      const status = yield* absSet(shutter, 3, { group: "g" });
      yield* wait("g");
      return status;
    });
    expect(run.planResult).to.be.instanceOf(Status);
    expect(String(run.planResult)).to.equal("shutter · done");
    expect(await failure(RE(mv(shutter, 11)))).to.match(
      /^set of shutter to 11 failed: the shutter jams at 11|shutter.*the shutter jams at 11/,
    );
    expect(await failure(RE(mv(shutter, 1, { timeout: 0.001 })))).to.match(/0\.001 s|1 ms/);
  });

  it("are stopped as other devices when the plan is aborted", async () => {
    const { RE } = quietEngine();
    const shutter = new Shutter("shutter");
    const handle = RE(mv(shutter, 5));
    await delay(1);
    const run = await handle.abort();
    expect(run.exitStatus).to.equal("abort");
    await delay(15);
    expect(shutter.done).to.include.members(["stop", "set stopped"]);
    expect(await shutter.position.getValue()).to.equal(0);
  });

  it("work for children of a device that is staged", async () => {
    const { RE } = quietEngine();
    class Table extends StandardReadable {
      readonly shutter = new Shutter("");

      constructor() {
        super();
        this.addReadables([this.shutter]);
        this.setName("table");
      }
    }
    const table = new Table();
    await RE(count([table]));
    expect(table.shutter.done).to.deep.equal(["stage", "unstage"]);
  });

  it("are distinguished from methods that return nothing", async () => {
    const { RE } = quietEngine();
    const wrong = { name: "wrong", set: () => undefined };
    expect(await failure(RE([Msg("set", wrong, [1])]))).to.equal(
      "set() of wrong returned undefined, not a Status: return one, or make it async",
    );
    const stageable: Stageable & { name: string } = { name: "ok", stage: () => [], unstage: async () => {} };
    await RE(function* (): Plan<void> {
      yield* stage(stageable);
      yield* unstage(stageable, { wait: true });
    });
  });
});
