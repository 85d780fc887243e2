import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { openRuns } from "../../lib/store/openRuns";
import { repository } from "../peers/peers";

/** Kills per run of the tests; more with `KILLS=500`. */
const KILLS = Number(process.env.KILLS ?? 4);

describe("a process that is killed (SIGKILL) while it measures", () => {
  it("has every event in its file that a subscriber had seen", async () => {
    for (let i = 0; i < KILLS; i += 1) {
      const dir = mkdtempSync(join(tmpdir(), "killed-"));
      try {
        const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "killedRun.ts"), dir], {
          cwd: repository,
          stdio: ["ignore", "pipe", "inherit"],
        });
        let seen = "";
        child.stdout.setEncoding("latin1").on("data", (text: string) => {
          seen += text;
        });
        await once(child.stdout, "data");
        await delay(Math.random() * 200);
        child.kill("SIGKILL");
        await once(child, "close");
        const last = Number(seen.slice(0, seen.lastIndexOf("\n")).split("\n").at(-1));
        const run = openRuns(dir).latest();
        const numbers = (await run.table()).column<number>("seq_num");
        expect(last).to.be.greaterThan(0);
        expect(numbers.at(-1)).to.be.at.least(last);
        expect(numbers.length).to.equal(numbers.at(-1));
        expect(run.stop).to.equal(undefined);
        expect((await run.column("det")).length).to.equal(numbers.length);
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    }
  }).timeout(20_000 + KILLS * 5_000);
});
