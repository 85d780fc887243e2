import { setImmediate, setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { type DeadlineOptions, deadline, withDeadline } from "../../../lib/core/status/deadline";
import { failure } from "../../support/failure";

/** The failure of a deadline, by name and message. */
const failing = (options: DeadlineOptions) =>
  new Promise<string>((resolve) => {
    deadline(options, "it", (error) => resolve(`${error.name}: ${error.message}`));
  });

/** What a deadline has done after a few milliseconds: "nothing", or its failure. */
const outcome = async (options: DeadlineOptions, act: (disarm: () => void) => void = () => {}) => {
  let result = "nothing";
  const disarm = deadline(options, "it", (error) => {
    result = `${error.name}: ${error.message}`;
  });
  act(disarm);
  await setTimeout(5);
  await setImmediate();
  disarm();
  return result;
};

describe("deadline", () => {
  it("fails after the time with a clear message", async () => {
    expect(await failing({ timeout: 0.001 })).to.equal("TimeoutError: gave up waiting for it after 0.001 s");
    expect(await outcome({ timeout: null })).to.equal("nothing");
    expect(await outcome({ timeout: 1e9 })).to.equal("nothing");
  });

  it("fails when aborted, now or before, but never before it has returned", async () => {
    const controller = new AbortController();
    const later = failing({ signal: controller.signal });
    controller.abort(new Error("stop"));
    expect(await later).to.equal("AbortError: gave up waiting for it: stop");
    expect(await failing({ signal: controller.signal })).to.equal("AbortError: gave up waiting for it: stop");
    expect(await outcome({ signal: controller.signal }, (disarm) => disarm())).to.equal("nothing");
  });

  it("leaves nothing behind when disarmed", async () => {
    const { signal } = new AbortController();
    expect(await outcome({ timeout: 0.001, signal }, (disarm) => disarm())).to.equal("nothing");
  });
});

describe("withDeadline", () => {
  it("gives the result of work that is done in time", async () => {
    expect(await withDeadline(async () => 5, { timeout: 10 }, "it")).to.equal(5);
    expect((await failure(withDeadline(async () => Promise.reject(new Error("no")), {}, "it"))).message).to.equal("no");
  });

  it("begins nothing if the signal has aborted already", async () => {
    const signal = AbortSignal.abort(new Error("lunch"));
    let begun = false;
    const work = async () => {
      begun = true;
    };
    const error = await failure(withDeadline(work, { signal }, "it"));
    expect([error.name, error.message, begun]).to.deep.equal(["AbortError", "gave up waiting for it: lunch", false]);
  });

  it("aborts the work when it gives up, with the reason", async () => {
    let givenSignal: AbortSignal | undefined;
    const work = (signal: AbortSignal) => {
      givenSignal = signal;
      return new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const error = await failure(withDeadline(work, { timeout: 0.001 }, "it"));
    expect(error.message).to.equal("gave up waiting for it after 0.001 s");
    expect(givenSignal?.reason).to.equal(error);
  });
});
