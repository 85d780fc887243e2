import { expect } from "chai";
import { type Execution, KernelClient, type Received } from "../../support/kernelClient";

describe("a plan that asks the user", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    const { error } = await kernel.run(`
      const RE = createRunEngine({ store: false });
      const seen: string[] = [];
      const asking = function* () {
        try {
          yield* openRun({});
          yield* checkpoint();
          seen.push(yield* inputPlan("sample?"));
          yield* closeRun();
        } finally {
          seen.push("cleaned up");
        }
      };`);
    expect(error).to.equal(undefined);
  });

  beforeEach(() => kernel.run("seen.length = 0"));

  after(() => kernel.close());

  const askedIn = ({ id }: Execution): Promise<Received> =>
    kernel.message((m) => m.channel === "stdin" && m.parent === id);

  const answer = (question: Received, value: string): string =>
    kernel.send("stdin", "input_reply", { value }, { parent: { msg_id: question.id } });

  const shown = (cell: Execution): string[] =>
    cell.outputs().flatMap(({ content }) => content.data?.["text/plain"]?.split("\n") ?? []);

  const textOf = async (code: string): Promise<unknown> => (await kernel.run(code)).result?.["text/plain"];

  it("is aborted by an interrupt, and cleans up; the rest of the cell does not run", async () => {
    const cell = kernel.execute("await RE(asking); seen.push('went on');");
    await askedIn(cell);
    await kernel.interrupt();
    expect((await cell.done).content).to.deep.include({ status: "error", ename: "KeyboardInterrupt" });
    expect(await textOf("[RE.state, ...seen].join()")).to.equal("'idle,cleaned up'");
    expect(shown(cell).filter((line) => /^Pausing|^Paused/.test(line))).to.deep.equal([]);
    expect(shown(cell).join("\n")).to.match(/ · aborted · .* · interrupted$/m);
  });

  it("pauses before its question when the interrupt came earlier, and asks in the cell that resumes it", async () => {
    const cell = kernel.execute(`
      let go = () => {};
      const noticed = new Promise<void>((resolve) => { go = resolve; });
      const careful = createRunEngine({ store: false, live: false, notify: go });
      await careful(function* () {
        yield* checkpoint();
        console.log("waits");
        yield* waitFor([() => noticed]);
        return yield* inputPlan("sample?");
      });`);
    await kernel.message((m) => m.parent === cell.id && m.content.text === "waits\n");
    await kernel.interrupt();
    expect((await cell.done).content.ename).to.equal("KeyboardInterrupt");
    expect(await textOf("careful.state")).to.equal("'paused'");
    const resuming = kernel.execute("(await careful.resume()).planResult");
    const question = await askedIn(resuming);
    expect(question.content.prompt).to.equal("sample?");
    answer(question, "Pt");
    await resuming.done;
    expect(shown(resuming)).to.deep.equal(["'Pt'"]);
  });

  it("does not ask again after a pause that came while it asked", async () => {
    const cell = kernel.execute(`
      const handle = RE(asking);
      setTimeout(() => RE.pause(), 20);
      RE.state$.subscribe((state) => { if (state === "paused") setTimeout(() => RE.resume(), 20); });
      (await handle).exitStatus`);
    const question = await askedIn(cell);
    await kernel.message((m) => m.parent === cell.id && /^Resumed/.test(m.content.data?.["text/plain"]));
    answer(question, "Pd");
    await cell.done;
    expect(shown(cell).at(-1)).to.equal("'success'");
    expect(await textOf("seen.join()")).to.equal("'Pd,cleaned up'");
    expect(kernel.received.filter((m) => m.channel === "stdin" && m.parent === cell.id)).to.have.length(1);
  });

  it("does not keep the next cell from asking when it ends unanswered", async () => {
    const first = kernel.execute("setTimeout(() => RE.abort('late'), 20); (await RE(asking)).exitStatus");
    await first.done;
    expect(shown(first).at(-1)).to.equal("'abort'");
    const second = kernel.execute("await input('next?')");
    answer(await askedIn(second), "Ada");
    await second.done;
    expect(shown(second)).to.deep.equal(["'Ada'"]);
  });
});
