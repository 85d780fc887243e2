import { runInThisContext } from "node:vm";
import { expect } from "chai";
import fc from "fast-check";
import { nodeClass } from "../../lib/codegen/nodeClass";
import { docComment, quotedJson, stringLiteral } from "../../lib/codegen/sourceText";
import { findRegion, markedRegion } from "../../lib/generatedRegion";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { cases } from "../support/fuzz";
import { hostileDescription, text } from "../support/hostileDescription";
import { sourceProblems } from "./sourceShape";

const source = (json: unknown) => nodeClass(parseDescription(json), { className: "TestNode", file: "devices/test.ts" });

describe("a hostile description", function () {
  this.timeout(120_000);

  it("becomes a class file of declarations and strings, whatever it says", () => {
    fc.assert(
      fc.property(hostileDescription, (json) => {
        expect(sourceProblems(source(json))).to.deep.equal([]);
      }),
      cases(2000),
    );
  });

  it("would be noticed if it were code", () => {
    const smuggled = [
      "export class A extends f() {}",
      "const A_ = '' + process.exit(1);",
      "export class A { static x: string = `1`; }",
      "process.exit(1);",
      "export class A {\n  /** a @deprecated b */\n  declare readonly a: string;\n}",
      "/* process.exit(1) */",
    ];
    for (const line of smuggled) expect(sourceProblems(line), line).not.to.deep.equal([]);
  });

  it("cannot end the generated part", () => {
    fc.assert(
      fc.property(hostileDescription, text, text, (json, before, after) => {
        const body = source(json);
        const around = (words: string) => (words.includes("<secop-lab") ? "" : words);
        const file = `${around(before)}\n${markedRegion(body)}${around(after)}`;
        const region = findRegion(file);
        expect(region?.intact).to.equal(true);
        expect(region?.before).to.equal(`${around(before)}\n`);
        expect(region?.after).to.equal(around(after));
      }),
      cases(300),
    );
  });

  it("gives the same text each time", () => {
    fc.assert(
      fc.property(hostileDescription, (json) => {
        expect(source(json)).to.equal(source(structuredClone(json)));
      }),
      cases(200),
    );
  });
});

describe("strings of a class file", () => {
  it("have the values that the node sent", () => {
    fc.assert(
      fc.property(text, (words) => {
        const evaluate = (literal: string): unknown => runInThisContext(literal);
        expect(evaluate(stringLiteral(words))).to.equal(words);
        expect(JSON.parse(evaluate(quotedJson(JSON.stringify({ words }))) as string)).to.deep.equal({ words });
        const comment = docComment(words, "  ");
        const inside =
          comment.length > 1
            ? comment.slice(1, -1).map((line) => line.replace(/^ {3}\*/, ""))
            : comment.map((line) => line.slice(5, -2));
        expect(inside.join("\n"))
          .to.match(/^[^\r\u2028\u2029]*$/)
          .and.not.to.contain("*/");
        expect(comment.every((line) => /^ {2}\/\*\* .*\*\/$|^ {2}\/\*\*$|^ {3}\*/.test(line))).to.equal(true);
        expect(runInThisContext(`${comment.join("\n")}\n1`)).to.equal(1);
      }),
      cases(1000),
    );
  });
});
