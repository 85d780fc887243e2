/** `npm install PATH` of a clone that was never built, as README says it. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { repository, runProgram } from "../../peers/peers";

const NPM_S = 240;

describe("a clone that was never built", function () {
  this.timeout((NPM_S + 120) * 1000);
  let root: string;

  before(() => {
    root = mkdtempSync(join(tmpdir(), "secop-lab clone "));
    // The last commit: changes that are not committed are not in it.
    const source = pathToFileURL(repository).href;
    execFileSync("git", ["clone", "--quiet", "--depth", "1", source, join(root, "clone")], { stdio: "pipe" });
  });

  after(() => rmSync(root, { recursive: true, force: true }));

  it("is built when a new folder installs it by its path, and runs scripts there", async () => {
    const cwd = join(root, "experiment");
    mkdirSync(cwd);
    // Under a test runner of npm, its own settings would reach the npm of the user.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
    const run = async (program: string, args: readonly string[], timeout = 90) => {
      const { code, stdout, stderr } = await runProgram(program, args, { cwd, env, timeout });
      expect(code, `${program} ${args.join(" ")}\n${stderr}${stdout}`).to.equal(0);
      return stdout;
    };
    expect(existsSync(join(root, "clone", "dist"))).to.equal(false);
    await run("npm", ["install", join(root, "clone"), "--no-audit", "--no-fund", "--prefer-offline"], NPM_S);

    writeFileSync(
      join(cwd, "program.mjs"),
      `import { count, createRunEngine, SimDetector } from "secop-lab";
       const run = await createRunEngine({ live: false, store: false })(count([new SimDetector("det")], 3));
       console.log("points", run.table().length);`,
    );
    expect(await run(process.execPath, ["program.mjs"])).to.equal("points 3\n");

    writeFileSync(
      join(cwd, "measure.ts"),
      `const run = await createRunEngine()(count([new SimDetector("det")], 2));
       const points: number = run.table().length;
       console.log("points", points);`,
    );
    expect(await run("npx", ["secop-lab", "run", "measure.ts"])).to.match(/^points 2$/m);
  });
});
