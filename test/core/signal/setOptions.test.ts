/** `timeout` and `signal` of `set`, for every kind of signal in memory. */

import { expect } from "chai";
import {
  derivedSignalRw,
  initDevices,
  mockPuts,
  type SignalRW,
  setMockPutProceeds,
  softSignalRw,
} from "../../../lib/index";
import { failureText } from "../../support/failure";

const never = () => new Promise<number>(() => {});

const kinds: Record<string, () => Promise<SignalRW<number>>> = {
  "a soft signal whose setter never settles": async () => softSignalRw(0, { name: "s", setter: never }),
  "a mocked signal whose puts are held back": async () => {
    const { s } = await initDevices({ s: softSignalRw(0, { name: "s" }) }, { mock: true });
    setMockPutProceeds(s, false);
    return s;
  },
  "a derived signal whose function never settles": async () =>
    derivedSignalRw({ raw: softSignalRw(0) }, ({ raw }) => raw, never, { name: "s" }),
};

describe("the options of set", () => {
  for (const [kind, make] of Object.entries(kinds)) {
    it(`are honoured by ${kind}`, async () => {
      const s = await make();
      expect(await failureText(s.set(1, { timeout: 0.01 }))).to.match(/^gave up waiting for s.* after 0\.01 s$/);
      const controller = new AbortController();
      const status = s.set(2, { signal: controller.signal });
      expect(status.done).to.equal(false);
      controller.abort(new Error("enough"));
      expect(await failureText(status)).to.match(/^gave up waiting for s.*: enough$/);
      expect(await failureText(s.set(3, { signal: controller.signal }))).to.match(/: enough$/);
    });
  }

  it("keep a soft signal as it was when its setter is given up, whatever the setter does later", async () => {
    let settle = (_value: number) => {};
    const setter = () =>
      new Promise<number>((resolve) => {
        settle = resolve;
      });
    const s = softSignalRw(0, { name: "s", setter });
    await failureText(s.set(1, { timeout: 0.01 }));
    settle(7);
    await new Promise(setImmediate);
    expect(await s.getValue()).to.equal(0);
  });

  it("put nothing if the signal has aborted already", async () => {
    const { s } = await initDevices({ s: softSignalRw(0) }, { mock: true });
    await failureText(s.set(1, { signal: AbortSignal.abort() }));
    expect(mockPuts(s)).to.deep.equal([]);
    const seen: number[] = [];
    const soft = softSignalRw(0, { setter: (value) => void seen.push(value) });
    await failureText(soft.set(1, { signal: AbortSignal.abort() }));
    expect([seen, await soft.getValue()]).to.deep.equal([[], 0]);
  });
});
