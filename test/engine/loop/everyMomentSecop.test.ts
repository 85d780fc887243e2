/** Pauses, ends and interrupts at every message of a scan of a SECoP node over TCP. */

import { expect } from "chai";
import { SecopNodeDevice } from "../../../lib/devices/node/secopNodeDevice";
import type { RunEngine, RunResult } from "../../../lib/engine";
import type { Document } from "../../../lib/engine/documents/documents";
import { bpp, scan } from "../../../lib/plans";
import type { SimNode } from "../../../lib/sim/runNode";
import { startSimNode } from "../../../lib/sim/startSimNode";
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

/** A cryostat that takes some milliseconds per kelvin. */
const SPEED = 2000;
const TARGETS = [10, 10.5, 11];

/** A node and an engine, which go through all interruptions one after the other. */
class Lab {
  readonly RE: RunEngine = quietEngine({ recordInterruptions: true }).RE;
  readonly everything: Document[] = [];
  documents: Document[] = [];
  staged = 0;
  stops = 0;
  /** Whether the latest run was paused; at the last messages of a plan it may be too late for a pause. */
  paused = false;
  readonly watchers = new Set<object>();
  /** Number of listeners at the client, besides those of the devices themselves. */
  readonly listeners = new Set<() => void>();
  /** Number of moves in the latest run. */
  moves: { readonly done: boolean; readonly success: boolean }[] = [];
  readonly #sim: SimNode;
  readonly #node: ReturnType<typeof dynamicNode>;

  private constructor(sim: SimNode, node: ReturnType<typeof dynamicNode>) {
    this.#sim = sim;
    this.#node = node;
    this.#count();
    this.RE.documents$.subscribe((document) => {
      this.documents.push(document);
      this.everything.push(document);
    });
  }

  static async make(): Promise<Lab> {
    const sim = await startSimNode({ speed: SPEED, modules: ["cryo", "heater", "sensor"] });
    const node = dynamicNode(sim.uri);
    await node.connect();
    return new Lab(sim, node);
  }

  async close(): Promise<void> {
    await this.#node.dispose();
    await this.#sim.close();
  }

  /**
   * Runs the scan and calls `interrupt` in it. If the scan pauses it is resumed, unless `afterPause` ends it.
   */
  async run(
    index: number,
    later: boolean,
    interrupt: (RE: RunEngine) => unknown,
    afterPause: (RE: RunEngine) => unknown,
  ): Promise<RunResult<string>> {
    const { RE } = this;
    this.documents = [];
    this.moves = [];
    this.stops = 0;
    this.paused = false;
    if (index >= 0) atMessage(RE, index, later, () => void interrupt(RE));
    const { sensor, cryo } = this.#node;
    const handle = RE(bpp.monitorDuringWrapper(scan([sensor], cryo, 10, 11, TARGETS.length), [sensor.value]));
    await whenIn(RE, "paused", "idle");
    if (RE.state === "paused") {
      this.paused = true;
      await this.standsStill();
      afterPause(RE);
    }
    return handle;
  }

  /** Runs the scan without interruption. */
  whole(): Promise<RunResult<string>> {
    const nothing = () => undefined;
    return this.run(-1, false, nothing, nothing);
  }

  async standsStill(): Promise<void> {
    await this.#node.cryo.waitForIdle();
  }

  #count(): void {
    const { cryo, sensor } = this.#node;
    const { value } = sensor;
    const original = {
      set: cryo.set.bind(cryo),
      stop: cryo.stop.bind(cryo),
      subscribe: value.subscribe.bind(value),
      clearSub: value.clearSub.bind(value),
    };
    const { client } = this.#node;
    const onUpdate = client.onUpdate.bind(client);
    client.onUpdate = (module, parameter, fn) => {
      const end = onUpdate(module, parameter, fn);
      const ended = () => {
        this.listeners.delete(ended);
        end();
      };
      this.listeners.add(ended);
      return ended;
    };
    for (const device of [cryo, sensor]) {
      const { stage, unstage } = device;
      device.stage = () => {
        this.staged += 1;
        return stage.call(device);
      };
      device.unstage = () => {
        this.staged -= 1;
        return unstage.call(device);
      };
    }
    cryo.set = (...args: unknown[]) => {
      const status = original.set(...args);
      this.moves.push(status);
      return status;
    };
    cryo.stop = (success?: boolean) => {
      this.stops += 1;
      return original.stop(success);
    };
    value.subscribe = (fn: object) => {
      this.watchers.add(fn);
      original.subscribe(fn);
    };
    value.clearSub = (fn: object) => {
      this.watchers.delete(fn);
      original.clearSub(fn);
    };
  }
}

const dynamicNode = (uri: string) => new SecopNodeDevice(uri, { name: "lab", logDir: "", logLevel: "CRITICAL" });

function expectLeftClean({ RE, staged, watchers, listeners, documents, moves, stops }: Lab, what: string): void {
  expect({ state: RE.state, staged, watchers: watchers.size, listeners: listeners.size }, what).to.deep.equal({
    state: "idle",
    staged: 0,
    watchers: 0,
    listeners: 0,
  });
  expect(
    moves.filter(({ done }) => !done),
    `${what}: moves under way`,
  ).to.deep.equal([]);
  if (moves.some(({ success }) => !success)) expect(stops, `${what}: stops`).to.be.greaterThan(0);
  expect(stopsOf(documents), what).to.have.length(startsOf(documents).length);
  expectRightDocuments(documents);
}

function expectWholeScan({ documents }: Lab, result: RunResult, what: string): void {
  expect(result, what).to.include({ exitStatus: "success", interrupted: false });
  const there = result.table().numbers("lab-cryo-value");
  expect(there, what).to.have.length(TARGETS.length);
  TARGETS.forEach((target, i) => {
    expect(there[i], what).to.be.closeTo(target, 0.5);
  });
  expect(stopsOf(documents)[0]?.num_events.primary, what).to.equal(TARGETS.length);
}

const VERBS = { abort: "abort", stop: "success", halt: "abort" } as const;

describe("A scan of a SECoP node at every moment", function () {
  this.timeout(120_000);
  let labs: Lab[] = [];

  /**
   * Each lab interrupts the scan at a message of its own: once when the message comes, once while it is under
   * way.
   */
  async function atEveryMessage(
    interrupt: (RE: RunEngine) => unknown,
    afterPause: (RE: RunEngine) => unknown,
    check: (lab: Lab, result: RunResult<string>, what: string, index: number) => void,
  ): Promise<void> {
    await whenAllEnded(
      labs.map(async (lab, index) => {
        for (const later of [false, true]) {
          const what = `${later ? "during" : "at"} message ${index}`;
          const result = await lab.run(index, later, interrupt, afterPause);
          check(lab, result, what, index);
          await lab.standsStill();
          expectLeftClean(lab, what);
        }
      }),
    );
  }

  const resume = (RE: RunEngine) => RE.resume();

  before(async () => {
    const lab = await Lab.make();
    let messages = 0;
    lab.RE.msgHook = () => {
      messages += 1;
    };
    const result = await lab.whole();
    expectWholeScan(lab, result, "undisturbed");
    expect(lab.stops).to.equal(0);
    expect(messages).to.be.greaterThan(30);
    labs = [lab, ...(await Promise.all(Array.from({ length: messages - 1 }, () => Lab.make())))];
  });

  after(async () => {
    await Promise.all(labs.map((lab) => lab.close()));
  });

  it("is paused at once and resumed", () => atEveryMessage((RE) => RE.pause(), resume, expectWholeScan));

  it("is paused at the next checkpoint and resumed", () =>
    atEveryMessage((RE) => RE.pause(true), resume, expectWholeScan));

  it("is interrupted twice and resumed", () => {
    const twice = (RE: RunEngine) => {
      RE.interrupt();
      RE.interrupt();
    };
    return atEveryMessage(twice, resume, expectWholeScan);
  });

  for (const [verb, exitStatus] of Object.entries(VERBS) as [keyof typeof VERBS, "abort" | "success"][]) {
    const end = (RE: RunEngine) => RE[verb]();

    it(`is ended by ${verb}`, () =>
      atEveryMessage(end, end, (lab, result, what) => {
        if (!result.interrupted) expectWholeScan(lab, result, what);
        const [stop] = stopsOf(lab.documents);
        if (stop && stop.num_events.primary !== TARGETS.length) {
          expect(stop.exit_status, what).to.equal(exitStatus);
          expect(result, what).to.include({ exitStatus, interrupted: true });
        }
      }));

    it(`is ended by ${verb} after a pause`, () =>
      atEveryMessage(
        (RE) => RE.pause(),
        end,
        (lab, result, what, index) => {
          if (index < labs.length - 8) expect(lab.paused, `${what}: paused`).to.equal(true);
          if (lab.paused) expect(result, what).to.include({ exitStatus, interrupted: true });
          else expectWholeScan(lab, result, what);
          const last = eventsOf(lab.documents, "interruptions").at(-1);
          if (lab.paused && last) expect(last.data.interruption, what).to.equal("pause");
        },
      ));
  }

  it("can be done again afterwards, and all documents are valid by event-model's schemas", async () => {
    await Promise.all(
      labs.map(async (lab, index) => {
        expectWholeScan(lab, await lab.whole(), `lab ${index}`);
        expect(lab.stops, `stops of lab ${index}`).to.equal(0);
        expectLeftClean(lab, `lab ${index}`);
      }),
    );
    const shapes = differentShapes(labs.flatMap((lab) => lab.everything));
    expect(new Set(shapes.map(({ name }) => name))).to.deep.equal(new Set(["start", "descriptor", "event", "stop"]));
    await expectValid(shapes);
  });
});
