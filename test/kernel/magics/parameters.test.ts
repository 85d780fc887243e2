/** Tests of the parameters of a run. */

import { expect } from "chai";
import { parseParameter, withParameters } from "../../../kernel/magics/parameters";

describe("parameters of a run", () => {
  it("are parsed as JSON, or taken as strings", () => {
    const values: Readonly<Record<string, unknown>> = {
      "a=5": 5,
      "a=-1.5e-3": -0.0015,
      "a=true": true,
      "a=null": null,
      'a="5"': "5",
      "a=[1,2]": [1, 2],
      "a=cold run": "cold run",
      "a=": "",
      "a=b=c": "b=c",
      "a=NaN": "NaN",
      "a=007": "007",
    };
    for (const [text, value] of Object.entries(values)) expect(parseParameter(text), text).to.deep.equal(["a", value]);
    expect(parseParameter("größe=1")).to.deep.equal(["größe", 1]);
  });

  it("are refused if JavaScript cannot represent them, or they are malformed", () => {
    expect(() => parseParameter("a=1e999")).to.throw("the parameter a=1e999 is beyond the largest number, 1.8e308");
    expect(() => parseParameter('a={"x":[-1e999]}')).to.throw("beyond the largest number");
    expect(() => parseParameter("id=12345678901234567890")).to.throw(
      "more digits than a number can hold: write it as a string",
    );
    expect(parseParameter('id="12345678901234567890"')).to.deep.equal(["id", "12345678901234567890"]);
    for (const text of ["a", "=5", "a b=5", "1a=5"])
      expect(() => parseParameter(text), text).to.throw(`cannot read the parameter ${text}: write name=value`);
  });

  it("replace initial values only, in the order of the code", () => {
    const code = "let a = 1, b: string = f(2, 3); // a = 1\nconst c = { a: 1 };\nfunction g() { let a = 9; }";
    const values = new Map<string, unknown>([
      ["c", null],
      ["a", 10],
      ["b", "x\ny"],
    ]);
    expect(withParameters(code, values)).to.equal(
      'let a = 10, b: string = "x\\ny"; // a = 1\nconst c = null;\nfunction g() { let a = 9; }',
    );
    expect(() => withParameters(code, new Map([["g", 1]]))).to.throw(
      "no parameter g: the cell of parameters declares a, b, c",
    );
  });
});
