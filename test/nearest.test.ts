import { expect } from "chai";
import { nearest } from "../lib/nearest";

describe("the nearest name", () => {
  it("is one with few edits", () => {
    const names = ["connect", "discover", "wa", "mov", "movr"];
    expect(nearest("conect", names)).to.equal("connect");
    expect(nearest("Discover", names)).to.equal("discover");
    expect(nearest("mvo", names)).to.equal("mov");
    expect(nearest("xyzxyz", names)).to.equal(undefined);
  });
});
