import { expect } from "chai";
import type { Msg, Plan } from "../../../lib/core/protocols/msg";
import type { StatusLike, Triggerable } from "../../../lib/core/protocols/protocols";
import { callbackOnMockExecute, mockExecutions } from "../../../lib/core/signal/mockCommand";
import type { ModuleTable } from "../../../lib/devices/classes/makeModule";
import { ReadableDevice } from "../../../lib/devices/classes/readableDevice";
import type { Command, Command0 } from "../../../lib/devices/module/command";
import type { DynamicNode } from "../../../lib/devices/node/secopNodeDevice";
import { TypedNode } from "../../../lib/devices/node/typedNode";
import { $display, type Displayable, type MimeBundle } from "../../../lib/display/mimeBundle";
import type { SimNode } from "../../../lib/sim/runNode";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { failure, failureText } from "../../support/failure";
import { closeAll, connectTo } from "../connect";
import { Plant } from "../plant";

/** Runs the plan of a command as an engine does: it yields two messages. */
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
      const status = (obj as Triggerable).trigger() as StatusLike;
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

  const typesJson = () => (sim.description as { modules: { types: object } }).modules.types;

  after(async () => {
    await closeAll();
    await sim.close();
  });

  it("is awaited in a cell and resolves to its result", async () => {
    const add = node.types.add as Command<unknown, number>;
    expect(add.name).to.equal(`${node.name}-types-add`);
    expect(await node.types.nothing.execute()).to.equal(undefined);
    expect(await add.execute([1, 2])).to.equal(3);
  });

  it("is a plan that triggers, waits and returns the result", async () => {
    const { result, messages } = await run(node.types.add([4, 5]) as Plan<number>);
    expect(result).to.equal(9);
    expect(messages.map(({ command }) => command)).to.deep.equal(["trigger", "wait"]);
    expect(messages[0]?.kwargs.group).to.equal(messages[1]?.kwargs.group);
    expect((messages[0]?.obj as { name: string } | undefined)?.name).to.equal(`${node.name}-types-add`);
  });

  it("rejects with advice if its plan is awaited", async () => {
    const awaited = node.cryo.stop_() as unknown as Promise<void>;
    expect((await failure(Promise.resolve(awaited))).message).to.equal(
      "demo.cryo.stop_(...) is a plan, which does nothing when it is awaited: in a cell write await demo.cryo.stop_.execute(...), in a plan yield* demo.cryo.stop_(...)",
    );
  });

  it("can be triggered like a device", async () => {
    await node.types.nothing.trigger();
  });

  it("refuses a wrong argument before sending it", async () => {
    for (const argument of [5, "x", { value: 5 }]) {
      const words = (await failure(Promise.resolve(node.types.nothing.execute(argument)))).message;
      expect(words).to.match(/^cannot do types:_nothing with .*: the command takes no argument$/);
    }
    await node.types.nothing.execute({ timeout: 5 });
    expect((await failure(Promise.resolve(node.types.echo.execute(3)))).message).to.contain("cannot do types:_echo");
  });

  it("waits for the module to be idle if the options say so", async () => {
    const plant = await Plant.start();
    try {
      plant.onCommand = () => plant.reportStatus(300, "working");
      const status = plant.device.m.stop_.execute({ waitForIdle: true });
      await plant.node.next("read m:status");
      await new Promise((done) => setImmediate(done));
      expect(status.done).to.equal(false);
      plant.reportStatus(100);
      await status;
    } finally {
      await plant.close();
    }
  });

  it("ends at its timeout, or when it is aborted", async () => {
    const plant = await Plant.start();
    const answer = plant.node.answer;
    plant.node.answer = (line, peer) => (line.startsWith("do ") ? [] : answer(line, peer));
    try {
      const add = plant.device.m.add as Command<readonly [number, number], number>;
      expect(await failureText(add.execute([1, 2], { timeout: 0.01 }))).to.match(/m:_add.*0\.01 s/);
      const abort = new AbortController();
      const pending = add.execute([1, 2], { signal: abort.signal, timeout: null });
      abort.abort();
      expect(await failureText(pending)).to.equal("cannot do m:_add with [1,2]: aborted");
    } finally {
      await plant.close();
    }
  });

  it("has a display with the code that runs it", () => {
    const text = (object: Displayable) => (object[$display]() as MimeBundle)["text/plain"];
    expect(text(node.types.nothing).split("\n")[1]).to.equal("await demo.types.nothing.execute()");
    expect(text(node.cryo.stop_).split("\n")[1]).to.equal("await demo.cryo.stop_.execute()");
  });

  it("is answered by a test while it is mocked", async () => {
    const add = node.types.add as Command<[number, number], number>;
    expect(() => mockExecutions(add)).to.throw("this command is not mocked");
    class Mocked extends TypedNode {
      static override readonly equipmentId = "mocked";
      static override readonly table: ModuleTable = [["types", ReadableDevice, JSON.stringify(typesJson())]];
    }
    const mocked = new Mocked("nowhere:1");
    await mocked.connect({ mock: true });
    const command = mocked.modules.get("types")?.accessibles.get("_add") as typeof add;
    expect(await command.execute([1, 2])).to.equal(0);
    const undo = callbackOnMockExecute(command, ([a, b]) => a + b);
    expect(await command.execute([1, 2])).to.equal(3);
    undo();
    callbackOnMockExecute(command, () => {
      throw new Error("no power");
    });
    expect((await failure(Promise.resolve(command.execute([3, 4])))).message).to.equal("no power");
    expect((await failure(Promise.resolve(command.execute("x" as never)))).message).to.contain("x");
    expect(mockExecutions(command)).to.deep.equal([
      [1, 2],
      [1, 2],
      [3, 4],
    ]);
  });

  it("has the types of its argument and result", () => {
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
