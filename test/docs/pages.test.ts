/** The code of the pages runs, in the order of each page, and gives what the page shows. */

import { expect } from "chai";
import { masked, readDocsPage, shortened, withoutBars } from "./page";
import { PageRunner } from "./pageRunner";
import { runPages } from "./runPages";

describe("the code in docs", function () {
  this.timeout(120_000);
  let runner: PageRunner;

  before(async () => {
    runner = await PageRunner.start();
  });

  after(() => runner[Symbol.asyncDispose]());

  for (const page of runPages().map(readDocsPage)) {
    if (page.blocks.length === 0) continue;
    it(`of ${page.name} runs, and gives what the page shows`, async () => {
      const results = await runner.run(page);
      const problems = results.filter(({ problem }) => problem !== undefined);
      expect(problems.map(({ block, problem }) => `docs/${page.name}:${block.line}: ${problem}`)).to.deep.equal([]);
      expect(await runner.checkRows(page.rows), `rows of tables in docs/${page.name}`).to.deep.equal([]);
      for (const { block, output, png } of results) {
        const place = `docs/${page.name}:${block.line}`;
        if (block.picture) expect(png, `${place} shows no plot`).not.to.equal(undefined);
        if (!block.output) continue;
        const { limit, text } = block.output;
        const shown = masked(shortened(withoutBars(output), limit));
        expect(shown, `${place} (npm run docs:outputs renews it)`).to.equal(masked(withoutBars(text)));
      }
    });
  }
});
