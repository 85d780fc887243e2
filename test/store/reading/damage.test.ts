import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { $display } from "../../../lib/display/mimeBundle";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { openRuns } from "../../../lib/store/openRuns";
import { StoredRun } from "../../../lib/store/runs/storedRun";
import { peakRows, play, testRun } from "../../support/runDocuments";
import { DAMAGES } from "./damage";

const keys = { motor: { units: "K" }, det: { units: "counts/s" } };

describe("a damaged folder of runs", () => {
  let dir: string;
  let victim: string;
  let uid: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "runs-"));
    const files = new RunFiles(dir);
    for (const [i, scan_id] of [1, 2, 3].entries()) {
      const run = testRun(keys, { scan_id, time: 1795000000 + i * 60 });
      void play(files.receive, run, peakRows());
      if (scan_id !== 2) continue;
      victim = files.lastPath ?? "";
      uid = run.start.uid;
    }
  });

  afterEach(() => {
    chmodSync(dirname(victim), 0o755);
    rmSync(dir, { recursive: true, force: true });
  });

  it("comes in at least 30 kinds", () => {
    expect(Object.keys(DAMAGES).length).to.be.at.least(30);
  });

  for (const [what, { make, runs = 3, rows = 31, listed = false, remarked = false }] of Object.entries(DAMAGES)) {
    // The superuser may read everything.
    if (what.startsWith("an unreadable") && process.getuid?.() === 0) continue;
    for (const order of ["before the folder is read", "after the folder was read"]) {
      // An index made by another process is read again only when a process begins.
      if (what.startsWith("an index") && order.startsWith("after")) continue;
      it(`with ${what}, made ${order}, is read as far as it goes`, async () => {
        if (order.startsWith("after")) expect(openRuns(dir).length).to.equal(3);
        await make({ dir, day: dirname(victim), victim });
        const found = openRuns(dir);
        expect(found.list().length).to.equal(runs);
        expect([...found].length).to.equal(runs);
        expect(found.problems.length > 0, found.problems.map(({ problem }) => problem).join()).to.equal(listed);
        const shown = found[$display]()["text/plain"];
        expect(/damaged or unreadable/.test(String(shown))).to.equal(listed);
        if (rows < 0) return;
        const run = found.get(uid);
        const table = await run.table();
        expect(table.length).to.equal(rows);
        expect(table.remarks.length > 0, table.remarks.join()).to.equal(remarked);
        expect(String(table[$display]()["text/plain"])).to.contain(remarked ? "damaged" : "rows of primary");
        expect(String((await run[$display]())["text/plain"])).to.contain(uid.slice(0, 8));
        expect((await run.column("motor")).length).to.equal(rows);
        expect(StoredRun.open(run.path)?.uid).to.equal(uid);
      });
    }
  }
});
