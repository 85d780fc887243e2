import { expect } from "chai";
import { memberNames } from "../../../lib/secop/description/memberName";

describe("memberNames", () => {
  it("keeps names of the wire, custom ones included", () => {
    const members = memberNames(["value", "_maxpower", "a b", ""]);
    expect([...members.values()]).to.deep.equal(["value", "_maxpower", "a b", ""]);
  });

  it("puts underscores after reserved names until they are free", () => {
    const members = memberNames(["then", "then_", "stop", "__proto__", "constructor"]);
    expect([...members.values()]).to.deep.equal(["then__", "then_", "stop_", "__proto___", "constructor_"]);
  });
});
