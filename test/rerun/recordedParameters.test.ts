/** Values that a notebook or script was given by `-p` are kept in its recording. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readRecording } from "../../lib/rerun";
import { startSimNode } from "../../lib/sim";
import { repository, runProgram } from "../peers/peers";

const MAIN = join(repository, "dist/kernel/main.js");

describe("the parameters of a recorded run", function () {
  this.timeout(240_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "parameters-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const program = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runProgram(process.execPath, [MAIN, ...args], { cwd: folder, timeout: 120 });
    expect(code, stdout + stderr).to.equal(0);
    return stdout;
  };

  it("are given again in a replay and by verify, unless others are given, for notebooks and scripts", async () => {
    const node = await startSimNode({ port: 0, speed: 100 });
    try {
      const parameters = "const kelvin = 12;\nconst unused = 1;\n";
      const connect = `%connect ${node.uri} as cryo\n`;
      const measure = "await cryo.cryo.target.set(kelvin);\nconsole.log(`sent to ${kelvin} K`);\n";
      const cell = (id: string, source: string, tags: string[] = []) => ({
        ...{ cell_type: "code", id, metadata: { tags }, execution_count: null, outputs: [], source },
      });
      const notebook = {
        cells: [cell("a", parameters, ["parameters"]), cell("b", connect + measure)],
        ...{ metadata: {}, nbformat: 4, nbformat_minor: 5 },
      };
      writeFileSync(join(folder, "night.ipynb"), JSON.stringify(notebook));
      const device = `new SecopNodeDevice("${node.uri}", { name: "cryo" })`;
      const script = `const { cryo } = await initDevices({ cryo: ${device} });\n`;
      writeFileSync(join(folder, "day.ts"), parameters + script + measure.replace("cryo.cryo", "(cryo as any).cryo"));
      for (const file of ["night.ipynb", "day.ts"])
        expect(await program("run", file, "-p", "kelvin=14", "--record")).to.contain("sent to 14 K");
    } finally {
      await node.close();
    }
    for (const name of ["night", "day"]) {
      expect([...readRecording(join(folder, `${name}.rec`)).parameters]).to.deep.equal([["kelvin", 14]]);
      expect(readFileSync(join(folder, `${name}.rec`), "utf8")).to.contain('\n#parameters {"kelvin":14}\n');
    }
    expect(await program("run", "night.ipynb", "--replay")).to.contain("sent to 14 K");
    expect(await program("run", "day.ts", "--replay")).to.contain("sent to 14 K");
    expect(await program("run", "night.ipynb", "--replay", "-p", "unused=2")).to.contain("sent to 14 K");
    expect(await program("verify", "night.ipynb")).to.match(/^SAME: cells, nodes/m);
  });
});
