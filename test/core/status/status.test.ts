import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { Status, WatchableStatus } from "../../../lib/core/status/status";
import {
  derivedSignals,
  initDevices,
  type SetOptions,
  SimImageDetector,
  SimMotor,
  StandardFlyer,
  StandardMovable,
  softSignalRw,
} from "../../../lib/index";
import { failure } from "../../support/failure";

function pending<T = void>(name = "") {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const status = new Status<T>((yes, no) => {
    resolve = yes;
    reject = no;
  }, name);
  return { status, resolve, reject };
}

describe("Status", () => {
  it("reports its end once to callbacks, awaiting code and properties", async () => {
    const { status, resolve, reject } = pending<number>();
    const reported: boolean[] = [];
    status.addCallback((s) => reported.push(s.success));
    expect([status.done, status.success]).to.deep.equal([false, false]);
    resolve(3);
    reject(new Error("too late"));
    status.addCallback((s) => reported.push(s.success));
    expect(reported).to.deep.equal([true, true]);
    expect(status.result).to.equal(3);
    expect(await status).to.equal(3);
  });

  it("does not make an unhandled rejection of a failure nobody awaits", async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", listen);
    const status = Status.failed(new Error("no"));
    await new Promise((done) => setImmediate(done));
    process.off("unhandledRejection", listen);
    expect(status.exception()?.message).to.equal("no");
    expect(unhandled).to.deep.equal([]);
  });

  it("combines: all, any", async () => {
    const [a, b] = [pending(), pending()];
    const [all, any] = [Status.all([a.status, b.status]), Status.any([a.status, b.status])];
    a.reject(new Error("a failed"));
    b.resolve();
    expect((await failure(all))?.message).to.equal("a failed");
    await any;
    expect((await failure(Status.any([a.status])))?.message).to.equal("a failed");
    await Status.all([]);
  });

  it("fails within a time or when aborted, with the cause", async () => {
    const { status } = pending("m1");
    const late = await failure(status.within({ timeout: 0.001 }));
    expect([late?.name, late?.message]).to.deep.equal(["TimeoutError", "gave up waiting for m1 after 0.001 s"]);
    const aborted = await failure(status.within({ signal: AbortSignal.abort(new Error("interrupted")) }));
    expect([aborted?.name, aborted?.message]).to.deep.equal(["AbortError", "gave up waiting for m1: interrupted"]);
    expect((aborted?.cause as Error | undefined)?.message).to.equal("interrupted");
  });
});

describe("WatchableStatus", () => {
  it("reports progress to watchers and iterators until done", async () => {
    let report: (current: number) => void = () => {};
    let resolve = () => {};
    const status = new WatchableStatus<void, number>((yes, _no, tell) => {
      resolve = yes;
      report = (current) => tell({ current, initial: 0, target: 2 });
    });
    report(0);
    const seen: number[] = [];
    status.watch((u) => seen.push(u.current));
    report(1);
    const iterated: number[] = [];
    const loop = (async () => {
      for await (const u of status) iterated.push(u.current);
    })();
    await Promise.resolve();
    resolve();
    report(2);
    await loop;
    expect(seen).to.deep.equal([0, 1]);
    expect(iterated).to.deep.equal([1]);
  });
});

describe("a failure that nobody watches", () => {
  const messages: string[] = [];
  const original = console.error;
  before(() => {
    console.error = (text: string) => messages.push(text);
  });
  beforeEach(() => messages.splice(0));
  after(() => {
    console.error = original;
  });
  const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const reported = ["an action that nobody awaited has failed: stuck"];
  const fail = () => Status.failed(new Error("stuck"), "motor");

  it("is reported at the next turn, also if the action was pending before", async () => {
    fail();
    await turn();
    expect(messages.splice(0)).to.deep.equal(reported);
    new Status((_resolve, reject) => setImmediate(() => reject(new Error("stuck"))));
    await turn();
    await turn();
    expect(messages).to.deep.equal(reported);
    new WatchableStatus((_resolve, reject) => reject(new Error("stuck")));
    await turn();
    expect(messages).to.have.length(2);
  });

  it("is not reported if somebody awaits, listens or looks", async () => {
    fail().catch(() => {});
    fail().addCallback(() => {});
    const looked = fail();
    expect(looked.success).to.equal(false);
    const within = fail().within({ timeout: 1 });
    const all = Status.all([fail()]);
    await Promise.allSettled([within, all]);
    await turn();
    expect(messages).to.deep.equal([]);
  });

  it("is not reported if the device was stopped on purpose", async () => {
    const waits = (_: unknown, { signal }: { readonly signal: AbortSignal }) => delay(10_000, undefined, { signal });
    const flyer = new StandardFlyer<number>(
      { prepare: waits, kickoff: () => {}, complete: (options) => waits(0, options) },
      "flyer",
    );
    const camera = new SimImageDetector("camera", { dir: tmpdir(), exposure: 10, size: [8, 8] });
    await initDevices({ flyer, camera });
    await camera.stage();
    const all = [flyer.prepare(1), flyer.complete(), camera.trigger()];
    await turn();
    await Promise.all([flyer.stop(), camera.stop()]);
    while (all.some(({ done }) => !done)) await turn();
    await turn();
    await camera.unstage();
    expect(messages).to.deep.equal([]);
  });

  it("is not reported if this program sent the device elsewhere", async () => {
    class Slit extends StandardMovable {
      readonly gap = softSignalRw(0);
      readonly demand = softSignalRw(0);
      protected logic() {
        const move = (_: number, { signal }: SetOptions) => delay(10_000, undefined, { signal });
        return { readback: this.gap, setpoint: this.demand, move };
      }
    }
    const slow = { velocity: 0.001, acceleration: 0 };
    const { motor, slit, a, b } = await initDevices({
      motor: new SimMotor("motor", slow),
      slit: new Slit(),
      a: new SimMotor("a", slow),
      b: new SimMotor("b", slow),
    });
    const axes = derivedSignals(
      { a, b },
      {
        toDerived: (raw) => ({ height: (raw.a + raw.b) / 2, tilt: raw.a - raw.b }),
        toRaw: ({ height, tilt }) => ({ a: height + tilt / 2, b: height - tilt / 2 }),
      },
      { height: {}, tilt: {} },
    );
    axes.setName("axes");
    const replaced = [motor.set(1), slit.set(1), axes.height.set(1)];
    await turn();
    const last = [motor.set(2), slit.set(2), axes.height.set(2)];
    while (replaced.some(({ done }) => !done)) await turn();
    await turn();
    expect(messages).to.deep.equal([]);
    expect(replaced.map((status) => String(status.exception()?.message))).to.deep.equal([
      "motor was sent to 2 mm before it reached 1",
      "slit was sent to 2 before it reached 1",
      "axes-height was sent to 2 before it reached 1",
    ]);
    await Promise.all([motor.stop(), slit.stop(), axes.stop()]);
    while (last.some(({ done }) => !done)) await turn();
  });

  it("is reported although the device itself listens to the end", async () => {
    let ended = false;
    const status = new Status((_resolve, reject) => setImmediate(() => reject(new Error("stuck"))));
    status.atEnd(() => {
      ended = true;
    });
    await turn();
    await turn();
    expect([ended, messages]).to.deep.equal([true, reported]);
  });
});
