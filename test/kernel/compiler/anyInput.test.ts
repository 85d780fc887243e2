/** Tests of random text as cells. */

import { expect } from "chai";
import fc from "fast-check";
import { type Notebook, openNotebook } from "./notebook";

/** Pieces that are difficult for parsers, to be joined in any order. */
const pieces = fc.constantFrom(
  ..."{ } ( ) [ ] ` ' \" / \\ ; : , . ... => = ! ? ?. @ # $ 0 1n a let const var class function* async await for of in using import export default from * as type interface enum namespace declare global new this super yield return if else switch case try catch finally throw label: // /* */ <T> 'rxjs' 😀 é \n \u0000 \ud800 __cell_1 exports require $last".split(
    " ",
  ),
);
const codes = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join(" ")),
  fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join("")),
);

describe("any text as a cell", function () {
  this.timeout(120_000);
  let notebook: Notebook;

  before(async () => {
    notebook = openNotebook();
    await notebook.value("const a = 1; let T = 2; interface type1 {}");
  });
  after(() => notebook.close());

  it("is converted or refused with positions in the text, and never throws", async () => {
    await fc.assert(
      fc.asyncProperty(codes, async (code) => {
        const { diagnostics, output } = await notebook.convert(code);
        expect(output === undefined).to.equal(diagnostics.length > 0);
        for (const { start, end, messageText, fileName } of diagnostics) {
          expect(messageText).to.not.match(/could not be compiled/);
          expect(start.offset).to.be.within(0, code.length);
          expect(end.offset).to.be.within(start.offset, code.length);
          expect(fileName).to.equal(undefined);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("may be nested too deeply for the compiler", async () => {
    const code = `const deep = ${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const { diagnostics } = await notebook.convert(code);
    expect(diagnostics[0]?.messageText).to.match(
      /^(?:the cell could not be compiled: Maximum call stack size exceeded|the code is nested too deep to be compiled)/,
    );
    expect((await notebook.complete(code, code.length)).candidates).to.deep.equal([]);
    expect(notebook.language.isComplete(code).status).to.equal("invalid");
    expect(await notebook.value("a + 1")).to.equal(2);
  });

  it("can be completed and inspected at every position", async () => {
    await fc.assert(
      fc.asyncProperty(codes, fc.nat(), async (code, at) => {
        const position = at % (code.length + 1);
        const { start, end, candidates, kinds } = await notebook.complete(code, position);
        expect(start).to.be.within(0, end);
        expect(end).to.equal(position);
        expect(kinds).to.have.length(candidates.length);
        await notebook.inspect(code, position);
        expect(notebook.language.isComplete(code).status).to.be.oneOf(["complete", "incomplete", "invalid"]);
      }),
      { numRuns: 200 },
    );
  });
});
