import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { repository, runProgram } from "../../peers/peers";

describe("the command line of secop-lab", function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "secop-lab-cli-"));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the program, which must fail, and resolves with its stderr. */
  async function refusal(...args: string[]): Promise<string> {
    const program = [`--import=${require.resolve("tsx")}`, join(repository, "kernel/main.ts"), ...args];
    const { code, stderr } = await runProgram(process.execPath, program, { cwd: folder });
    expect(code).to.equal(1);
    return stderr;
  }

  it("accepts the notebook after repeated parameters", async () => {
    expect(await refusal("run", "-p", "a=7", "-p", "b=8", "missing.ipynb")).to.contain("missing.ipynb: ENOENT");
  });

  it("rejects two locations for the kernel", async () => {
    expect(await refusal("install", "--user", "--prefix", folder)).to.contain(
      "'--user' cannot be used with option '--prefix <dir>'",
    );
    expect(await refusal("uninstall", "--sys-prefix", "--prefix", folder)).to.contain("cannot be used with");
  });

  it("says which file does not exist, and which is not a description", async () => {
    expect(await refusal("generate", "missing.json")).to.equal("secop-lab: there is no file missing.json\n");
    writeFileSync(join(folder, "other.json"), '{"a": 1}');
    expect(await refusal("generate", "other.json")).to.equal(
      "secop-lab: other.json is not a description: it should contain the JSON that a node answers to describe (it has no modules)\n",
    );
  });
});
