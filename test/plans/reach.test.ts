/** Checks that scans are refused before they start if a motor would refuse one of their positions. */

import { expect } from "chai";
import { initDevices, type MovableLogic, StandardMovable, softSignalRw } from "../../lib/core";
import type { Msg, Plan } from "../../lib/core/protocols/msg";
import { TimeoutError } from "../../lib/core/status/deadline";
import { errorText } from "../../lib/errors";
import { bp } from "../../lib/plans";
import { SimDetector, SimMotor } from "../../lib/sim";
import { quietEngine } from "../support/quietEngine";

/** A stage that has to ask for its limits, as motors of EPICS and Tango have. */
class AskedStage extends StandardMovable {
  readonly position = softSignalRw(0, { units: "mm" });

  constructor() {
    super();
    this.addReadables([this.position]);
  }

  protected logic(): MovableLogic<number> {
    return {
      readback: this.position,
      setpoint: this.position,
      check: async (value) => {
        await Promise.resolve();
        if (Math.abs(value) > 10) throw new Error(`${this.name} cannot go to ${value} mm: it reaches 10 mm`);
      },
    };
  }
}

const det = new SimDetector("det");

describe("positions out of reach", () => {
  for (const kind of ["that knows its limits", "that has to ask for its limits"] as const) {
    it(`are refused before a scan of a motor ${kind} starts, also from where it is`, async () => {
      const { m, m2 } = await initDevices(
        kind === "that knows its limits"
          ? { m: new SimMotor("", { limits: [-10, 10] }), m2: new SimMotor("", { limits: [-10, 10] }) }
          : { m: new AskedStage(), m2: new AskedStage() },
      );
      const { RE } = quietEngine();
      const commands: string[] = [];
      RE.msgHook = ({ command }: Msg) => void commands.push(command);
      await m.set(8);
      const plans: readonly (() => Plan)[] = [
        () => bp.scan([det], m2, 0, 1, m, 0, 11, 3),
        () => bp.relScan([det], m2, 0, 1, m, -1, 3, 3),
        () => bp.listScan([det], m, [1, 20, 3]),
        () => bp.relListScan([det], m, [1, 3, 2]),
        () => bp.gridScan([det], m2, 0, 1, 2, m, 0, 11, 2),
        () => bp.relGridScan([det], m2, 0, 1, 2, m, 0, 5, 2),
        () => bp.listGridScan([det], m2, [0, 1], m, [0, 11]),
        () => bp.relListGridScan([det], m2, [0, 1], m, [0, 3]),
        () => bp.logScan([det], m, 0, 2, 3),
        () => bp.relLogScan([det], m, 0, 1, 3),
        () => bp.adaptiveScan([det], "det", m, 11, 12, 0.1, 0.5, 1, true),
        () => bp.relAdaptiveScan([det], "det", m, 3, 4, 0.1, 0.5, 1, true),
        () => bp.tuneCentroid([det], "det", m, 0, 11, 0.1),
        () => bp.spiral([det], m2, m, 0, 8, 2, 6, 0.5, 4),
        () => bp.relSpiral([det], m2, m, 2, 6, 0.5, 4),
        () => bp.x2xScan([det], m, m2, 0, 3, 3),
        () => bp.innerProductScan([det], 3, m2, 0, 1, m, 0, 11),
        () => bp.relativeInnerProductScan([det], 3, m2, 0, 1, m, 0, 3),
      ];
      for (const plan of plans) {
        const error = await RE(plan()).then(() => `not refused: ${plan}`, errorText);
        expect(error).to.match(/10/).and.not.contain("not refused");
      }
      for (const command of commands) expect(["locate", "wait_for"]).to.include(command);
      expect((await m.locate()).readback).to.equal(8);
      const run = await RE(bp.relScan([det], m, -1, 2, 4));
      expect(run.table().column("m")).to.deep.equal([7, 8, 9, 10]);
    });
  }

  it("are checked when a motor that fell silent answers again, as the policy says", async () => {
    const asked: number[] = [];
    let silent = true;
    class SilentStage extends AskedStage {
      override async checkValue(value: number): Promise<void> {
        asked.push(value);
        if (silent) throw new TimeoutError(`gave up waiting for the limits of ${this.name} to be read after 10 s`);
        await super.checkValue(value);
      }

      override lostConnection(): undefined {}

      override async pingConnection(): Promise<void> {
        if (silent) throw new TimeoutError("silent");
      }
    }
    const { m } = await initDevices({ m: new SilentStage() });
    const words: string[] = [];
    const { RE } = quietEngine({
      notify: ({ title, text }) => {
        words.push(`${title} ${text}`);
        silent = false;
      },
    });
    const run = await RE(bp.scan([det], m, 0, 4, 3));
    expect(run.table().column("m")).to.deep.equal([0, 2, 4]);
    expect(asked).to.deep.equal([0, 4, 0, 4]);
    expect(words[0]).to.match(/^Suspended since .*: m does not answer: gave up waiting for the limits of m to be read/);
    silent = true;
    RE.onDisconnect = "fail";
    expect(await RE(bp.scan([det], m, 0, 4, 3)).then(String, errorText)).to.equal(
      "gave up waiting for the limits of m to be read after 10 s",
    );
    silent = false;
    expect(await RE(bp.scan([det], m, 0, 40, 3)).then(String, errorText)).to.equal(
      "m cannot go to 40 mm: it reaches 10 mm",
    );
  });
});
