/**
 * Compares the documents of our plans with bluesky's, for each case of
 * test/plans/planCases.ts that ends by itself.
 */

import { expect } from "chai";
import { peersPython, repository, runProgram, runPython } from "../peers/peers";
import { expectClose } from "../support/compareWithBluesky";
import { normalDocuments, type PlainDocument } from "../support/normalDocuments";
import { quietEngine } from "../support/quietEngine";
import { softDevices } from "../support/softDevices";
import { planCases } from "./planCases";

/**
 * Cases that never end or ask the user, that have two flyers with one stream, which event-model refuses, or
 * whose number of events depends on the time.
 */
const LEFT_OUT = [
  "count for ever",
  "tweak",
  "tweak with metadata",
  "fly",
  "ramp_plan that takes time",
  "ramp_plan with a period",
];
const CASES = Object.entries(planCases).filter(([name]) => !LEFT_OUT.includes(name));

async function documents(make: (typeof planCases)[string]): Promise<PlainDocument[]> {
  const RE = quietEngine().RE;
  const result: unknown[] = [];
  RE.subscribe((name, doc) => {
    result.push([name, doc]);
  });
  await RE(make(softDevices()));
  return JSON.parse(JSON.stringify(result)) as PlainDocument[];
}

describe("documents of plans compared with bluesky", () => {
  let bluesky: Record<string, PlainDocument[]>;
  const ours: Record<string, PlainDocument[]> = {};

  before(async function () {
    this.timeout(300_000);
    bluesky = JSON.parse(await runPython("test/peers/bluesky/planDocuments.py", [], { timeout: 240 }));
    for (const [name, make] of CASES) ours[name] = await documents(make);
  });

  it("exist for the same cases as those of the Python script", () => {
    expect(Object.keys(ours).sort()).to.deep.equal(Object.keys(bluesky).sort());
  });

  for (const [name] of CASES) {
    it(`are the same as bluesky's for ${name}`, () => {
      const names = (list: readonly PlainDocument[] | undefined) => list?.map(([kind]) => kind);
      expect(names(ours[name])).to.deep.equal(names(bluesky[name]));
      expectClose(normalDocuments(ours[name] ?? []), normalDocuments(bluesky[name] ?? []), name);
    });
  }

  it("are accepted by event-model's schemas and read by bluesky's consumers", async function () {
    this.timeout(300_000);
    const script = `${repository}/test/peers/bluesky/consumeAll.py`;
    const input = JSON.stringify(ours);
    const { code, stdout, stderr } = await runProgram(peersPython(), [script, "--no-plots"], { input, timeout: 240 });
    expect(code, stderr).to.equal(0);
    expect(stdout.trim().split("\n")).to.deep.equal(Object.keys(ours));
  });
});
