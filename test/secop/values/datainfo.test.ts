import { expect } from "chai";
import fc from "fast-check";
import { parseCommandInfo, parseDatainfo } from "../../../lib/secop/values/datainfo";
import { hostileJson, typedValue } from "../../support/arbitraryValues";
import { CASES_TIMEOUT_MS, cases } from "../../support/fuzz";

function parse(json: unknown) {
  const problems: string[] = [];
  return { info: parseDatainfo(json, (p) => problems.push(p)), problems };
}

describe("datainfo", () => {
  it("becomes SECoP's own JSON again", () => {
    fc.assert(
      fc.property(typedValue, ({ json }) => {
        const { info, problems } = parse(json);
        expect(problems).to.deep.equal([]);
        expect(JSON.parse(JSON.stringify(info))).to.deep.equal(JSON.parse(JSON.stringify(json)));
      }),
    );
  });

  it("is something usable whatever a node declares", () => {
    fc.assert(
      fc.property(hostileJson, (json) => {
        const { info, problems } = parse(json);
        expect(info.type).to.be.a("string");
        if (info.type === "unknown") expect(problems).not.to.deep.equal([]);
        expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
      }),
      cases(3000),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("accepts the wrong names of lengths in the spec's examples and says so", () => {
    expect(parse({ type: "blob", min: 1, max: 64 })).to.deep.equal({
      info: { type: "blob", minbytes: 1, maxbytes: 64 },
      problems: ["min should be minbytes", "max should be maxbytes"],
    });
    expect(parse({ type: "array", max: 3, members: { type: "bool" } }).info).to.deep.equal({
      type: "array",
      maxlen: 3,
      members: { type: "bool" },
    });
  });

  it("accepts the form before SECoP 1.0", () => {
    expect(parse(["double", { min: 0 }])).to.deep.equal({
      info: { type: "double", min: 0 },
      problems: ["a list is the form before SECoP 1.0"],
    });
  });

  it("says where a problem is", () => {
    const json = {
      type: "struct",
      members: { pos: { type: "tuple", members: [{ type: "complex" }] } },
      optional: ["gone"],
    };
    expect(parse(json).problems).to.deep.equal([
      'members.pos.members[0]: unknown type "complex"',
      "optional is not a list of members",
    ]);
    expect(parse({ type: "double", min: "0" }).problems).to.deep.equal(["min has a wrong type"]);
  });

  it("keeps __proto__ a plain member", () => {
    const { info } = parse(JSON.parse('{"type": "enum", "members": {"__proto__": 1, "constructor": 2}}'));
    expect(info.type === "enum" && Object.entries(info.members)).to.deep.equal([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });

  it("gives up on absurd nesting without overflowing the stack", () => {
    const deep = JSON.parse(
      `${'{"type":"array","maxlen":1,"members":'.repeat(50_000)}{"type":"bool"}${"}".repeat(50_000)}`,
    );
    expect(parse(deep).problems.at(-1)).to.match(/nested too deeply$/);
  });

  it("of a command may lack argument and result", () => {
    expect(parseCommandInfo({ type: "command" })).to.deep.equal({ type: "command", argument: null, result: null });
    expect(parseCommandInfo({ type: "command", argument: { type: "bool" }, result: null })).to.deep.equal({
      type: "command",
      argument: { type: "bool" },
      result: null,
    });
  });
});
