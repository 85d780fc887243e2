/** Tests of warming up before the first cell. */

import { expect } from "chai";
import { done, openNotebook } from "./notebook";

describe("warming up", () => {
  it("is done in slices, between which cells run", async () => {
    const notebook = openNotebook();
    try {
      let parts = 0;
      for (const step of notebook.converter.warmSteps()) {
        await step;
        parts += 1;
        expect(await notebook.value(`const part${parts} = ${parts}; part${parts}`)).to.equal(parts);
      }
      expect(parts).to.be.greaterThan(2);
      expect(await notebook.value(`part1 + part${parts}`)).to.equal(1 + parts);
    } finally {
      notebook.close();
    }
  });

  it("leaves no names behind, and ends when the notebook is closed", async () => {
    const notebook = openNotebook();
    await done(notebook.converter.warmSteps());
    expect((await notebook.cell("warm")).errors).to.deep.equal(["1:1 Cannot find name 'warm'."]);
    expect((await notebook.complete("war", 3)).candidates).to.deep.equal([]);
    const steps = notebook.converter.warmSteps()[Symbol.iterator]();
    expect(steps.next().done).to.equal(false);
    notebook.close();
    expect(steps.next().done).to.equal(true);
  });
});
