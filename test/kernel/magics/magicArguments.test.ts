/** Tests of how the arguments of magics are split. */

import { expect } from "chai";
import { splitArguments, takeMagicOptions } from "../../../kernel/magics/magicArguments";

describe("the arguments of a magic", () => {
  it("are words, which quotes and brackets keep together", () => {
    expect(splitArguments("  motor  (start + 1) 'a b' f(x, [1, 2]) ")).to.deep.equal([
      "motor",
      "(start + 1)",
      "'a b'",
      "f(x, [1, 2])",
    ]);
    expect(splitArguments("")).to.deep.equal([]);
    expect(splitArguments("'it\\'s one'")).to.deep.equal(["'it\\'s one'"]);
  });

  it("are refused if a quote or bracket is not closed", () => {
    expect(() => splitArguments("(a")).to.throw(") is missing in: (a");
    expect(() => splitArguments("'a")).to.throw("' is missing");
  });

  it("may be options, and unknown ones are refused with a list of the known", () => {
    const known = { flags: ["--no-class"], values: ["--class"] };
    const { positional, options } = takeMagicOptions(["uri", "--class", "'my file.ts'", "as"], known);
    expect(positional).to.deep.equal(["uri", "as"]);
    expect([...options]).to.deep.equal([["--class", "my file.ts"]]);
    expect(() => takeMagicOptions(["--clas", "x"], known)).to.throw("--clas: the options are --no-class, --class");
  });
});
