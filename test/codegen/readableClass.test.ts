import { expect } from "chai";
import { nodeClass } from "../../lib/codegen/nodeClass";
import { parseDescription } from "../../lib/secop/description/parseDescription";

const double = (more: object = {}) => ({ type: "double", unit: "K", ...more });
const argument = {
  type: "struct",
  members: { goal: double({ min: 0, max: 325 }), rate: double({ unit: "$/min" }), name: { type: "string" } },
};

const source = (max: number, description = "d") =>
  nodeClass(
    parseDescription({
      equipment_id: "e",
      description,
      modules: {
        m: {
          description: "m",
          interface_classes: ["Readable"],
          accessibles: {
            value: { description: "v", datainfo: double(), readonly: true },
            limited: { description: "l", datainfo: double({ min: 0, max }), readonly: false },
            pid: {
              description: "p",
              datainfo: { type: "struct", members: { p: double({ min: 1 }) } },
              readonly: false,
            },
            _go: {
              description: "Goes there.\n\nIt takes a while.",
              datainfo: { type: "command", argument, result: double({ unit: "s" }) },
            },
          },
        },
      },
    }),
    { className: "ENode", file: "devices/e.ts" },
  );

describe("a class file", () => {
  it("differs in the lines of a changed limit only, and each of them is short", () => {
    const [before, after] = [source(10).split("\n"), source(20).split("\n")];
    expect(after).to.have.length(before.length);
    expect(after.filter((line, n) => line !== before[n])).to.deep.equal([
      "  /** l (K, 0 to 20; config; limited) */",
      '"limited":{"datainfo":{"type":"double","min":0,"max":20,"unit":"K"},"readonly":false},\\',
    ]);
  });

  it("has units and limits of commands and of the members of structs", () => {
    const text = source(10);
    expect(text).to.contain(
      "Command<{ /** K, 0 to 325 */ goal: number; /** K/min */ rate: number; name: string }, number>;",
    );
    expect(text).to.contain("(argument: goal: K, 0 to 325; rate: K/min; result: s; _go)");
    expect(text).to.contain("declare readonly pid: SignalRW<{ /** K, from 1 */ p: number }>;");
  });

  it("keeps the paragraphs of descriptions, and wraps long lines", () => {
    expect(source(10)).to.contain("  /**\n   * Goes there.\n   *\n   * It takes a while. (argument: ");
    const long = source(10, `Title\n\n${"word ".repeat(60)}`).split("\n");
    const start = long.indexOf(" * Title");
    expect(long[start - 1]).to.equal("/**");
    expect(long[start + 1]).to.equal(" *");
    const comment = long.slice(start + 2, long.indexOf(" */", start));
    expect(comment.length).to.be.greaterThan(2);
    for (const line of comment)
      expect(line)
        .to.match(/^ \*( word)+$/)
        .and.have.length.lessThan(112);
  });

  it("keeps the descriptions of commands for a device that is not connected", () => {
    expect(source(10)).to.contain('"_go":{"description":"Goes there.\\\\n\\\\nIt takes a while."');
  });
});
