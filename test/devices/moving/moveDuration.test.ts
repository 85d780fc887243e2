import { expect } from "chai";
import { preview, scan } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { simulate } from "../../../lib/sim/simulate";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { DESCRIPTION } from "../../support/scriptedNode";
import { closeAll, connectTo } from "../connect";

interface Case {
  /** Accessibles besides `value` and `target`, which are in K. */
  readonly accessibles: Record<string, { datainfo: object; set?: unknown }>;
  /** Expected seconds from 0 K to 60 K. */
  readonly expected: number | undefined;
}

const number = (unit: string, set: number) => ({ datainfo: { type: "double", unit }, set });
const mode = (set: string) => ({ datainfo: { type: "enum", members: { off: 0, pid: 1, ramp: 2 } }, set });

const CASES: Record<string, Case> = {
  "in K/min": { accessibles: { ramp: number("K/min", 2) }, expected: 1800 },
  "in the unit of the module a minute": { accessibles: { ramp: number("$/min", 2) }, expected: 1800 },
  "without a unit: a minute": { accessibles: { ramp: number("", 2) }, expected: 1800 },
  "in K/h": { accessibles: { ramp: number("K/h", 60) }, expected: 3600 },
  "as a custom speed in K/s": { accessibles: { _speed: number("K/s", 2) }, expected: 30 },
  "as a speed without a unit": { accessibles: { speed: number("", 2) }, expected: undefined },
  "of another quantity": { accessibles: { ramp: number("W/min", 2) }, expected: undefined },
  "of 0": { accessibles: { ramp: number("K/min", 0) }, expected: undefined },
  "that is not in use": {
    accessibles: { ramp: number("K/min", 2), use_ramp: { datainfo: { type: "bool" }, set: false } },
    expected: undefined,
  },
  "in another mode": { accessibles: { ramp: number("K/min", 2), mode: mode("pid") }, expected: undefined },
  "in its mode": { accessibles: { ramp: number("K/min", 2), mode: mode("ramp") }, expected: 1800 },
  "that does not exist": { accessibles: {}, expected: undefined },
};

describe("the expected duration of a movement", () => {
  afterEach(closeAll);

  for (const [what, { accessibles, expected }] of Object.entries(CASES)) {
    it(`follows a ramp ${what}`, async () => {
      const { m } = DESCRIPTION.modules;
      const extra = Object.fromEntries(
        Object.entries(accessibles).map(([name, { datainfo }]) => [
          name,
          { description: name, datainfo, readonly: false },
        ]),
      );
      const modules = { m: { ...m, accessibles: { ...m.accessibles, ...extra } } };
      const sim = await simulate({ ...DESCRIPTION, modules });
      try {
        const node = await connectTo(sim.uri);
        for (const [name, { set }] of Object.entries(accessibles)) await node.m.accessibles.get(name).set(set);
        expect(node.m.expectedDuration("set", 60, 0)).to.equal(expected);
      } finally {
        await sim.close();
      }
    });
  }

  it("gives the duration of a plan before it runs", async () => {
    const sim = await startSimNode({ modules: ["cryo", "sensor", "heater"] });
    try {
      const { cryo } = await connectTo(sim.uri);
      await cryo.ramp.set(6);
      const { readback } = await cryo.locate();
      const plan = await preview(scan([new SimDetector("det", { exposure: 10 })], cryo, readback, readback + 12, 3));
      expect(plan.unknownDurations).to.equal(0);
      expect(plan.seconds).to.be.closeTo(120 + 30, 1);
    } finally {
      await sim.close();
    }
  });
});
