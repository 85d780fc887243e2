import { expect } from "chai";
import { sentence } from "../../lib/display/sentence";

describe("a sentence", () => {
  it("ends with one mark", () => {
    expect(["gone", "is it there?", "gone.", ""].map(sentence)).to.deep.equal(["gone.", "is it there?", "gone.", ""]);
  });
});
