import { expect } from "chai";
import { runProgram } from "../peers/peers";

// a process of its own: in this one, tests may have left what is to be closed at the end
const SCRIPT = `
  const { currentHost } = require("./lib/display/host");
  const counts = [];
  const count = () => counts.push(process.listenerCount("beforeExit"));
  count();
  const undo = Array.from({ length: 20 }, () => currentHost().onShutdown(() => {}));
  count();
  for (const forget of undo) forget();
  count();
  console.log(JSON.stringify(counts));`;

describe("a process without a notebook", () => {
  it("has one listener for all that is to be closed at its end, and none when nothing is", async () => {
    const { code, stdout, stderr } = await runProgram(process.execPath, ["--import=tsx", "-e", SCRIPT]);
    expect(code, stderr).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal([0, 1, 0]);
  });
});
