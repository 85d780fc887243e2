/** Moves with odd targets, timeouts and arrivals are refused in one line, by every device that moves. */

import { expect } from "chai";
import {
  type Arrival,
  bps,
  derivedSignals,
  EpicsMotor,
  initDevices,
  SimMotor,
  StandardMovable,
  softSignalRw,
  TangoMovable,
} from "../../../lib/index";
import { failureText } from "../../support/failure";
import { quietEngine } from "../../support/quietEngine";

class Slit extends StandardMovable {
  readonly gap = softSignalRw(0);
  readonly demand = softSignalRw(0);

  protected logic() {
    return { readback: this.gap, setpoint: this.demand };
  }
}

const kinds: Record<string, () => SimMotor | StandardMovable> = {
  SimMotor: () => new SimMotor(),
  EpicsMotor: () => new EpicsMotor("A:M"),
  TangoMovable: () => new TangoMovable("a/b/c"),
  StandardMovable: () => new Slit(),
};
/** What the type checker would refuse. */
const any = (value: unknown) => value as never;

describe("a move that cannot be meant", () => {
  for (const [kind, make] of Object.entries(kinds)) {
    it(`is refused: ${kind}`, async () => {
      const { m } = await initDevices({ m: make() }, { mock: true });
      expect(await failureText(m.set(Number.NaN))).to.match(/^cannot set m to NaN.*: use a finite number$/);
      expect(await failureText(m.set(Number.POSITIVE_INFINITY))).to.match(/^cannot set m to Infinity/);
      expect(await failureText(m.set(any(undefined)))).to.match(/^cannot set m to undefined/);
      if (kind === "SimMotor") return;
      expect(await failureText(m.set(1, { timeout: any("5") }))).to.equal(
        "timeout is '5': use a number of seconds, or null for no limit",
      );
    });

    it(`is refused with an arrival that has no such member or value: ${kind}`, async () => {
      const { m } = await initDevices({ m: make() }, { mock: true });
      const refusals: [arrival: unknown, words: RegExp][] = [
        [{ tolerence: 1 }, /^the arrival of m has no option tolerence \(tolerance\?\)/],
        [{ tolerance: -1 }, /^m: tolerance is -1: use a number from 0$/],
        [{ holdTime: "5" }, /^m: holdTime is '5': use a number from 0$/],
        [{ offTarget: "ingore" }, /^m: offTarget is 'ingore': use "fail", "warn" or "accept"$/],
        [null, /takes its options by name/],
      ];
      for (const [arrival, words] of refusals) {
        expect(() => {
          m.arrival = any(arrival);
        }).to.throw(words);
      }
      expect(m.arrival satisfies Arrival).to.deep.equal({});
    });
  }

  it("is refused as a flight without its places and time", async () => {
    const { epics } = await initDevices({ epics: new EpicsMotor("A:M") }, { mock: true });
    for (const motor of [new SimMotor("sim"), epics]) {
      expect(await failureText(motor.prepare(any(undefined)))).to.equal(
        `${motor.name} is prepared for a flight: prepare({ start: 0, end: 10, time: 5 })`,
      );
    }
  });

  it("is refused by derived axes that are not set by name", async () => {
    const axes = derivedSignals(
      { a: new SimMotor("a") },
      { toDerived: (raw) => ({ half: raw.a / 2 }), toRaw: ({ half }) => ({ a: 2 * half }) },
      { half: {} },
    );
    axes.setName("axes");
    expect(await failureText(axes.set(any(5)))).to.equal("axes is set to values by name, { half: 1 }, not to 5");
    expect(await failureText(axes.set({ half: any(undefined) }))).to.match(/not to { half: undefined }$/);
  });
});

describe("a simulated motor", () => {
  it("settles after each movement, at once or with a velocity, in every plan", async () => {
    for (const velocity of [0, 1000]) {
      const motor = new SimMotor("motor", { velocity, acceleration: 0 });
      motor.settleTime = 0.2;
      const begin = performance.now();
      await quietEngine().RE(bps.mv(motor, 1));
      expect(performance.now() - begin).to.be.above(195);
      expect(motor.position).to.equal(1);
    }
  });

  it("fails when it is stopped or sent elsewhere before it has settled", async () => {
    const motor = new SimMotor("motor");
    motor.arrival = { holdTime: 1000 };
    const first = motor.set(1);
    const second = motor.set(2);
    expect(await failureText(first)).to.equal("motor was sent elsewhere before it had settled");
    motor.stop();
    expect(await failureText(second)).to.equal("motor was stopped before it had settled");
    expect(motor.position).to.equal(2);
  });

  it("does not move for a signal that has aborted", async () => {
    const motor = new SimMotor("motor");
    const words = await failureText(motor.set(1, { signal: AbortSignal.abort(new Error("user")) }));
    expect([words, motor.position]).to.deep.equal(["gave up waiting for motor to reach 1 mm: user", 0]);
  });
});
