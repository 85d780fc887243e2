import { expect } from "chai";
import type { Msg, Plan } from "../../lib/core/msg";
import type { StatusLike, Triggerable } from "../../lib/core/protocols";
import type { Command, Command0 } from "../../lib/devices/command";
import type { DynamicNode } from "../../lib/devices/secopNodeDevice";
import { type SimNode, startSimNode } from "../../lib/sim/startSimNode";
import { failure } from "../faults/wait";
import { closeAll, connectTo } from "./connect";
import { Plant } from "./plant";

/** Runs a plan as an engine does, for the two messages a command yields. */
async function run<T>(plan: Plan<T>): Promise<{ readonly result: T; readonly messages: Msg[] }> {
  const messages: Msg[] = [];
  const groups = new Map<unknown, StatusLike[]>();
  let answer: unknown;
  while (true) {
    const step = plan.next(answer);
    if (step.done) return { result: step.value, messages };
    const { command, obj, kwargs } = step.value;
    messages.push(step.value);
    if (command === "trigger") {
      const status = (obj as Triggerable).trigger();
      groups.set(kwargs.group, [...(groups.get(kwargs.group) ?? []), status]);
      answer = status;
    } else {
      await Promise.all(
        (groups.get(kwargs.group) ?? []).map((s) => new Promise<void>((done) => s.addCallback(() => done()))),
      );
      answer = true;
    }
  }
}

describe("a command", () => {
  let sim: SimNode;
  let node: DynamicNode;

  before(async () => {
    sim = await startSimNode({ speed: 100 });
    node = await connectTo(sim.uri);
  });

  after(async () => {
    await closeAll();
    await sim.close();
  });

  it("is awaited in a cell and gives its result", async () => {
    const add = node.types._add as Command<unknown, number>;
    expect(add.name).to.equal(`${node.name}-types-_add`);
    expect(await node.types._nothing.execute()).to.equal(undefined);
    expect(await add.execute([1, 2])).to.equal(3);
  });

  it("is a plan that triggers, waits and returns the result", async () => {
    const { result, messages } = await run(node.types._add([4, 5]) as Plan<number>);
    expect(result).to.equal(9);
    expect(messages.map(({ command }) => command)).to.deep.equal(["trigger", "wait"]);
    expect(messages[0]?.kwargs.group).to.equal(messages[1]?.kwargs.group);
    expect((messages[0]?.obj as { name: string } | undefined)?.name).to.equal(`${node.name}-types-_add`);
  });

  it("can be triggered like a device", async () => {
    await node.types._nothing.trigger();
  });

  it("refuses a wrong argument before sending it", async () => {
    expect((await failure(Promise.resolve(node.types._echo.execute(3)))).message).to.contain("cannot do types:_echo");
  });

  it("waits for the module to be idle where that is wanted", async () => {
    const plant = await Plant.start();
    try {
      plant.onCommand = () => plant.say(300, "working");
      const status = plant.device.m.stop_.execute({ waitForIdle: true });
      await plant.node.next("read m:status");
      await new Promise((done) => setImmediate(done));
      expect(status.done).to.equal(false);
      plant.say(100);
      await status;
    } finally {
      await plant.close();
    }
  });

  it("has types", () => {
    const typed = {} as { greet: Command<{ name: string }, number>; reset: Command0 };
    const check = () => {
      const greeted: PromiseLike<number> = typed.greet.execute({ name: "x" });
      const plan: Plan<void> = typed.reset({ waitForIdle: true });
      // @ts-expect-error the argument is missing
      typed.greet.execute().catch(() => {});
      // @ts-expect-error there is no such field
      typed.greet({ nam: "x" });
      // @ts-expect-error takes no argument
      typed.reset("x");
      return [greeted, plan];
    };
    expect(check).to.be.a("function");
  });
});
