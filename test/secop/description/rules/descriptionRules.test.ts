import { expect } from "chai";
import { parseDescription } from "../../../../lib/secop/description/parseDescription";
import { DESCRIPTION } from "../../../support/scriptedNode";
import { m, problemsOf, withAccessible } from "./problemsOf";

describe("the rules of descriptions", () => {
  it("find nothing wrong with a sound one", () => {
    expect(parseDescription(DESCRIPTION).problems).to.deep.equal([]);
  });

  it("ask for what an interface class must have", () => {
    const { stop, ...rest } = m.accessibles;
    expect(problemsOf({ accessibles: rest })).to.deep.equal(["m: a Drivable should have stop"]);
    expect(problemsOf({ interface_classes: ["Triggerable"] })).to.deep.equal([
      "m: no interface class is known: Triggerable",
    ]);
    expect(problemsOf({ interface_classes: ["AcquisitionController"] })).to.deep.equal([
      "m: an AcquisitionController should have go",
      "m: it has no acquisition_channels",
    ]);
  });

  it("ask for names that are identifiers, differ, and begin with _ unless predefined", () => {
    expect(withAccessible("<b>", { datainfo: { type: "bool" } })).to.deep.equal([
      'm: "<b>" is not an identifier',
      'm:<b>: the name is not predefined, so it should begin with "_"',
    ]);
    expect(withAccessible("_TEXT", { datainfo: { type: "bool" } })).to.deep.equal([
      "m: accessibles differ only in upper and lower case: _text, _TEXT",
    ]);
    expect(withAccessible("value_max", { datainfo: { type: "double" } })).to.deep.equal([]);
    expect(problemsOf({ colour: "red" })).to.deep.equal([
      'm: the property colour is not predefined, so it should begin with "_"',
    ]);
  });

  it("ask for limits, units and formats that mean something", () => {
    expect(
      withAccessible("_x", { datainfo: { type: "double", min: 2, max: 1, unit: "$/min", fmtstr: "%d" } }),
    ).to.deep.equal([
      "m:_x: datainfo: min and max are the wrong way round: 2, 1",
      'm:_x: datainfo: "$/min" is not a unit: the node should have replaced the $',
      "m:_x: datainfo: fmtstr %d is unknown",
    ]);
    const lengths = {
      type: "tuple",
      members: [
        { type: "string", minchars: 2, maxchars: 1 },
        { type: "array", minlen: 2, maxlen: 1, members: { type: "enum", members: {} } },
      ],
    };
    expect(withAccessible("_x", { datainfo: lengths })).to.deep.equal([
      "m:_x: datainfo: minchars and maxchars are the wrong way round: 2, 1",
      "m:_x: datainfo: minlen and maxlen are the wrong way round: 2, 1",
      "m:_x: datainfo: an enum should have members",
    ]);
  });

  it("ask for a sound status and target, and for constants that are read-only", () => {
    expect(withAccessible("status", { datainfo: { type: "string" } })).to.deep.equal([
      "m:status: it should be a tuple of an enum of status codes (0 to 499) and a string",
    ]);
    expect(withAccessible("target", { datainfo: { type: "double" } })).to.deep.equal([
      "m:target: it should be changeable",
    ]);
    expect(withAccessible("_c", { datainfo: { type: "double" }, constant: 1, readonly: false })).to.deep.equal([
      "m:_c: a constant should be read-only",
    ]);
  });

  it("ask for roles that exist", () => {
    const systems = { s: { description: "d", system: "cryo", modules: { T: "gone" } } };
    expect(problemsOf({ acquisition_channels: { t: "gone" } }, { systems })).to.deep.equal([
      "system s: the role T is not a module or system: gone",
      "m: only an AcquisitionController should have acquisition_channels",
      "m: the acquisition channel t is not a module: gone",
    ]);
  });
});
