/** Tests of how magics are found in the text of cells. */

import { expect } from "chai";
import fc from "fast-check";
import { findMagics, maskMagics } from "../../../kernel/magics/findMagics";

const none = (): boolean => false;
const names = (code: string, isName: (word: string) => boolean = none): string[] =>
  findMagics(code, isName).map(({ name }) => name);

describe("magics in a cell", () => {
  it("are lines that start with % and a name, with their arguments", () => {
    const [magic, second] = findMagics("const a = 1;\n  %connect localhost:1 as cryo  \n%wa", none);
    expect(magic).to.deep.include({
      kind: "line",
      name: "connect",
      args: "localhost:1 as cryo",
      start: 15,
      asksHelp: false,
    });
    expect(second).to.deep.include({ name: "wa", args: "" });
    expect(findMagics("%connect?", none)[0]).to.deep.include({ name: "connect", asksHelp: true });
  });

  it("are the whole cell if it starts with %%", () => {
    const [magic] = findMagics("\n%%devices now\na = b\n%wa\n", none);
    expect(magic).to.deep.include({ kind: "cell", name: "devices", args: "now", body: "a = b\n%wa\n" });
    expect(names("const a = 1;\n%%devices")).to.deep.equal([]);
  });

  it("are not lines of template strings and comments", () => {
    expect(names("const s = `\n%wa\n`;")).to.deep.equal([]);
    expect(names(["const s = `$", "{f(\n%wa\n)}`;"].join(""))).to.deep.equal([]);
    expect(names("/*\n%wa\n*/")).to.deep.equal([]);
    expect(names("`closed`;\n// comment `\n%wa")).to.deep.equal(["wa"]);
    expect(names("%time 1\nconst s = `\n%wa\n%wa \\` b\n%wa`;\n%who")).to.deep.equal(["time", "who"]);
    expect(names("/*\n%wa ` ${\n%wa\n*/\n%who\n/*\n%wa\n*/")).to.deep.equal(["who"]);
    expect(names(["`$", "{`\n%wa\n`}\n%wa`\n%who"].join(""))).to.deep.equal(["who"]);
  });

  it("are not continuation lines of an expression", () => {
    for (const code of [
      "f(\n%wa)",
      "const a = [1,\n%wa",
      "const a = 5 +\n%wa",
      "a.\n%wa",
      "const a =\n%wa",
      "a ? b :\n%wa",
    ]) {
      expect(names(code), code).to.deep.equal([]);
    }
  });

  it("are not modulo operations", () => {
    expect(names("const q = a\n%wa", (word) => word === "wa")).to.deep.equal([]);
    expect(names("const wa = 3\nconst q = 7\n%wa")).to.deep.equal([]);
    expect(names("const q = 7\n%(3)")).to.deep.equal([]);
    expect(names("const q = 7\n%3")).to.deep.equal([]);
    expect(names("const q = 7\n%wa.length")).to.deep.equal([]);
    expect(names("%who\nconst wa = 3\n%time 1\nconst q = 7\n%wa")).to.deep.equal(["who", "time"]);
    expect(names("const wa = 3\nq() // done;\n%wa")).to.deep.equal([]);
    expect(names("const wa = 3\nq(); // done\n%wa")).to.deep.equal(["wa"]);
    expect(names("const f = (wa: number) => 7\n%wa")).to.deep.equal([]);
    expect(names("for (const [wa] of pairs) total += 7\n%wa")).to.deep.equal([]);
    expect(names('import { wa } from "./x"\nconst q = 7\n%wa')).to.deep.equal([]);
    expect(names("run.wa()\n%wa"), "a member of that name is not an operand").to.deep.equal(["wa"]);
  });

  it("may follow statements, with and without semicolon, and stand in blocks", () => {
    for (const code of [
      "const a = 1;\n%wa",
      "const a = 1\n%wa",
      "f()\n%wa",
      "if (a) {\n  %wa\n}",
      "{ }\n%wa",
      "%time f()\n%wa",
      "type A = Map<string, number>\n%wa",
      "switch (a) {\n  case 1:\n  %wa\n}",
      "a!\n%wa",
      "let 5\n%wa",
      "class A { b = [\n1] }\n%wa",
      "each((x) => {\n  %wa\n})",
      "void (async () => {\n  f(`${[1].map(() => {\n    %wa\n  })}`)\n})",
    ]) {
      expect(names(code).at(-1), code).to.equal("wa");
    }
  });

  it("end before a comment, and an address does not begin one", () => {
    const args = (code: string) => findMagics(code, none).map((magic) => magic.args);
    expect(args("%connect ws://host:1/x as y   // typed")).to.deep.equal(["ws://host:1/x as y"]);
    expect(args("%wa // all")).to.deep.equal([""]);
    expect(args("%time f('a // b') // s")).to.deep.equal(["f('a // b')"]);
    expect(args("%time don't // s")).to.deep.equal(["don't"]);
  });

  it("are commands of the shell and questions, but not parts of expressions", () => {
    const found = (code: string, isName: (word: string) => boolean = none) =>
      findMagics(code, isName).map(({ sign, args }) => sign + args);
    expect(found("const v = 1\n!ls -l | wc\n!v\n!echo {v} // kept")).to.deep.equal([
      "!ls -l | wc",
      "!echo {v} // kept",
    ]);
    expect(found("!ls \\\n  -l\n%wa")).to.deep.equal(["!ls \\\n  -l", "%"]);
    expect(found("!ready && go()", (word) => ["ready", "go"].includes(word))).to.deep.equal([]);
    expect(found("!ready &&\n  go()", (word) => ["ready", "go"].includes(word))).to.deep.equal([]);
    expect(found("!!x", (word) => word === "x")).to.deep.equal([]);
    expect(found("a?\n?b.c\nhelp(d)")).to.deep.equal(["?a", "?b.c", "?d"]);
    expect(found("x;\n?a\n!ls\n?%wa // no")).to.deep.equal(["?a", "!ls"]);
    for (const code of [
      "const x = a\n  ? b\n    ? c\n    : d\n  : e",
      "%wa\nconst x = a\n  ? b\n    ? c\n    : d\n  : e",
      "a ?\nb : c",
      "interface A {\n  name?\n  other: string\n}",
      "function f() {\n  help(a)\n}",
      "f(\nhelp(a)\n)",
      "`\n?a\n!ls\n`",
      "/*\n!ls\n?a\n*/",
    ]) {
      expect(
        found(code).filter((one) => one !== "%"),
        code,
      ).to.deep.equal([]);
    }
  });

  it("are masked by the same number of characters, so that positions stay the same", () => {
    const code = "const a = 1;\n%connect localhost:1 as cryo\na.";
    const masked = maskMagics(code, findMagics(code, none));
    expect(masked).to.equal(`const a = 1;\n//${" ".repeat(26)}\na.`);
    const cell = "%%devices\ncryo = x\n";
    expect(maskMagics(cell, findMagics(cell, none))).to.equal(`//${" ".repeat(7)}\n${" ".repeat(8)}\n`);
  });

  it("never change the length of the text when they are masked", () => {
    const piece = fc.constantFrom(
      "%wa",
      "%%x",
      "`",
      "\n",
      "a",
      " ",
      "${",
      "}",
      "(",
      ")",
      "/*",
      "*/",
      "//",
      ";",
      "'",
      "% b",
      "!ls",
      "?a",
      "a?",
      "\\",
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const code = pieces.join("");
        const masked = maskMagics(code, findMagics(code, none));
        expect(masked.length).to.equal(code.length);
        expect(masked.split("\n").map((line) => line.length)).to.deep.equal(
          code.split("\n").map((line) => line.length),
        );
      }),
    );
  });
});
