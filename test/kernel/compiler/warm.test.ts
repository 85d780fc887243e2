/** Tests of warming up before the first cell. */

import { expect } from "chai";
import { openNotebook } from "./notebook";

describe("warming up", () => {
  it("lets cells run meanwhile, and leaves no names behind", async () => {
    const notebook = openNotebook();
    try {
      const warm = notebook.language.warm();
      for (const n of [1, 2, 3]) expect(await notebook.value(`const part${n} = ${n}; part${n}`)).to.equal(n);
      await warm;
      expect(await notebook.value("part1 + part3")).to.equal(4);
      expect((await notebook.cell("warm")).errors).to.deep.equal(["1:1 Cannot find name 'warm'."]);
      expect((await notebook.complete("war", 3)).candidates).to.deep.equal([]);
    } finally {
      notebook.close();
    }
  });

  it("stops when a cell waits, and when the notebook is closed", async () => {
    const notebook = openNotebook();
    let asked = 0;
    await notebook.language.warm(() => ++asked < 3);
    expect(asked).to.equal(3);
    notebook.close();
    await notebook.language.warm(() => expect.fail("a closed notebook has nothing to warm"));
  });
});
