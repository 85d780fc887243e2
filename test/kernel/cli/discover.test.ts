import { expect } from "chai";
import { nodeLine } from "../../../kernel/cli/discoverCommand";

describe("secop-lab discover", () => {
  it("shows the first line of a description", () => {
    const node = { uri: "10.0.0.7:10767", equipment_id: "cryo_3", firmware: "", description: "A cryostat\nof the lab" };
    expect(nodeLine(node)).to.equal("10.0.0.7:10767          cryo_3  A cryostat");
  });

  it("escapes control characters in the strings of a node", () => {
    const node = { uri: "10.0.0.7:10767", equipment_id: "a\x1b]0;b\x07", firmware: "", description: "c\rd\x1b[2J" };
    expect(nodeLine(node)).to.equal("10.0.0.7:10767          a\\x1b]0;b\\x07  c d\\x1b[2J");
  });
});
