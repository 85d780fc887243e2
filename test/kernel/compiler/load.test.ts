/** Tests of how a cell is checked before it runs. */

import { expect } from "chai";
import { type Notebook, openNotebook } from "./notebook";

describe("checking what a cell imports", () => {
  const VEGA = 'import type { TopLevelSpec } from "vega-lite"; const spec: TopLevelSpec = 5';
  let notebook: Notebook;

  before(() => {
    notebook = openNotebook();
  });
  after(() => notebook.close());

  it("lets timers run and answers completions meanwhile", async () => {
    const { language } = notebook;
    await notebook.value("const n1 = 1");
    let ended = false;
    const checked = language.load(VEGA).then(() => {
      ended = true;
    });
    await new Promise((resolve) => setTimeout(resolve));
    expect(ended).to.equal(false);
    expect((await notebook.complete("n1.toF", 6)).candidates).to.deep.equal(["toFixed"]);
    await checked;
    expect((await notebook.cell(VEGA)).errors).to.deep.equal([
      "1:54 Type 'number' is not assignable to type 'TopLevelSpec'.",
    ]);
  });

  it("reads each version of a file in the workspace", async () => {
    const large = (n: number): string =>
      `export const version = ${n};\n${"export interface Wide { member: string }\n".repeat(3000)}`;
    notebook.write("wide.ts", large(1));
    expect(await notebook.value('import { version } from "./wide"; version')).to.equal(1);
    notebook.write("wide.ts", large(2));
    expect(await notebook.value('import { version } from "./wide"; version')).to.equal(2);
  });

  it("never rejects: errors in the text are reported when the text is used", async () => {
    await notebook.language.load('import { nothing } from "no-such-package"; const x =');
    const nested = `import "node:fs"; ${"(".repeat(20_000)}1${")".repeat(20_000)}`;
    await notebook.language.load(nested);
    expect((await notebook.cell(nested)).errors[0]).to.match(
      /^1:1 the (?:cell could not be|code is nested too deep to be) compiled/,
    );
  });
});
