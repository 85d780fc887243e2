import { expect } from "chai";
import { deadline } from "../../lib/core/deadline";

const outcome = (options: Parameters<typeof deadline>[0], then: (disarm: () => void) => void = () => {}) =>
  new Promise<string>((resolve) => {
    const disarm = deadline(options, "it", (error) => resolve(`${error.name}: ${error.message}`));
    then(disarm);
    setTimeout(() => resolve("nothing"), 5);
  });

describe("deadline", () => {
  it("fails after the time, in words", async () => {
    expect(await outcome({ timeout: 0.001 })).to.equal("TimeoutError: gave up waiting for it after 0.001 s");
    expect(await outcome({ timeout: null })).to.equal("nothing");
    expect(await outcome({ timeout: 1e9 })).to.equal("nothing");
  });

  it("fails when aborted, now or before, but never before it has returned", async () => {
    const controller = new AbortController();
    const later = outcome({ signal: controller.signal });
    controller.abort(new Error("stop"));
    expect(await later).to.equal("AbortError: gave up waiting for it: stop");
    expect(await outcome({ signal: controller.signal })).to.equal("AbortError: gave up waiting for it: stop");
    expect(await outcome({ signal: controller.signal }, (disarm) => disarm())).to.equal("nothing");
  });

  it("leaves nothing behind when disarmed", async () => {
    const { signal } = new AbortController();
    expect(await outcome({ timeout: 0.001, signal }, (disarm) => disarm())).to.equal("nothing");
  });
});
