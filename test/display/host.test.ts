import { expect } from "chai";
import { currentHost } from "../../lib/display/host";

describe("a process without a notebook", () => {
  it("has one listener for all that is to be closed at its end, and none when nothing is", () => {
    const before = process.listenerCount("beforeExit");
    const undo = Array.from({ length: 20 }, () => currentHost().onShutdown(() => {}));
    expect(process.listenerCount("beforeExit")).to.equal(before + 1);
    for (const forget of undo) forget();
    expect(process.listenerCount("beforeExit")).to.equal(before);
  });
});
