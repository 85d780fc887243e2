/** The numbers of runs: they go on whatever `md.scan_id` is set to. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ScanIds } from "../../../lib/store/files/scanIds";

describe("the numbers of runs", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "scan-ids-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it("go on from a number that the user has chosen", () => {
    const ids = new ScanIds(dir, () => 4);
    const first = ids.next({});
    const chosen = ids.next({ scan_id: 100 });
    expect([first, chosen, ids.next({ scan_id: chosen })]).to.deep.equal([5, 101, 102]);
  });

  it("count on from the folder if the chosen one is too large to be counted", () => {
    for (const scan_id of [2e16, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY, Number.NaN]) {
      const ids = new ScanIds(join(dir, String(scan_id)), () => 4);
      const md: { scan_id: number } = { scan_id };
      for (let i = 0; i < 3; i += 1) md.scan_id = ids.next(md);
      expect(md.scan_id).to.be.a("number");
    }
  });
});
