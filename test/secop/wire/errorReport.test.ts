import { expect } from "chai";
import { parseErrorReport, reportedError } from "../../../lib/secop/wire/errorReport";

describe("an error report of a node", () => {
  it("becomes the error of its class, with the node's words on one line", () => {
    const report = parseErrorReport('["Impossible", " the valve \\n is stuck ", {}]');
    const error = reportedError("cannot open gas", report, "gas");
    expect(error.name).to.equal("Impossible");
    expect(error.message).to.equal("cannot open gas: the valve is stuck");
  });

  it("cannot command the terminal that shows it", () => {
    expect(parseErrorReport("[\x1b[2J").text).to.match(/bad JSON: \[\\x1b\[2J$/);
    const { text } = parseErrorReport(JSON.stringify(["InternalError", "a\x1b]0;b\x07\x1b[2J", {}]));
    expect(text).to.equal("a\\x1b]0;b\\x07\\x1b[2J");
  });

  it("has a text although the node gives none", () => {
    for (const json of [undefined, "[]", '["", "  "]', "7"]) {
      expect(parseErrorReport(json)).to.deep.include({ code: "UnknownError", text: "the node gives no reason" });
    }
    expect(parseErrorReport("[nonsense").code).to.equal("BadJSON");
  });
});
