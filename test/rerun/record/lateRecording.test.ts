/** A recording that began after the notebook had connected: it is replayed from what the node was by then. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { repository, runProgram } from "../../peers/peers";
import { freePort } from "../../support/freePort";
import { documentsIn, documentText, expectSameDocuments } from "../sameDocuments";

const MAIN = join(repository, "dist/kernel/main.js");

/** The documents as text, but for the times of descriptions, which came before the recording. */
function textIn(folder: string): string {
  const times = /"(lab-\w+-(?:description|implementation|interface_classes|features|group|meaning))":1\d{9}(?:\.\d+)?/g;
  return documentText({ documents: documentsIn(folder) }).replace(times, '"$1":0');
}

describe("a recording that began below %connect", function () {
  this.timeout(180_000);
  let folder: string;
  let port: number;
  const cells = (ramp: number, record: string) => [
    `%connect localhost:${port} as lab`,
    `const RE = createRunEngine({ live: false, store: "runs" });\nawait lab.cryo.ramp.set(${ramp}); await lab.cryo.target.set(9);`,
    record,
    "await lab.cryo.ramp.set(300);\nconst run = await RE(scan([lab.cryo, lab.sensor], lab.cryo, 6, 8, 3));",
    "%record off",
  ];

  async function run(name: string, sources: readonly string[], ...options: string[]) {
    const notebook = {
      cells: sources.map((source, i) => ({
        cell_type: "code",
        id: `c${i}`,
        metadata: {},
        outputs: [],
        execution_count: null,
        source,
      })),
      metadata: { kernelspec: { name: "secop-lab", display_name: "secop-lab" } },
      nbformat: 4,
      nbformat_minor: 5,
    };
    writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify(notebook));
    return runProgram(process.execPath, [MAIN, "run", `${name}.ipynb`, ...options], { cwd: folder, timeout: 120 });
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "late-"));
    port = await freePort();
    await using _node = await startSimNode({ port, speed: 100 });
    const { code, stdout, stderr } = await run("late", cells(200, "%record late.rec"));
    expect([code, stderr], stdout).to.deep.equal([0, ""]);
    expect(stdout).to.contain(
      "recording into late.rec (%record off ends it)\n" +
        "the notebook has connected already: a replay knows what its nodes are now, not what came before. " +
        "To keep all, write %record in the first cell, above %connect\n",
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  it("gives the same documents: what was set before is known by its value", async () => {
    const { code, stdout, stderr } = await run("late", cells(200, "%record late.rec"), "--replay");
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/ 0 refused; 2 changes from before the recording\n/);
    expectSameDocuments(textIn(join(folder, "late.replay/runs")), textIn(join(folder, "runs")));
  });

  it("does so where %replay is in the first cell, or in the place of %record", async () => {
    const first = ["%replay late.rec", ...cells(200, "%record late.rec")];
    const instead = cells(200, "%record late.rec").slice(2).with(0, "%replay late.rec");
    instead.splice(
      1,
      0,
      `%connect localhost:${port} as lab`,
      'const RE = createRunEngine({ live: false, store: "runs" });',
    );
    for (const sources of [first, instead]) {
      rmSync(join(folder, "late.replay"), { recursive: true, force: true });
      const { code, stdout, stderr } = await run("again", sources);
      expect(code, stdout + stderr).to.equal(0);
      expectSameDocuments(textIn(join(folder, "late.replay/runs")), textIn(join(folder, "runs")));
    }
  });

  it("says where to write %record if another value is set than the node had", async () => {
    const { code, stdout } = await run("other", cells(100, "%record late.rec"), "--replay", "late.rec");
    expect(code).to.equal(1);
    expect(stdout).to.contain(
      'no "change cryo:ramp 100" was recorded: 300 was; the recording began after it. ' +
        "Record again with %record in the first cell, above %connect",
    );
  });
});
