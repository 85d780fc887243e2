import fs from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { refuseDeepNesting } from "../../../kernel/compiler/nesting";
import { openNotebook } from "./notebook";

/** Each nests by one more level with each repetition. */
const FORMS: readonly (readonly [string, string, string])[] = [
  ["[", "", "]"],
  ["(", "1", ")"],
  ["{", "", "}"],
  ["`${", "1", "}`"],
  ["function f(){", "", "}"],
  ["", '"1"', "+1"],
  ["!", "a", ""],
  ["- ", "1", ""],
  ["", "a", ".a"],
  ["", "a", "()"],
  ["a=>", "1", ""],
  ["a=>\n", "1", ""],
  ["a?b:", "c", ""],
  ["if(a)", "b", ""],
  ["if(a)\n", "b", ""],
  ["if(a)b;else ", "c", ""],
  ["a=", "1", ""],
  ["let x: A<", "B", ">"],
  ["", "let x: A", "[]"],
  ["", "a", "**a"],
  ["", "a", "!"],
  ["", "a", " as any"],
  ["await ", "1", ""],
  ["new ", "A", ""],
];

describe("the guard before the parsers", () => {
  for (const [open, middle, close] of FORMS) {
    it(`refuses ${JSON.stringify(open + middle + close)} nested 10,000 deep, and takes it 100 deep`, () => {
      const nested = (n: number) => open.repeat(n) + middle + close.repeat(n);
      expect(() => refuseDeepNesting(nested(10_000))).to.throw(RangeError, "nested too deep");
      refuseDeepNesting(nested(100));
    });
  }

  it("names the file that is too deep, each time that a cell imports it", async () => {
    const deep = `export const sum = 1${"+1".repeat(50_000)};`;
    const notebook = openNotebook({ files: { "deep.ts": deep, "h.ts": "export * from './deep'" } });
    try {
      for (const from of ["./deep", "./h", "./deep"]) {
        const { errors } = await notebook.cell(`import { sum } from '${from}'; sum`);
        expect(errors.join()).to.match(/^1:1 deep\.ts is nested too deep to be compiled/);
      }
      expect(await notebook.value("1 + 1")).to.equal(2);
    } finally {
      notebook.close();
    }
  });

  it("takes long code that is not deep", () => {
    refuseDeepNesting("const a = [1, 2].map((x) => x + 1);\n".repeat(5000));
    refuseDeepNesting("a.b.c = d.e(f.g) + 1\nif (a) b.c()\n".repeat(5000));
    refuseDeepNesting(`const html = \`${"<a href=x>(((".repeat(20_000)}\``);
    refuseDeepNesting(`const s = "${"(=+".repeat(20_000)}"; const list = [${"{ a: -1, b: c.d },".repeat(20_000)}]`);
    for (const folder of ["kernel", "lib"]) {
      for (const file of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (file.endsWith(".ts")) refuseDeepNesting(fs.readFileSync(path.join(folder, file), "utf8"));
      }
    }
  });
});
