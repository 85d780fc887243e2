/** The catalysis notebook, with its two nodes on one clock, is recorded and replayed. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readRecording } from "../../lib/rerun";
import { startGasDosing, startReactorCell } from "../../lib/sim";
import { simulate } from "../../lib/sim/simulate";
import { repository, runProgram } from "../peers/peers";
import { freePort } from "../support/freePort";
import { documentsIn, documentText, expectSameDocuments } from "./sameDocuments";

const MAIN = join(repository, "dist/kernel/main.js");

/** Soft devices have no node: the times of their readings are those of the process, to some milliseconds. */
const SOFT = /"(?:diode|slit)(?:-\w+)?":1\d{9}(?:\.\d+)?/g;

const textIn = (folder: string): string => documentText({ documents: documentsIn(folder) });

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
    const measured = textIn(join(folder, "runs"));
    expect(readRecording(join(folder, "catalysis.rec")).nodes.length).to.equal(2);
    expect(await run("--replay")).to.match(
      /replayed catalysis\.rec: \d+ requests as recorded, 0 reads from the state, 0 refused\n/,
    );
    const replayed = textIn(join(folder, "catalysis.replay/runs"));
    await run("--replay");
    expectSameDocuments(textIn(join(folder, "catalysis.replay/runs")), replayed);
    expectSameDocuments(replayed.replace(SOFT, ""), measured.replace(SOFT, ""));
  });

  it("says against a changed node what has changed, before the first scan, and verify fails with the reason", async () => {
    const [gasPort, reactorPort] = [await freePort(), await freePort()];
    const notebook = JSON.parse(readFileSync(join(repository, "notebooks/02-catalysis.ipynb"), "utf8"));
    // The nodes are not those of the notebook itself, so that one of them can change.
    const cells = (notebook.cells as { source: string[] }[]).filter(
      ({ source }) => !/startGasDosing/.test(source.join("")),
    );
    const text = JSON.stringify({ ...notebook, cells });
    writeFileSync(
      join(folder, "apart.ipynb"),
      text.replaceAll("10771", `${gasPort}`).replaceAll("10772", `${reactorPort}`),
    );
    const secopLab = (...args: string[]) =>
      runProgram(process.execPath, [MAIN, ...args], { cwd: folder, timeout: 200 });
    const gas = await startGasDosing({ port: gasPort, speed: 300 });
    let reactor = await startReactorCell({ port: reactorPort, speed: 300 });
    try {
      const measured = await secopLab("run", "apart.ipynb", "--record");
      expect([measured.code, measured.stderr], measured.stdout).to.deep.equal([0, ""]);
      const same = await secopLab("verify", "apart.ipynb");
      expect(same.stdout, same.stderr).to.match(/^SAME: cells, nodes and runs\n/);
      const description = structuredClone(reactor.description) as {
        modules: Record<string, { accessibles: Record<string, { datainfo: Record<string, unknown> }> }>;
      };
      await reactor.close();
      Object.assign(description.modules.regulation?.accessibles.target?.datainfo as object, { max: 90 });
      reactor = await simulate(description, { port: reactorPort, speed: 300 });
      const { code, stdout, stderr } = await secopLab("run", "apart.ipynb", "--locked");
      expect([code, stderr]).to.deep.equal([1, ""]);
      const drift =
        "reactor is not as it was locked on \\d{4}-\\d\\d-\\d\\d \\(apart\\.lock/reactor\\.json\\), what the notebook uses has changed: " +
        "regulation:target has other limits or resolution: max 90, had 800; accept it: secop-lab run apart\\.ipynb --accept";
      expect(stdout).to.match(new RegExp(`UsageError: ${drift}\\n`));
      const verified = await secopLab("verify", "apart.ipynb", "--live");
      expect(verified.code, verified.stdout + verified.stderr).to.equal(1);
      expect(verified.stdout).to.match(
        new RegExp(
          `^DIFFERS: the node is not the same\\n {2}127\\.0\\.0\\.1:${reactorPort}, regulation:target: max 800 then, 90 now\\n`,
        ),
      );
      expect(verified.stdout).to.match(/cell \d+: .*90 degC/);
    } finally {
      await Promise.all([gas.close(), reactor.close()]);
    }
  });
});
