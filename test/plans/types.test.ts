/** What the compiler knows about plans. The lines under `@ts-expect-error` must not compile; the type check of the repository sees to it. */
import { expect } from "chai";
import type { Plan } from "../../lib/core/msg";
import type { DataKeys, Movable, Readable, Readings } from "../../lib/core/protocols";
import { Status } from "../../lib/core/status";
import { makeRunEngine } from "../../lib/engine";
import {
  absSet,
  bps,
  closeRun,
  count,
  gridScan,
  listScan,
  locate,
  logScan,
  mv,
  openRun,
  rampScan,
  rd,
  scan,
  triggerAndRead,
} from "../../lib/plans";
import { softDevices } from "./softDevices";

const { det, m, m2, lm, sensor } = softDevices();

type Mode = "on" | "off";
const mode: Movable<Mode> & Readable<Mode> = {
  name: "mode",
  set: () => Status.completed(),
  read: (): Readings<Mode> => ({ mode: { value: "on", timestamp: 0 } }),
  describe: (): DataKeys => ({ mode: { source: "SIM", dtype: "string", shape: [] } }),
};

describe("types of plans", () => {
  it("give what yield* gives the type of the signal", async () => {
    const RE = makeRunEngine({ notify: () => undefined });
    const run = await RE(function* (): Plan<[number, Mode]> {
      const number: number = yield* rd(det);
      const word: Mode = yield* rd(mode);
      // @ts-expect-error a word is no number
      const wrong: number = yield* rd(mode);
      const position: number = (yield* locate(lm)).readback;
      yield* openRun();
      const value: number | undefined = (yield* triggerAndRead([det])).det?.value;
      yield* closeRun();
      expect([typeof position, typeof value, typeof wrong]).to.deep.equal(["number", "number", "string"]);
      return [number, word];
    });
    const [number, word]: [number, Mode] = run.planResult;
    expect([typeof number, word]).to.deep.equal(["number", "on"]);
  });

  it("take callbacks of all, of one and of a single parameter", () => {
    bps.subscribe("all", (name, doc) => void [name, doc]);
    bps.subscribe("event", (_, doc) => doc.seq_num satisfies number);
    bps.subscribe("all", (name: string) => name);
    // @ts-expect-error a start document has no seq_num
    bps.subscribe("start", (_, doc) => doc.seq_num satisfies number);
  });

  it("refuse values that a device does not take", () => {
    mv(m, 1, mode, "off");
    absSet(mode, "on");
    // @ts-expect-error no such mode
    mv(m, 1, mode, "half");
    // @ts-expect-error a motor goes to numbers
    mv(m, "1");
    // @ts-expect-error no such mode
    absSet(mode, "half");
  });

  it("refuse devices that can't do what the plan needs", () => {
    count([det, sensor]);
    // @ts-expect-error a detector can't be moved
    scan([det], det, 0, 1, 2);
    // @ts-expect-error no numbers
    scan([det], mode, 0, 1, 2);
    listScan([det], mode, ["on", "off"]);
    // @ts-expect-error a number can't be read
    count([1]);
    // @ts-expect-error a detector can't be moved
    logScan([det], det, 0, 1, 2);
  });

  it("refuse arguments in the wrong order", () => {
    scan([det], m, 0, 1, 3);
    scan([det], m, 0, 1, m2, 0, 1, 3);
    scan([det], m, 0, 1, { num: 3, md: { sample: "Ni" } });
    gridScan([det], m, 0, 1, 2, m2, 0, 1, 3, { snakeAxes: true });
    rampScan([det], m, 5, { period: 2 });
    // @ts-expect-error the detectors are a list
    scan(det, m, 0, 1, 3);
    // @ts-expect-error the number of points is missing
    scan([det], m, 0, 1);
    // @ts-expect-error the motor comes before its range
    scan([det], 0, 1, m, 3);
    // @ts-expect-error each axis has its own number of points
    gridScan([det], m, 0, 1, m2, 0, 1, 3);
    // @ts-expect-error the option is `num`
    scan([det], m, 0, 1, { points: 3 });
  });
});
