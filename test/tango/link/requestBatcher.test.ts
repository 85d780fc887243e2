/** Tests of the requests that share a call to a Tango device. */

import { expect } from "chai";
import { RequestBatcher } from "../../../lib/tango/link/requestBatcher";
import { failureText } from "../../support/failure";

describe("requests about attributes of one device", () => {
  it("give up by their own limits, though those of one turn share a call and a timer", async () => {
    const answers: ((values: readonly string[]) => void)[] = [];
    const asked: (readonly string[])[] = [];
    const signals: AbortSignal[] = [];
    const session = {};
    const batcher = new RequestBatcher<string, "read">(
      (names, _group, signal) => {
        asked.push(names);
        signals.push(signal);
        return new Promise((resolve) => answers.push((value) => resolve({ value, session })));
      },
      () => false,
    );
    const aborted = new AbortController();
    aborted.abort(new Error("the plan was aborted"));
    const hasty = ["a", "b"].map((name) => failureText(batcher.request(name, "read", { timeout: 0.05 }, "the device")));
    const never = failureText(batcher.request("c", "read", { signal: aborted.signal }, "the device"));
    const patient = ["a", "d"].map((name) => batcher.request(name, "read", { timeout: 30 }, "the device"));
    // A microtask later the signal has fired. A caller that comes then gives up as well.
    await Promise.resolve();
    await Promise.resolve();
    const late = failureText(batcher.request("e", "read", { signal: aborted.signal }, "the device"));
    expect(await Promise.all(hasty)).to.deep.equal(hasty.map(() => "gave up waiting for the device after 0.05 s"));
    expect(await never).to.contain("gave up waiting for the device");
    expect(await late).to.contain("gave up waiting for the device");
    expect(asked).to.deep.equal([["a", "b", "d"]]);
    expect(signals[0]?.aborted).to.equal(false);
    answers[0]?.(["1", "2", "4"]);
    expect(await Promise.all(patient)).to.deep.equal([
      { value: "1", session },
      { value: "4", session },
    ]);
  });
});
