/**
 * Pauses, ends and interrupts at every message of a scan: devices and documents are always right afterwards.
 */

import { expect } from "chai";
import fc from "fast-check";
import type { Plan } from "../../../lib/core/protocols/msg";
import type { DataKeys, Readings } from "../../../lib/core/protocols/protocols";
import { Status } from "../../../lib/core/status/status";
import { type RunEngine, type RunHandle, SuspendCeil } from "../../../lib/engine";
import type { Document } from "../../../lib/engine/documents/documents";
import { bpp, scan } from "../../../lib/plans";
import { atMessage } from "../../support/atMessage";
import { eventsOf, expectRightDocuments, startsOf, stopsOf } from "../../support/documentChecks";
import { quietEngine } from "../../support/quietEngine";
import { Sensor } from "../../support/softDevices";
import { whenIn } from "../../support/whenIn";

/** A device that counts its actions; each takes until the next turn of the event loop. */
class SlowMotor {
  readonly name = "motor";
  readonly hints = { fields: ["motor"] };
  position = 0;
  staged = 0;
  moving: { readonly target: number; readonly fail: (error: Error) => void } | null = null;
  stops = 0;

  stage(): object[] {
    this.staged += 1;
    return [this];
  }

  unstage(): object[] {
    this.staged -= 1;
    return [this];
  }

  set(target: number): Status {
    return new Status((resolve, reject) => {
      const move = { target, fail: reject };
      this.moving = move;
      setImmediate(() => {
        if (this.moving !== move) return;
        this.moving = null;
        this.position = target;
        resolve();
      });
    }, this.name);
  }

  stop(): void {
    this.stops += 1;
    const move = this.moving;
    this.moving = null;
    move?.fail(new Error("motor was stopped"));
  }

  read(): Readings<number> {
    return { motor: { value: this.position, timestamp: Date.now() / 1000 } };
  }

  describe(): DataKeys {
    return { motor: { source: "SIM", dtype: "number", shape: [], units: "mm" } };
  }
}

class SlowDetector {
  readonly name = "det";
  readonly hints = { fields: ["det"] };
  staged = 0;
  readonly #motor: SlowMotor;

  constructor(motor: SlowMotor) {
    this.#motor = motor;
  }

  stage(): object[] {
    this.staged += 1;
    return [this];
  }

  unstage(): object[] {
    this.staged -= 1;
    return [this];
  }

  trigger(): Status {
    return new Status((resolve) => setImmediate(() => resolve()), this.name);
  }

  async read(): Promise<Readings<number>> {
    return { det: { value: 2 * this.#motor.position, timestamp: Date.now() / 1000 } };
  }

  async describe(): Promise<DataKeys> {
    return { det: { source: "SIM", dtype: "number", shape: [], units: "counts" } };
  }
}

const POINTS = 3;

interface Experiment {
  readonly RE: RunEngine;
  readonly motor: SlowMotor;
  readonly det: SlowDetector;
  readonly documents: Document[];
  readonly plan: () => Plan<string>;
}

function experiment(): Experiment {
  const RE = quietEngine({ recordInterruptions: true }).RE;
  const motor = new SlowMotor();
  const det = new SlowDetector(motor);
  const documents: Document[] = [];
  RE.documents$.subscribe((document) => documents.push(document));
  return { RE, motor, det, documents, plan: () => scan([det], motor, 0, POINTS - 1, POINTS) };
}

function expectLeftClean({ RE, motor, det, documents }: Experiment): void {
  expect(RE.state).to.equal("idle");
  expect(motor.staged, "motor staged").to.equal(0);
  expect(det.staged, "detector staged").to.equal(0);
  expect(motor.moving, "motor moving").to.equal(null);
  expect(stopsOf(documents)).to.have.length(startsOf(documents).length);
  expectRightDocuments(documents);
}

function expectWholeScan({ motor, documents }: Experiment, handle: RunHandle<string>): void {
  expect(handle.table().numbers("motor")).to.deep.equal(new Float64Array([0, 1, 2]));
  expect(handle.table().numbers("det")).to.deep.equal(new Float64Array([0, 2, 4]));
  expect(motor.position).to.equal(POINTS - 1);
  expect(stopsOf(documents)[0]).to.include({ exit_status: "success", reason: "" });
  expect(stopsOf(documents)[0]?.num_events.primary).to.equal(POINTS);
}

async function countMessages(): Promise<number> {
  const { RE, plan } = experiment();
  let count = 0;
  RE.msgHook = () => {
    count += 1;
  };
  await RE(plan());
  return count;
}

describe("A scan at every moment", () => {
  let messages = 0;
  before(async () => {
    messages = await countMessages();
    expect(messages).to.be.greaterThan(30);
  });

  for (const later of [false, true]) {
    const when = later ? "while a message is under way" : "when a message comes";

    for (const defer of [false, true]) {
      it(`is paused ${defer ? "at the next checkpoint" : "at once"} and resumed ${when}`, async () => {
        for (let index = 0; index < messages; index += 1) {
          const all = experiment();
          const { RE, motor, documents, plan } = all;
          atMessage(RE, index, later, () => RE.pause(defer));
          const handle = RE(plan());
          await whenIn(RE, "paused", "idle");
          if (RE.state === "paused") {
            expect(motor.moving, "moves while paused").to.equal(null);
            RE.resume();
            const interruptions = await handle.then(() => eventsOf(documents, "interruptions"));
            if (startsOf(documents).length > 0 && interruptions.length > 0)
              expect(interruptions.map((event) => event.data.interruption).slice(-1)).to.deep.equal(["resume"]);
          }
          const result = await handle;
          expect(result, `message ${index}`).to.include({ exitStatus: "success", interrupted: false });
          expectWholeScan(all, handle);
          expectLeftClean(all);
        }
      });
    }

    for (const verb of ["abort", "stop", "halt"] as const) {
      const exitStatus = verb === "stop" ? "success" : "abort";

      it(`is ended by ${verb} ${when}`, async () => {
        for (let index = 0; index < messages; index += 1) {
          const all = experiment();
          const { RE, documents, plan } = all;
          const ended: Promise<unknown>[] = [];
          atMessage(RE, index, later, () => ended.push(verb === "abort" ? RE.abort("enough") : RE[verb]()));
          const handle = RE(plan());
          const result = await handle;
          await Promise.all(ended);
          if (!result.interrupted) expectWholeScan(all, handle);
          else if (index < messages - 8) expect(result.exitStatus, `message ${index}`).to.equal(exitStatus);
          if (
            startsOf(documents).length > 0 &&
            result.interrupted &&
            stopsOf(documents)[0]?.num_events.primary !== POINTS
          )
            expect(stopsOf(documents)[0]?.exit_status).to.equal(exitStatus);
          if (verb === "abort" && result.interrupted)
            expect(result).to.include({ exitStatus: "abort", reason: "enough" });
          expectLeftClean(all);
        }
      });

      it(`is ended by ${verb} after a pause ${when}`, async () => {
        for (let index = 0; index < messages; index += 1) {
          const all = experiment();
          const { RE, plan } = all;
          atMessage(RE, index, later, () => RE.pause());
          const handle = RE(plan());
          await whenIn(RE, "paused", "idle");
          if (RE.state === "paused") {
            const result = await RE[verb]();
            expect(result, `message ${index}`).to.include({ interrupted: true, exitStatus });
          }
          await handle;
          expectLeftClean(all);
        }
      });
    }

    it(`is interrupted twice and resumed ${when}`, async () => {
      for (let index = 0; index < messages; index += 1) {
        const all = experiment();
        const { RE, plan } = all;
        atMessage(RE, index, later, () => {
          RE.interrupt();
          RE.interrupt();
        });
        const handle = RE(plan());
        await whenIn(RE, "paused", "idle");
        if (RE.state === "paused") RE.resume();
        await handle;
        expectWholeScan(all, handle);
        expectLeftClean(all);
      }
    });
  }

  it("fails at every message that can fail and is left clean", async () => {
    for (let index = 0; index < messages; index += 1) {
      const all = experiment();
      const { RE, motor, documents, plan } = all;
      atMessage(RE, index, false, () => {
        motor.set = () => Status.from<void>(() => Promise.reject(new Error("stuck")), "motor");
      });
      const error = await RE(plan()).then(
        () => null,
        (reason: unknown) => reason as Error,
      );
      if (error) {
        expect(error.message).to.match(/^set motor to [012] failed: stuck$/);
        if (stopsOf(documents).length > 0)
          expect(stopsOf(documents)[0]).to.include({ exit_status: "fail", reason: error.message });
      }
      expectLeftClean(all);
      expect((await RE(scan([all.det], new SlowMotor(), 0, 1, 2))).exitStatus).to.equal("success");
    }
  });

  it("has the right documents after any sequence of pauses, interrupts, suspensions and ends", async () => {
    const verbs = ["pause", "defer", "interrupt", "suspend", "suspend twice", "abort", "stop", "halt"] as const;
    const moment = fc.record({
      index: fc.nat(60),
      later: fc.boolean(),
      verb: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...verbs.slice(0, 5)) }, fc.constantFrom(...verbs)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { maxLength: 5 }), async (moments) => {
        const all = experiment();
        const { RE, plan } = all;
        const beams = [new Sensor("beam"), new Sensor("vacuum")];
        for (const beam of beams) RE.installSuspender(new SuspendCeil(beam, 5));
        const release = () => {
          for (const beam of beams) beam.post(0);
        };
        const act = (verb: (typeof verbs)[number]) => {
          if (RE.state === "idle") return;
          if (verb === "pause") RE.pause();
          else if (verb === "defer") RE.pause(true);
          else if (verb === "interrupt") RE.interrupt();
          else if (verb.startsWith("suspend")) {
            const tripped = verb === "suspend" ? beams.slice(0, 1) : beams;
            for (const beam of tripped) beam.post(9);
            setImmediate(() => setImmediate(release));
          } else void RE[verb as "abort" | "stop" | "halt"]();
        };
        let seen = -1;
        RE.msgHook = () => {
          seen += 1;
          for (const { index, later, verb } of moments) {
            if (index === seen && later) queueMicrotask(() => act(verb));
            else if (index === seen) act(verb);
          }
        };
        RE.state$.subscribe((state) => {
          if (state === "paused") setImmediate(() => RE.state === "paused" && RE.resume());
        });
        const handle = RE(bpp.monitorDuringWrapper(plan(), [beams[0] as Sensor]));
        const result = await handle;
        if (!result.interrupted) expectWholeScan(all, handle);
        RE.clearSuspenders();
        expect(beams.map((beam) => beam.listeners.size)).to.deep.equal([0, 0]);
        expectLeftClean(all);
        RE.msgHook = null;
        expect((await RE(plan())).exitStatus).to.equal("success");
      }),
      { numRuns: 150 },
    );
  });
});
