import { expect } from "chai";
import {
  accessibleNames,
  type MemberNames,
  moduleNames,
  propertyNames,
} from "../../../lib/secop/description/memberName";

const membersOf = (names: MemberNames) => Array.from(names.values(), ({ member }) => member);
const keysOf = (names: MemberNames) => Array.from(names.values(), ({ key }) => key);

describe("names of accessibles and modules", () => {
  it("lose the underscore of a custom name", () => {
    const names = accessibleNames(["value", "_maxpower", "a b", ""]);
    expect(membersOf(names)).to.deep.equal(["value", "maxpower", "a b", ""]);
    expect(keysOf(names)).to.deep.equal(["value", "maxpower", "a b", ""]);
    expect(membersOf(moduleNames(["_gas", "_value", "cryo"]))).to.deep.equal(["gas", "value", "cryo"]);
  });

  it("keep the underscore if the rest is a name of SECoP, taken, or not an identifier", () => {
    const predefined = ["_goal", "_target", "_target_max", "_ramp_limits", "_stop"];
    expect(membersOf(accessibleNames(predefined))).to.deep.equal(predefined);
    expect(membersOf(accessibleNames(["_p", "p"]))).to.deep.equal(["_p", "p"]);
    expect(membersOf(accessibleNames(["_x", "__x", "_", "_1"]))).to.deep.equal(["x", "__x", "_", "_1"]);
    expect(membersOf(moduleNames(["_m", "m"]))).to.deep.equal(["_m", "m"]);
  });

  it("get underscores after them where the device uses the name, but not in data keys", () => {
    const names = accessibleNames(["then", "then_", "stop", "__proto__", "constructor", "_set"]);
    expect(membersOf(names)).to.deep.equal(["then__", "then_", "stop_", "_proto__", "constructor_", "set_"]);
    expect(keysOf(names)).to.deep.equal(["then", "then_", "stop", "_proto__", "constructor", "set"]);
  });

  it("come before those of properties", () => {
    const names = propertyNames(["group", "description", "_x", "implementation"], accessibleNames(["_group", "_x"]));
    expect([...names]).to.deep.equal([
      ["group", { key: "group_", member: "group_" }],
      ["description", { key: "description", member: "description_" }],
      ["_x", { key: "_x", member: "_x" }],
      ["implementation", { key: "implementation", member: "implementation" }],
    ]);
  });
});
