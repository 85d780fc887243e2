/** Tests of the turns in which the writers of a folder send to a Tiled server. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { processIn } from "../../../lib/store/tiled/processFile";
import { SendingTurn } from "../../../lib/store/tiled/sendingTurn";
import { repository, runProgram } from "../../peers/peers";

describe("the turns of writers to a Tiled server", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "turns-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("are one after the other, also of two writers in one process, and after a failure", async () => {
    const log: string[] = [];
    const work =
      (name: string, fails = false) =>
      async () => {
        log.push(`${name} begins`);
        await setImmediate();
        await setImmediate();
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
      };
    const [one, other] = [new SendingTurn(dir), new SendingTurn(dir)];
    const failed = one.take(work("a", true)).catch((error: Error) => error.message);
    await Promise.all([other.take(work("b")), one.take(work("c"))]);
    expect(await failed).to.equal("a");
    expect(log).to.deep.equal(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
    expect(existsSync(join(dir, "sending.lock"))).to.equal(false);
  });

  it("leave the file to a process that took the turn because this one needed too long", async () => {
    const file = join(dir, "sending.lock");
    await new SendingTurn(dir).take(async () => {
      writeFileSync(file, JSON.stringify({ pid: process.ppid, host: hostname() }));
    });
    expect(existsSync(file)).to.equal(true);
  });

  it("wait for a process that has made the file and is about to write its name, but not for one that ended in between", async () => {
    const file = join(dir, "sending.lock");
    writeFileSync(file, "");
    let isTaken = false;
    const taken = new SendingTurn(dir).take(async () => {
      isTaken = true;
    });
    for (let i = 0; i < 5; i += 1) await delay(30);
    expect(isTaken).to.equal(false);
    utimesSync(file, 1e9, 1e9);
    await taken;
    expect(readdirSync(dir)).to.deep.equal([]);
  });

  it("wait for nobody where the file names no process", async () => {
    const file = join(dir, "sending.lock");
    for (const pid of [0, -1, 1.5, "1", null]) {
      writeFileSync(file, JSON.stringify({ pid, host: hostname() }));
      expect(processIn(file), String(pid)).to.equal("none");
    }
    writeFileSync(file, JSON.stringify({ pid: process.ppid, host: hostname() }));
    expect(processIn(file)).to.equal("another");
    writeFileSync(file, "null");
    await new SendingTurn(dir).take(async () => expect(processIn(file)).to.equal("this"));
    expect(readdirSync(dir)).to.deep.equal([]);
  });

  it("belong to one of eight processes at a time, although each finds the file of one that was killed", async function () {
    this.timeout(120_000);
    const killed = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(join(dir, "sending.lock"), JSON.stringify({ pid: killed, host: hostname() }));
    const log = join(dir, "..", `${basename(dir)}.log`);
    const args = ["--import", "tsx", "test/store/tiled/turnTaker.ts", dir, log];
    const takers = Array.from({ length: 8 }, () =>
      runProgram(process.execPath, args, { cwd: repository, timeout: 100 }),
    );
    await Promise.all(takers);
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    rmSync(log);
    expect(lines).to.have.length(8 * 2 * 20);
    for (let i = 0; i < lines.length; i += 2) {
      const [begun, ended] = [lines[i]?.split(" "), lines[i + 1]?.split(" ")];
      expect([begun?.[1], ended]).to.deep.equal(["begins", [begun?.[0], "ends"]]);
    }
    expect(readdirSync(dir)).to.deep.equal([]);
  });
});
