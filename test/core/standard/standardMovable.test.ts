import { expect } from "chai";
import {
  bps,
  createRunEngine,
  initDevices,
  type MovableLogic,
  SimMotor,
  StandardMovable,
  scan,
  softSignalRw,
} from "../../../lib/index";
import { failureText } from "../../support/failure";

/** A drive whose readback follows its demand only when the test says so. */
class Slit extends StandardMovable {
  readonly gap = softSignalRw(0, { units: "mm" });
  readonly demand = softSignalRw(0, { units: "mm", limits: [-5, 5] });
  extra: Partial<MovableLogic<number>> = {};

  constructor(name = "") {
    super(name);
    this.addReadables([this.gap]);
  }

  protected logic(): MovableLogic<number> {
    return { readback: this.gap, setpoint: this.demand, tolerance: 0.01, ...this.extra };
  }
}

/** Begins a movement. Its status is in an object, since awaiting a status waits for its end. */
const underWay = (slit: Slit, target: number) => {
  const status = slit.set(target);
  return new Promise<{ readonly status: typeof status }>((begun) => status.watch(() => begun({ status })));
};

describe("a movable made of signals", () => {
  let slit: Slit;
  beforeEach(async () => {
    ({ slit } = await initDevices({ slit: new Slit() }));
  });

  it("is done when its readback is within the tolerance, and reports its progress", async () => {
    const status = slit.set(2);
    const seen: (number | undefined)[] = [];
    status.watch(({ fraction, target, unit }) => {
      expect([target, unit]).to.deep.equal([2, "mm"]);
      seen.push(fraction);
    });
    await new Promise<void>((started) => status.watch(() => started()));
    await slit.gap.set(1);
    expect(status.done).to.equal(false);
    await slit.gap.set(1.995);
    await status;
    expect(seen).to.include(0.5);
    expect(await slit.locate()).to.deep.equal({ setpoint: 2, readback: 1.995 });
    expect(Object.keys(await slit.read())).to.deep.equal(["slit"]);
  });

  it("reports the progress of a readback that belongs to another device", async () => {
    class Borrowing extends StandardMovable {
      readonly #drive: SimMotor;

      constructor(drive: SimMotor) {
        super();
        this.#drive = drive;
      }

      protected logic(): MovableLogic<number> {
        const { readback, setpoint } = this.#drive;
        return { readback, setpoint, move: async (target) => void (await this.#drive.set(target)) };
      }
    }
    const drive = new SimMotor("drive", { velocity: 100, acceleration: 0 });
    const { stage } = await initDevices({ stage: new Borrowing(drive) });
    const status = stage.set(4);
    const seen: number[] = [];
    for await (const { current } of status) seen.push(current);
    expect(seen.some((current) => current > 0 && current < 4)).to.equal(true);
    expect(seen.at(-1)).to.equal(4);
    expect(drive.readback.name).to.equal("drive");
  });

  it("reports at last where it was stopped, also if the update of its readback comes too late", async () => {
    const { status } = await underWay(slit, 4);
    const seen: unknown[] = [];
    status.watch(({ current }) => seen.push(current));
    slit.gap.getValue = () => Promise.resolve(1.5);
    await slit.stop();
    expect(await failureText(status)).to.contain("was stopped at 1.5 mm");
    expect(seen.at(-1)).to.equal(1.5);
  });

  it("fails when it is stopped, sent elsewhere, refused or too slow", async () => {
    const { status: stopped } = await underWay(slit, 4);
    await slit.gap.set(1);
    await slit.stop();
    expect(await failureText(stopped)).to.equal("slit was stopped at 1 mm before it reached 4 mm");
    expect(await slit.demand.getValue()).to.equal(1);
    const { status: diverted } = await underWay(slit, 4);
    const { status: next } = await underWay(slit, -1);
    expect(await failureText(diverted)).to.equal("slit was sent to -1 mm before it reached 4 mm");
    await slit.gap.set(-1);
    await next;
    expect(await failureText(slit.set(9))).to.contain("the limits are -5 mm to 5 mm");
    expect(await failureText(slit.set(3, { timeout: 0.02 }))).to.equal(
      "gave up waiting for slit to reach 3 mm after 0.02 s",
    );
    const aborted = new AbortController();
    const waiting = slit.set(3, { signal: aborted.signal });
    aborted.abort(new Error("enough"));
    expect(await failureText(waiting)).to.equal("gave up waiting for slit to reach 3 mm: enough");
  });

  it("moves, checks, stops and times out as its logic says", async () => {
    const done: string[] = [];
    slit.extra = {
      check: (value) => {
        if (value > 3) throw new Error(`slit opens to 3 mm, not to ${value} mm`);
      },
      move: async (value) => slit.gap.set(value),
      stop: async () => done.push("stop"),
      timeout: (from, to) => Math.abs(to - from),
    };
    await slit.set(3);
    expect(await slit.gap.getValue()).to.equal(3);
    expect(await failureText(slit.set(4))).to.equal("slit opens to 3 mm, not to 4 mm");
    expect(await failureText(slit.checkValue(4))).to.equal("slit opens to 3 mm, not to 4 mm");
    await slit.stop();
    expect(done).to.deep.equal(["stop"]);
    slit.extra.move = () => new Promise(() => {});
    expect(await failureText(slit.set(2.99))).to.match(/^gave up waiting for slit to reach 2\.99 mm after 0\.0\d* s$/);
  });

  it("does not start any more if it was stopped before", async () => {
    let looked = () => {};
    const looking = new Promise<void>((resolve) => {
      looked = resolve;
    });
    slit.extra = { check: () => looking };
    const status = slit.set(4);
    const stopped = failureText(status);
    await slit.stop();
    looked();
    expect(await stopped).to.equal("slit was stopped at 0 mm before it reached 4 mm");
    await new Promise(setImmediate);
    expect(await slit.demand.getValue()).to.equal(0);
    slit.extra = { stop: () => Promise.reject(new Error("no answer")) };
    const { status: moving } = await underWay(slit, 4);
    const moveFailure = failureText(moving);
    expect(await failureText(slit.stop())).to.equal("no answer");
    expect(await moveFailure).to.equal("slit could not be stopped: no answer");
  });

  it("leaves no subscription behind, however it ends", async () => {
    let subscribed = 0;
    const { gap } = slit;
    const [subscribe, clearSub] = [gap.subscribe.bind(gap), gap.clearSub.bind(gap)];
    gap.subscribe = (fn) => {
      subscribed += 1;
      subscribe(fn);
    };
    gap.clearSub = (fn) => {
      subscribed -= 1;
      clearSub(fn);
    };
    await failureText(slit.set(1, { timeout: 0.01 }));
    const { status } = await underWay(slit, 2);
    expect(subscribed).to.be.greaterThan(0);
    await slit.stop();
    await failureText(status);
    slit.extra = { move: () => Promise.reject(new Error("stuck")) };
    expect(await failureText(slit.set(1))).to.equal("stuck");
    await new Promise(setImmediate);
    expect(subscribed).to.equal(0);
  });

  it("is scanned and moved by plans", async () => {
    slit.extra = { move: async (value) => slit.gap.set(value) };
    const RE = createRunEngine({ live: false, store: false });
    const run = await RE(scan([slit], slit, 0, 2, 3));
    expect(
      run
        .table()
        .rows()
        .map((row) => row.slit),
    ).to.deep.equal([0, 1, 2]);
    await RE(bps.mv(slit, 1));
    expect(await slit.gap.getValue()).to.equal(1);
  });
});
