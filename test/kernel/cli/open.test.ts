/** Tests of the commands that `secop-lab open` prints, which a user copies into a shell. */

import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { quoted } from "../../../kernel/cli/openCommand";

describe("the commands that secop-lab open prints", () => {
  it("name a notebook so that a shell runs nothing of its name, and takes it for no option", () => {
    for (const name of ["$(echo hi).ipynb", "`id`.ipynb", "it's a 'scan'.ipynb", "a b;c&d.ipynb", "!x $HOME.ipynb"])
      expect(execFileSync("sh", ["-c", `printf %s ${quoted(name)}`]).toString()).to.equal(name);
    expect(quoted("night/scan-1.ipynb")).to.equal("night/scan-1.ipynb");
    expect(quoted("--output=x.ipynb")).to.equal("'./--output=x.ipynb'");
  });
});
