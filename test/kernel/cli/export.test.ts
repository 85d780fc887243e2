import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { RunFiles } from "../../../lib/index";
import { repository, runProgram } from "../../peers/peers";
import { peakRows, play, testRun } from "../../support/runDocuments";

describe("secop-lab export", () => {
  it("writes runs by number, place, path or conditions, and says what is wrong", async () => {
    const dir = mkdtempSync(join(tmpdir(), "export-"));
    try {
      const files = new RunFiles(join(dir, "runs"));
      for (const scan_id of [1, 2]) void play(files.receive, testRun({ motor: {}, det: {} }, { scan_id }), peakRows());
      const lab = (...args: string[]) =>
        runProgram(process.execPath, [join(repository, "dist/kernel/main.js"), "export", ...args], { cwd: dir });
      expect(await lab("-1", "--to", "newest.csv")).to.deep.equal({
        code: 0,
        stdout: "newest.csv\nnewest.csv-metadata.json\n",
        stderr: "",
      });
      expect(readFileSync(join(dir, "newest.csv"), "utf8").split("\n")).to.have.length(33);
      const several = await lab("--plan", "scan", "--to", "out/{plan}-{scan_id}.json");
      expect(several.stdout.split("\n").sort()).to.deep.equal(["", "out/scan-1.json", "out/scan-2.json"]);
      expect((await lab(files.lastPath ?? "", "-t", "one.json")).stdout).to.equal("one.json\n");
      expect((await lab("-1", "--to", "newest.png")).stdout).to.equal("newest.png\n");
      expect(readFileSync(join(dir, "newest.png")).toString("latin1", 1, 4)).to.equal("PNG");
      const wrong = await lab("99", "--to", "x.csv");
      expect([wrong.code, wrong.stderr]).to.deep.equal([1, "secop-lab: no run #99 among the 2 in runs\n"]);
      expect((await lab("--to", "x.csv")).stderr).to.contain("secop-lab: name the runs");
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }).timeout(60_000);
});
