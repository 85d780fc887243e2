import { expect } from "chai";
import { splitArguments, takeMagicOptions } from "../../../kernel/magics/magicArguments";

describe("the arguments of a magic", () => {
  it("are words; quotes and brackets keep what is in them together", () => {
    expect(splitArguments("  motor  (start + 1) 'a b' f(x, [1, 2]) ")).to.deep.equal([
      "motor",
      "(start + 1)",
      "'a b'",
      "f(x, [1, 2])",
    ]);
    expect(splitArguments("")).to.deep.equal([]);
    expect(splitArguments("'it\\'s one'")).to.deep.equal(["'it\\'s one'"]);
  });

  it("that are not closed are an error", () => {
    expect(() => splitArguments("(a")).to.throw(") is missing in: (a");
    expect(() => splitArguments("'a")).to.throw("' is missing");
  });

  it("may be options; unknown ones are an error that lists the known", () => {
    const known = { flags: ["--no-class"], values: ["--class"] };
    const { positional, options } = takeMagicOptions(["uri", "--class", "'my file.ts'", "as"], known);
    expect(positional).to.deep.equal(["uri", "as"]);
    expect([...options]).to.deep.equal([["--class", "my file.ts"]]);
    expect(() => takeMagicOptions(["--clas", "x"], known)).to.throw("--clas: the options are --no-class, --class");
  });
});
