import { expect } from "chai";
import { parseDatainfo } from "../../../lib/secop/values/datainfo";
import { isBusy, isDriving, moduleStatus, statusGroup } from "../../../lib/secop/values/moduleStatus";

const datainfo = parseDatainfo({
  type: "tuple",
  members: [{ type: "enum", members: { IDLE: 100, BUSY: 300 } }, { type: "string" }],
});

describe("status", () => {
  it("groups any code", () => {
    expect([0, 101, 270, 376, 401, 500, -1].map(statusGroup)).to.deep.equal([
      "DISABLED",
      "IDLE",
      "WARN",
      "BUSY",
      "ERROR",
      "UNKNOWN",
      "UNKNOWN",
    ]);
  });

  it("lets a waiting client go on while finalizing", () => {
    expect([300, 389, 390, 399].map(isDriving)).to.deep.equal([true, true, false, false]);
    expect([299, 300, 399, 400].map(isBusy)).to.deep.equal([false, true, true, false]);
  });

  it("takes a value apart, whether its code has a name or not", () => {
    expect(moduleStatus(["BUSY", "ramping"], datainfo)).to.deep.equal({
      code: 300,
      name: "BUSY",
      text: "ramping",
      group: "BUSY",
    });
    expect(moduleStatus(["376", "x"], datainfo)).to.deep.equal({ code: 376, name: "376", text: "x", group: "BUSY" });
    expect(moduleStatus(["IDLE"], datainfo)?.text).to.equal("");
    expect(moduleStatus(undefined, datainfo)).to.equal(undefined);
    expect(moduleStatus(["", ""], datainfo)).to.equal(undefined);
  });
});
