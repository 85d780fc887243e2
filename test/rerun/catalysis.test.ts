/** The catalysis notebook, with its two nodes on one clock, is recorded and replayed. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readRecording } from "../../lib/rerun";
import { repository, runProgram } from "../peers/peers";
import { freePort } from "../support/freePort";
import { documentText } from "./sameDocuments";

const MAIN = join(repository, "dist/kernel/main.js");

/** Soft devices have no node: the times of their readings are those of the process, to some milliseconds. */
const SOFT = /"(?:diode|slit)(?:-\w+)?":1\d{9}(?:\.\d+)?/g;

function documentsIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /^\d{4}.*\.jsonl$/.test(name),
  );
  const documents = files
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line))
    .map(({ name, doc }) => [name, doc] as const);
  return documentText({ documents });
}

describe("notebooks/02-catalysis.ipynb", function () {
  this.timeout(300_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "catalysis-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("gives the same documents from the recording of its two nodes", async () => {
    const source = readFileSync(join(repository, "notebooks/02-catalysis.ipynb"), "utf8")
      .replaceAll("10771", `${await freePort()}`)
      .replaceAll("10772", `${await freePort()}`)
      .replaceAll("speed: 60", "speed: 300");
    writeFileSync(join(folder, "catalysis.ipynb"), source);
    const run = async (...options: string[]) => {
      const { code, stdout, stderr } = await runProgram(
        process.execPath,
        [MAIN, "run", "catalysis.ipynb", ...options],
        {
          cwd: folder,
          timeout: 200,
        },
      );
      expect(code, stdout + stderr).to.equal(0);
      return stdout;
    };
    await run("--record");
    const measured = documentsIn(join(folder, "runs"));
    expect(readRecording(join(folder, "catalysis.rec")).nodes.length).to.equal(2);
    expect(await run("--replay")).to.match(
      /replayed catalysis\.rec: \d+ requests as recorded, 0 reads from the state, 0 refused\n/,
    );
    const replayed = documentsIn(join(folder, "catalysis.replay/runs"));
    await run("--replay");
    expect(documentsIn(join(folder, "catalysis.replay/runs"))).to.equal(replayed);
    expect(replayed.replace(SOFT, "")).to.equal(measured.replace(SOFT, ""));
  });
});
