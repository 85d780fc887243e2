/** Tests of whether code is ready to run. */

import { expect } from "chai";
import { isCompleteCell } from "../../../kernel/compiler/completeness";

describe("whether a cell is complete", () => {
  const complete = [
    "",
    "1",
    "let x = 5;",
    "await f()",
    "for await (const x of y) {}",
    "{ a, b }",
    "`a\nb`",
    "// x",
    "class A {}",
    "if (a) b\nelse c",
    "using x = y",
    "a\n  .b()",
    "declare function f(): void",
    "function f(a: string): void;\nfunction f(a: any) {}",
  ];
  const incomplete: [string, string][] = [
    ["function f() {", "  "],
    ["function f()", ""],
    ["function f(a: string): void;", ""],
    ["function f() {\n  if (x) {\n", "    "],
    ["f(", "  "],
    ["const x =", ""],
    ["5 +", ""],
    ["[1, 2,", "  "],
    ["a.", ""],
    ["f(a?.b?.", "  "],
    ["`open ${a}", ""],
    ["`open", ""],
    ["/* open", ""],
    ["try { f() }", ""],
    ["if (a)", ""],
    ["x => {", "  "],
    ["class A { b() {", "    "],
    ["const s = '}'; f({", "    "],
  ];
  const invalid = [")", "let 5", "a b", "foo(]", '"open', "{ a: }}"];

  for (const code of complete)
    it(`is complete for ${JSON.stringify(code)}`, () =>
      expect(isCompleteCell(code)).to.deep.equal({ status: "complete" }));
  for (const [code, indent] of incomplete) {
    it(`is incomplete for ${JSON.stringify(code)}`, () =>
      expect(isCompleteCell(code)).to.deep.equal({ status: "incomplete", indent }));
  }
  for (const code of invalid)
    it(`is invalid for ${JSON.stringify(code)}`, () =>
      expect(isCompleteCell(code)).to.deep.equal({ status: "invalid" }));
});
