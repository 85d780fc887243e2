import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { repository, runProgram } from "../../peers/peers";

describe("a run of a million events", function () {
  this.timeout(300_000);
  let dir: string;

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "million-"));
    await program("write");
  });

  after(() => rmSync(dir, { recursive: true, force: true }));

  const program = async (task: string) => {
    const args = ["--import", "tsx", join(__dirname, "millionEvents.ts"), dir, task];
    const { code, stdout, stderr } = await runProgram(process.execPath, args, { cwd: repository, timeout: 250 });
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout || "{}") as { found: string; took: number; megabytes: number };
  };

  it("is opened and gives one column in at most 100 MB", async () => {
    const { found, megabytes } = await program("column");
    expect(found).to.equal("1000000 0 10");
    expect(megabytes).to.be.at.most(100);
  });

  it("is read event by event in bounded memory", async () => {
    const { found, megabytes } = await program("events");
    expect(found).to.equal("1000000 10");
    // The events themselves would take a gigabyte.
    expect(megabytes).to.be.at.most(150);
  });
});
