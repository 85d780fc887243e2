import { expect } from "chai";
import { Device } from "../../../lib/core/device/device";
import { initDevices } from "../../../lib/core/device/initDevices";
import type { Msg } from "../../../lib/core/protocols/msg";
import { callbackOnMockExecute, mockExecutions } from "../../../lib/core/signal/mockCommand";
import { type SoftCommand, softCommand } from "../../../lib/core/signal/softCommand";
import { softSignalRw } from "../../../lib/core/signal/softSignal";
import { $display, type Displayable } from "../../../lib/display/mimeBundle";
import { makeRunEngine } from "../../../lib/engine/runEngine";
import { failureText } from "../../support/failure";

class Shutter extends Device {
  readonly blade = softSignalRw("closed", { choices: ["open", "closed"] });
  readonly opened: number[] = [];
  readonly open = softCommand(async (seconds: number) => {
    await this.blade.set("open");
    this.opened.push(seconds);
    return this.opened.length;
  });
  readonly close = softCommand(async () => void (await this.blade.set("closed")));
}

describe("a soft command", () => {
  it("gets its name from its device, can be awaited in a cell and gives its result", async () => {
    const { shutter } = await initDevices({ shutter: new Shutter() });
    expect([shutter.open.name, shutter.open.parent]).to.deep.equal(["shutter-open", shutter]);
    expect(await shutter.open.execute(0.5)).to.equal(1);
    expect(await shutter.blade.getValue()).to.equal("open");
    await shutter.close.trigger();
    expect(await shutter.blade.getValue()).to.equal("closed");
  });

  it("is a plan that triggers, waits and returns the result", async () => {
    const shutter = new Shutter("shutter");
    Array.from(shutter.children());
    const engine = makeRunEngine();
    const seen: Msg[] = [];
    engine.msgHook = (msg) => seen.push(msg);
    const { planResult } = await engine(
      (function* () {
        yield* shutter.open.plan(1);
        return yield* shutter.open.plan(2);
      })(),
    );
    expect(planResult).to.equal(2);
    expect(shutter.opened).to.deep.equal([1, 2]);
    expect(seen.map(({ command }) => command)).to.deep.equal(["trigger", "wait", "trigger", "wait"]);
    expect((seen[0]?.obj as Device | undefined)?.name).to.equal("shutter-open");
  });

  it("warns if its plan is awaited, or made in a plan and never started", async () => {
    const shutter = new Shutter("shutter");
    Array.from(shutter.children());
    const advice = "in a cell write await shutter.open.execute(...), in a plan yield* shutter.open.plan(...)";
    const awaited = shutter.open.plan(1) as unknown as PromiseLike<void>;
    expect(await failureText(awaited)).to.equal(
      `shutter.open.plan(...) is a plan, which does nothing when it is awaited: ${advice}`,
    );
    expect((awaited as unknown as Displayable)[$display]()).to.deep.equal({ "text/plain": `a plan: ${advice}` });
    const notices: string[] = [];
    const engine = makeRunEngine({ notify: ({ text }) => notices.push(text ?? "") });
    await engine(
      (function* () {
        shutter.open.plan(3);
        yield* shutter.open.plan(2);
      })(),
    );
    expect(shutter.opened).to.deep.equal([2]);
    expect(notices).to.have.length(1);
    expect(notices[0]).to.match(
      /^shutter\.open\.plan\(\.\.\.\) was called but never done: write yield\* .* at .*softCommand\.test\.ts/,
    );
  });

  it("runs one call after the other, whether they succeed or fail", async () => {
    const log: string[] = [];
    const command = softCommand(async (name: string) => {
      log.push(`${name} begins`);
      await new Promise((later) => setImmediate(later));
      log.push(`${name} ends`);
      if (name === "a") throw new Error("a failed");
    });
    const [a, b] = [command.execute("a"), command.execute("b")];
    expect(await failureText(a)).to.equal("a failed");
    await b;
    expect(log).to.deep.equal(["a begins", "a ends", "b begins", "b ends"]);
  });

  it("ends after its timeout or when aborted, which aborts its function, and calls that wait do not begin", async () => {
    const begun: string[] = [];
    const command = softCommand(
      (name: string, signal) =>
        new Promise<void>((_resolve, reject) => {
          begun.push(name);
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
      { name: "wait" },
    );
    const abort = new AbortController();
    const [slow, next] = [
      command.execute("slow", { timeout: 0.05 }),
      command.execute("next", { signal: abort.signal }),
    ];
    abort.abort();
    expect(await failureText(next)).to.equal("gave up waiting for wait: aborted");
    expect(await failureText(slow)).to.equal("gave up waiting for wait after 0.05 s");
    expect(await failureText(command.execute("last", { timeout: 0.01 }))).to.contain("after 0.01 s");
    expect(begun).to.deep.equal(["slow", "last"]);
  });

  it("fails with a clear message when it is triggered without its argument", async () => {
    const { shutter } = await initDevices({ shutter: new Shutter() });
    expect(await failureText(shutter.open.trigger())).to.equal("shutter-open takes an argument: use execute(argument)");
    expect(shutter.opened).to.deep.equal([]);
  });

  it("does nothing as a mock, records its arguments and lets a test play the hardware", async () => {
    const { shutter } = await initDevices({ shutter: new Shutter() }, { mock: true });
    expect(await shutter.open.execute(1)).to.equal(undefined);
    const undo = callbackOnMockExecute(shutter.open, (seconds) => 10 * seconds);
    expect(await shutter.open.execute(2)).to.equal(20);
    undo();
    expect(mockExecutions(shutter.open)).to.deep.equal([1, 2]);
    expect(shutter.opened).to.deep.equal([]);
  });

  it("has types", () => {
    const check = (open: SoftCommand<number, number>, close: SoftCommand<undefined, void>) => {
      const seconds: PromiseLike<number> = open.execute(1);
      void close.execute();
      // @ts-expect-error the argument is a number
      void open.execute("1");
      // @ts-expect-error it takes one
      void open.execute();
      // @ts-expect-error it takes none
      void close.execute(1);
      return seconds;
    };
    expect(check).to.be.a("function");
  });
});
