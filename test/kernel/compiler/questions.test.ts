/** Tests of what completion and inspection know beyond names. */

import { expect } from "chai";
import { type Notebook, openNotebook } from "./notebook";

describe("a question about code", () => {
  let notebook: Notebook;
  before(async () => {
    notebook = openNotebook();
    await notebook.value(`/** Doubles it.
     * @param x the number */
    function twice(x: number, by: number = 2): number { return by * x }
    interface Both {
      /** The *first*. */
      one: number;
      join(text: string): string;
    }
    const both: Both = { one: 1, join: (text) => text };`);
  });
  after(() => notebook?.close());

  const text = (parts: readonly { readonly text: string }[] = []): string => parts.map((part) => part.text).join("");

  it("gives candidates with their types and documentation", async () => {
    const members = await notebook.complete("both.", 5);
    expect(members.candidates).to.deep.equal(["join", "one"]);
    expect(members.details).to.deep.equal([
      { signature: "(method) Both.join(text: string): string", documentation: "" },
      { signature: "(property) Both.one: number", documentation: "The *first*." },
    ]);
    const { candidates, details = [] } = await notebook.complete("twi", 3);
    expect(candidates).to.deep.equal(["twice"]);
    expect(details[0]?.signature).to.equal("function twice(x: number, by?: number): number");
    expect(details[0]?.documentation).to.match(/^Doubles it\./);
    expect((await notebook.complete("Math.ma", 7)).details?.[0]?.signature).to.match(/^\(method\) Math\.max/);
  });

  it("within a call is answered by the signature of what is called", async () => {
    for (const code of ["twice(", "twice(1, ", "[twice( 1 )]", "both.join(String(twice("]) {
      const position = code.startsWith("[") ? "[twice( ".length - 1 : code.length;
      const info = await notebook.inspect(code, position);
      expect(text(info?.displayParts)).to.equal("twice(x: number, by?: number): number");
      expect(text(info?.documentation)).to.equal("Doubles it.");
      expect(info?.tags?.map(({ name, text: parts }) => `${name} ${text(parts)}`)).to.deep.equal([
        "param x the number",
      ]);
    }
    expect(text((await notebook.inspect("twice(both.one", 12))?.displayParts)).to.equal("(property) Both.one: number");
  });

  it("after a dot that no name follows yet is answered by what stands before the dot", async () => {
    for (const code of ["both.one.", "both.one?.", "both.one. ", "twice(both.one.", "both\n  .one.\n"]) {
      const info = await notebook.inspect(code, code.length);
      expect(text(info?.displayParts), code).to.equal("(property) Both.one: number");
      expect(text(info?.documentation)).to.equal("The *first*.");
    }
    expect(text((await notebook.inspect("twice(...", 9))?.displayParts)).to.match(/^twice\(/);
    for (const code of ["// both.", "'both.", "1.", ".", "both.."]) {
      expect(await notebook.inspect(code, code.length), code).to.equal(undefined);
    }
  });

  it("gives no candidates for members whose keys are symbols, since they cannot follow a dot", async () => {
    await notebook.value(`import { createRunEngine } from "secop-lab";
    const RE = createRunEngine();`);
    const { candidates } = await notebook.complete("RE.", 3);
    expect(candidates[0]).to.equal("abort");
    expect(candidates).to.include("state$").and.not.include("$display");
  });

  it("after a dot behind a call or another expression is answered by its type", async () => {
    const shown = async (marked: string) => {
      const info = await notebook.inspect(marked.replace("|", ""), marked.indexOf("|"));
      return text(info?.displayParts);
    };
    expect(await shown("twice(1).|")).to.equal("twice(1): number");
    expect(await shown("twice(1)?.|")).to.equal("twice(1): number");
    expect(await shown("console.log(twice(1).| + 2)")).to.equal("twice(1): number");
    expect(await shown("twice(1).|\nconst other = 3")).to.equal("twice(1): number");
    expect(await shown("(await Promise.resolve(both)).|")).to.equal("await Promise.resolve(both): Both");
    expect(await shown("[both][0].|")).to.equal("[both][0]: Both");
    expect(await shown("new Date().|")).to.equal("new Date(): Date");
    expect(await shown("'text'.|")).to.equal("'text': string");
    expect(await shown("// twice(1).|")).to.equal("");
  });

  it("within a call of overloads without descriptions shows that of the function", async () => {
    await notebook.value(`interface Halve { (x: number): number; (x: string): string }
    /** Takes half of it. */
    const halve: Halve = (x: any) => x;`);
    const info = await notebook.inspect("halve(", 6);
    expect(text(info?.displayParts)).to.equal("halve(x: number): number (+1 overloads)");
    expect(text(info?.documentation)).to.equal("Takes half of it.");
  });
});
