/**
 * Pauses and ends at every message of one plan that moves a SECoP, an EPICS and a Tango device, flight
 * included.
 */

import { expect } from "chai";
import type { Plan } from "../../../lib/core/protocols/msg";
import type { Document } from "../../../lib/engine/documents/documents";
import {
  disposeDevices,
  EpicsMotor,
  initDevices,
  type RunEngine,
  type RunResult,
  SecopNodeDevice,
  startSimNode,
  TangoMovable,
  tangoSignalRw,
} from "../../../lib/index";
import { bpp, bps } from "../../../lib/plans";
import type { SimNode } from "../../../lib/sim/runNode";
import { type Movers, startMovers } from "../../peers/movers";
import { atMessage, whenAllEnded } from "../../support/atMessage";
import {
  differentShapes,
  eventsOf,
  expectRightDocuments,
  expectValid,
  startsOf,
  stopsOf,
} from "../../support/documentChecks";
import { quietEngine } from "../../support/quietEngine";
import { whenIn } from "../../support/whenIn";

/** Labs that are interrupted side by side. */
const LANES = 8;
const TARGETS = { tango: 3, cryo: 10.8 } as const;
/** Where the flight of the EPICS motor ends, beyond its last point by the way that it needs to slow down. */
const FLIGHT = { start: 1, end: 2, time: 0.05 } as const;
const VELOCITY = 40;

const connect = (uri: string, number: number, movers: Movers) =>
  initDevices({
    lab: new SecopNodeDevice(uri, { name: "lab", logDir: "", logLevel: "CRITICAL" }),
    motor: new EpicsMotor(`MIX:${number}`),
    stage: new TangoMovable(movers.tangoMotor(number), { tolerance: 0.001 }),
    speed: tangoSignalRw(Number, `${movers.tangoMotor(number).replace("#", "/velocity#")}`),
  });

/** A device of each control system and an engine, which go through interruptions one after the other. */
class Lane {
  readonly RE: RunEngine = quietEngine({ recordInterruptions: true }).RE;
  readonly everything: Document[] = [];
  documents: Document[] = [];
  /** How often each device is staged at the moment. */
  readonly staged = new Map<string, number>();
  readonly #devices: Awaited<ReturnType<typeof connect>>;

  private constructor(devices: Awaited<ReturnType<typeof connect>>) {
    this.#devices = devices;
    for (const device of this.#used()) this.#countStages(device);
    this.RE.documents$.subscribe((document) => {
      this.documents.push(document);
      this.everything.push(document);
    });
  }

  static async make(uri: string, number: number, movers: Movers): Promise<Lane> {
    const devices = await connect(uri, number, movers);
    await Promise.all([devices.motor.velocity.set(VELOCITY), devices.speed.set(60)]);
    await devices.motor.accelerationTime.set(0.01);
    return new Lane(devices);
  }

  close(): Promise<void> {
    return disposeDevices(this.#devices);
  }

  /** The number of messages of the plan. */
  async countMessages(): Promise<number> {
    let messages = 0;
    this.RE.msgHook = () => {
      messages += 1;
    };
    expectWhole(this, await this.#run(), "undisturbed");
    return messages;
  }

  /** Runs the plan and calls `interrupt` in it. If the plan pauses, `afterPause` is called. */
  interrupted(
    index: number,
    later: boolean,
    interrupt: (RE: RunEngine) => unknown,
    afterPause: (RE: RunEngine) => unknown = () => undefined,
  ): Promise<RunResult<string>> {
    atMessage(this.RE, index, later, () => void interrupt(this.RE));
    return this.#run(afterPause);
  }

  /** Where the devices are; twice the same if nothing moves. */
  async positions(): Promise<readonly number[]> {
    const { motor, stage, lab } = this.#devices;
    const found = await Promise.all([motor, stage].map(async (device) => (await device.locate()).readback));
    return [...found, await lab.cryo.target.getValue({ cached: false })];
  }

  /**
   * Waits until the cryostat is idle, then what each device says about moving, and the velocity that a flight
   * changes for its time.
   */
  async states(): Promise<unknown> {
    const { motor, stage, lab } = this.#devices;
    const [done, velocity] = await Promise.all([motor.doneMoving.getValue(), motor.velocity.getValue()]);
    const state = await stage.state.getValue({ cached: false });
    await lab.cryo.waitForIdle();
    return { done, velocity, state };
  }

  async #run(afterPause: (RE: RunEngine) => unknown = () => undefined): Promise<RunResult<string>> {
    const { RE } = this;
    const { motor, stage, lab } = this.#devices;
    await Promise.all([motor.set(0), stage.set(0), lab.cryo.set(10)]);
    this.documents = [];
    const staged = bpp.stageWrapper(bpp.runWrapper(this.#journey()), this.#used());
    const handle = RE(bpp.monitorDuringWrapper(staged, [lab.sensor.value]));
    await whenIn(RE, "paused", "idle");
    if (RE.state === "paused") afterPause(RE);
    return handle;
  }

  *#journey(): Plan<void> {
    const { motor, stage, lab } = this.#devices;
    yield* bps.checkpoint();
    yield* bps.absSet(stage, TARGETS.tango, { group: "way" });
    yield* bps.absSet(lab.cryo, TARGETS.cryo, { group: "way" });
    yield* bps.prepare(motor, FLIGHT, { wait: true });
    yield* bps.checkpoint();
    yield* bps.kickoff(motor, { wait: true });
    yield* bps.sleep(0);
    yield* bps.complete(motor, { wait: true });
    yield* bps.wait("way");
    yield* bps.checkpoint();
    yield* bps.triggerAndRead([motor, stage, lab.cryo, lab.sensor]);
  }

  #used() {
    const { motor, stage, lab } = this.#devices;
    return [motor, stage, lab.cryo, lab.sensor];
  }

  #countStages(device: { readonly name: string; stage(): unknown; unstage(): unknown }): void {
    const { stage, unstage } = device;
    const count = (change: number) => this.staged.set(device.name, (this.staged.get(device.name) ?? 0) + change);
    device.stage = () => {
      count(1);
      return stage.call(device);
    };
    device.unstage = () => {
      count(-1);
      return unstage.call(device);
    };
  }
}

async function expectLeftClean(lane: Lane, what: string): Promise<void> {
  expect(
    { state: lane.RE.state, staged: [...lane.staged.values()].filter((times) => times !== 0) },
    what,
  ).to.deep.equal({
    state: "idle",
    staged: [],
  });
  const standing = { done: 1, velocity: VELOCITY, state: "ON" };
  expect(await lane.states(), what).to.deep.equal(standing);
  const there = await lane.positions();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(await lane.positions(), `${what}: nothing moves`).to.deep.equal(there);
  expect(stopsOf(lane.documents), what).to.have.length(startsOf(lane.documents).length);
  expectRightDocuments(lane.documents);
}

function expectWhole(lane: Lane, result: RunResult<string>, what: string): void {
  expect(result, what).to.include({ exitStatus: "success", interrupted: false });
  const [event] = eventsOf(lane.documents, "primary").slice(-1);
  expect(event?.data.stage, what).to.equal(TARGETS.tango);
  expect(event?.data["lab-cryo-value"], what).to.be.closeTo(TARGETS.cryo, 0.5);
  expect(event?.data.motor, what).to.be.at.least(FLIGHT.end);
  expect(stopsOf(lane.documents)[0]?.num_events.primary, what).to.equal(1);
}

const VERBS = { abort: "abort", stop: "success", halt: "abort" } as const;

describe("A plan across SECoP, EPICS and Tango at every moment", function () {
  this.timeout(180_000);
  let sims: SimNode[] = [];
  let movers: Movers;
  let lanes: Lane[] = [];
  let messages = 0;
  const reported: string[] = [];
  const { error } = console;

  /** The lanes share the messages of the plan; odd ones are interrupted while they are under way. */
  async function atEveryMessage(
    interrupt: (RE: RunEngine) => unknown,
    afterPause: ((RE: RunEngine) => unknown) | undefined,
    check: (lane: Lane, result: RunResult<string>, what: string) => void,
  ): Promise<void> {
    await whenAllEnded(
      lanes.map(async (lane, first) => {
        for (let moment = first; moment < 2 * messages; moment += lanes.length) {
          const [index, later] = [Math.floor(moment / 2), moment % 2 === 1];
          const what = `${later ? "during" : "at"} message ${index}`;
          check(lane, await lane.interrupted(index, later, interrupt, afterPause), what);
          await expectLeftClean(lane, what);
        }
      }),
    );
  }

  before(async () => {
    console.error = (text: string) => void reported.push(text);
    movers = await startMovers(LANES);
    sims = await Promise.all(
      Array.from({ length: LANES }, () => startSimNode({ speed: 2000, modules: ["cryo", "heater", "sensor"] })),
    );
    lanes = await Promise.all(sims.map(({ uri }, i) => Lane.make(uri, i + 1, movers)));
    messages = await (lanes[0] as Lane).countMessages();
    expect(messages).to.be.greaterThan(30);
  });

  after(async () => {
    console.error = error;
    await Promise.all(lanes.map((lane) => lane.close()));
    await Promise.all([...sims.map((sim) => sim.close()), movers.stop()]);
  });

  it("is paused and resumed", () =>
    atEveryMessage(
      (RE) => RE.pause(),
      (RE) => RE.resume(),
      expectWhole,
    ));

  for (const [verb, exitStatus] of Object.entries(VERBS) as [keyof typeof VERBS, "abort" | "success"][]) {
    const end = (RE: RunEngine) => RE[verb]();
    const check = (lane: Lane, result: RunResult<string>, what: string) => {
      if (!result.interrupted) return expectWhole(lane, result, what);
      expect(result.exitStatus, what).to.equal(exitStatus);
    };

    it(`is ended by ${verb}`, () => atEveryMessage(end, undefined, check));
    it(`is ended by ${verb} after a pause`, () => atEveryMessage((RE) => RE.pause(), end, check));
  }

  it("reports no failure of what it has ended itself", () => {
    expect(reported).to.deep.equal([]);
  });

  it("emits documents that are valid by event-model's schemas", async () => {
    const shapes = differentShapes(lanes.flatMap((lane) => lane.everything));
    expect(new Set(shapes.map(({ name }) => name))).to.deep.equal(new Set(["start", "descriptor", "event", "stop"]));
    await expectValid(shapes);
  });
});
