/**
 * Other ends of a plan: by a strict consumer, by a signal, at an error before any clean-up, without clean-up.
 */

import { expect } from "chai";
import type { Plan } from "../../../lib/core/protocols/msg";
import {
  bpp,
  bps,
  count,
  DocumentConsumer,
  type DocumentName,
  type DocumentTypes,
  EndWhen,
  type EventDescriptor,
  RunRouter,
  type RunStart,
  type RunView,
  SimDetector,
  softSignalRw,
} from "../../../lib/index";
import { failure } from "../../support/failure";
import { quietEngine } from "../../support/quietEngine";
import { whenIn } from "../../support/whenIn";

const det = new SimDetector("det");

describe("a consumer of documents", () => {
  for (const [what, fail] of [
    [
      "throws",
      () => {
        throw new Error("disk full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("disk full"))],
  ] as const) {
    it(`ends the run if it is strict and ${what}, and the next run as well`, async () => {
      const { RE, notices } = quietEngine();
      const token = RE.subscribe(
        function writer(name) {
          return name === "event" ? fail() : undefined;
        },
        { strict: true },
      );
      for (let i = 0; i < 2; i += 1) {
        const error = await failure(RE(count([det], 3, 0.01)));
        expect(error.message).to.equal("writer failed on an event document, and the run needs it: disk full");
        expect(RE.table().length).to.be.lessThan(3);
        expect(RE.state).to.equal("idle");
      }
      RE.unsubscribe(token);
      expect((await RE(count([det], 3))).exitStatus).to.equal("success");
      expect(notices).to.have.length(0);
    });
  }

  it("fails the call if it is strict and fails at the very end", async () => {
    const { RE } = quietEngine();
    RE.subscribe(() => Promise.reject(new Error("not closed")), "stop", { strict: true });
    expect((await failure(RE(count([det])))).message).to.contain("failed on a stop document");
  });

  it("can be a class of the user, also one that deals with one run at a time", async () => {
    class Names extends DocumentConsumer {
      readonly names: string[] = [];

      override receive<N extends DocumentName>(name: N, _doc: DocumentTypes[N]): void {
        this.names.push(name);
      }
    }
    class Sums extends RunRouter {
      readonly sums = new Map<string, number>();

      protected override open({ uid }: RunStart): RunView {
        return {
          descriptor: ({ name }: EventDescriptor) =>
            name === "primary"
              ? ({ data }) => this.sums.set(uid, (this.sums.get(uid) ?? 0) + Number(data.det))
              : undefined,
          stop: () => {},
        };
      }
    }
    const { RE } = quietEngine();
    const [names, sums] = [new Names(), new Sums()];
    RE.subscribe(names);
    RE.subscribe(sums);
    const run = await RE(count([det], 2));
    expect(names.names).to.deep.equal(["start", "descriptor", "event", "event", "stop"]);
    const [a = 0, b = 0] = run.table().numbers("det");
    expect(sums.sums.get(run.runStartUids[0] ?? "")).to.be.closeTo(a + b, 1e-9);
  });
});

describe("a plan", () => {
  it("ends when a signal says so, with the reason, and cleans up", async () => {
    for (const exitStatus of ["abort", "success"] as const) {
      const { RE, notices } = quietEngine();
      const level = softSignalRw(5, { name: "level", units: "%" });
      RE.installSuspender(new EndWhen(level, (value) => value < 2, { exitStatus, message: "no helium" }));
      let cleaned = false;
      const clean = function* (): Plan<void> {
        cleaned = true;
        yield* bps.null_();
      };
      const handle = RE(bpp.finalizeWrapper(count([det], null, 0.01), clean));
      await whenIn(RE, "running");
      await level.set(1);
      const run = await handle;
      expect([run.exitStatus, run.reason, cleaned]).to.deep.equal([exitStatus, "no helium: level = 1 %", true]);
      expect(notices.map(({ title, text }) => `${title} ${text}`)[0]).to.match(
        /^Ended at \d\d:\d\d:\d\d: no helium: level = 1 %\.$/,
      );
      expect((await RE(count([det]))).exitStatus).to.equal(exitStatus);
      expect(RE.table).to.throw("nothing was recorded");
      await level.set(3);
      expect((await RE(count([det]))).exitStatus).to.equal("success");
      expect(RE.table().length).to.equal(1);
    }
  });

  describe("with pauseOnError", () => {
    function* broken(log: string[]): Plan<string> {
      yield* bps.openRun();
      try {
        yield* bps.triggerAndRead([det]);
        yield* bps.stop({ stop: () => Promise.reject(new Error("jammed")) });
        return "never";
      } catch (error) {
        log.push((error as Error).message);
        throw error;
      } finally {
        yield* bps.closeRun("fail");
        log.push("clean-up");
      }
    }

    async function paused() {
      const { RE, notices } = quietEngine({ pauseOnError: true });
      const log: string[] = [];
      const stops: string[] = [];
      RE.subscribe((_, { exit_status }) => stops.push(exit_status), "stop");
      const handle = RE(broken(log));
      handle.catch(() => {});
      await whenIn(RE, "paused");
      expect([log, stops, RE.table().length]).to.deep.equal([[], [], 1]);
      expect(notices.map(({ title }) => title)).to.deep.equal(["Paused at an error"]);
      expect(notices[0]?.text).to.contain("jammed");
      return { RE, handle, log, stops };
    }

    it("stops where it broke, with the run open, and fails when it is resumed", async () => {
      const { RE, handle, log, stops } = await paused();
      RE.resume();
      expect((await failure(handle)).message).to.equal("jammed");
      expect([log, stops]).to.deep.equal([["jammed", "clean-up"], ["fail"]]);
    });

    it("can be stopped instead", async () => {
      const { RE, log } = await paused();
      expect((await RE.stop()).exitStatus).to.equal("success");
      expect(log.at(-1)).to.equal("clean-up");
    });

    it("can be finished as a success without any clean-up", async () => {
      const { RE, log, stops } = await paused();
      const result = await RE.halt("success");
      expect([result.exitStatus, log, stops]).to.deep.equal(["success", [], ["success"]]);
    });
  });
});
