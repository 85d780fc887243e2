import { expect } from "chai";
import { runProgram } from "../peers/peers";

// A process of its own is used, since other tests of this one may have registered something for its end.
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
  it("has one listener for everything that closes at its end, and none if there is nothing", async () => {
    const { code, stdout, stderr } = await runProgram(process.execPath, ["--import=tsx", "-e", SCRIPT]);
    expect(code, stderr).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal([0, 1, 0]);
  });
});
