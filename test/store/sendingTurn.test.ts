/** Tests of the turns in which the writers of a folder send to a Tiled server. */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { SendingTurn } from "../../lib/store/tiled/sendingTurn";

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
});
