/** Tests of the notices about expressions that mean something else in Python. */

import { expect } from "chai";
import { type Notebook, openNotebook } from "./notebook";

describe("an expression on lists that means something else in Python", function () {
  this.timeout(60_000);
  let notebook: Notebook;

  before(async () => {
    notebook = openNotebook();
    await notebook.value(
      `const a = [1, 2, 3], f = new Float64Array(3), o = { list: ["x"], [-1]: 5 }, s: string = "abc";`,
    );
  });

  after(() => notebook.close());

  /** The notices of a cell, which runs nevertheless. */
  async function notices(code: string): Promise<string[]> {
    const { ok, warnings } = await notebook.cell(code);
    expect(ok).to.equal(true);
    return warnings;
  }

  it("gets a notice if it is an index below 0, which is always undefined", async () => {
    for (const list of ["a", "f", "o.list", "s", "[1, 2]"]) {
      const text = `an index counts from the start, so ${list}[-1] is undefined: write  ${list}.at(-1)`;
      expect(await notices(`${list}[-1]`)).to.deep.equal([`1:1 ${text}`]);
    }
    expect(await notices("const b = [4]; b[ -2 ]")).to.have.length(1);
  });

  it("gets a notice if it looks for a value by in", async () => {
    expect(await notices("3 in a")).to.deep.equal([
      "1:1 in looks for an index and not for a value: write  a.includes(3)",
    ]);
    expect(await notices('"a" in ["a"]; 3 in a')).to.deep.equal([
      '1:1 in looks for an index and not for a value: write  ["a"].includes("a")',
      "1:15 in looks for an index and not for a value: write  a.includes(3)",
    ]);
  });

  it("gets none where it means what it says", async () => {
    for (const code of ["o[-1]", '"list" in o', "a[0]", "a.at(-1)", "a[a.length - 1]", "for (const k in a) { }\na"]) {
      expect(await notices(code), code).to.deep.equal([]);
    }
  });
});
