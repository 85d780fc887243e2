/** Tests of advice, one for each mistake: the code as it is typed, and the lines that are shown. */

import { expect } from "chai";
import { withAdvice } from "../../../../kernel/output/advice/typeAdvice";
import { type Notebook, openNotebook } from "../../compiler/notebook";

/** The code of a cell, and the advice that replaces the messages of the check: one line, or several. */
export type AdviceCase = readonly [code: string, advice: string | readonly string[]];

/** @param definitions a cell that has run before: it defines what the code of the cases uses */
export function describeAdvice(title: string, definitions: string, cases: readonly AdviceCase[]): void {
  describe(title, function () {
    this.timeout(60_000);
    let notebook: Notebook;

    before(async () => {
      notebook = openNotebook();
      await notebook.value('export * from "secop-lab";');
      await notebook.value(definitions);
    });

    after(() => notebook.close());

    for (const [code, advice] of cases) {
      it(`is answered in one line:  ${code.replaceAll("\n", " ⏎ ")}`, async () => {
        const { diagnostics } = await notebook.convert(code);
        const shown = withAdvice(diagnostics, code).map(({ messageText }) => messageText);
        expect(shown).to.deep.equal(typeof advice === "string" ? [advice] : advice);
      });
    }
  });
}
