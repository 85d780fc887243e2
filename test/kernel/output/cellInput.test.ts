/** Tests of code of cells that reads from stdin, in a kernel. */

import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

describe("code that reads from stdin", function () {
  this.timeout(60_000);
  let kernel: KernelClient;
  let answered = 0;

  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run('import readline from "node:readline"; import promises from "node:readline/promises";');
  });

  after(() => kernel.close());

  /** Runs a cell, answers its questions, and returns the prompts and the result. */
  async function dialog(code: string, ...answers: string[]) {
    const cell = kernel.execute(code);
    const prompts: string[] = [];
    for (const value of answers) {
      const asked = () => kernel.received.filter(({ type }) => type === "input_request");
      await kernel.message(() => asked().length > answered);
      prompts.push(asked()[answered++]?.content.prompt);
      kernel.send("stdin", "input_reply", { value });
    }
    const reply = await cell.done;
    expect(kernel.received.filter(({ type }) => type === "input_request")).to.have.length(answered);
    const result = cell.outputs().find(({ type }) => type === "execute_result")?.content.data["text/plain"];
    return { prompts, result, reply };
  }

  const open = "createInterface({ input: process.stdin, output: process.stdout })";

  it("asks in the notebook by readline.question, with its prompt", async () => {
    expect(
      await dialog(
        `const rl = readline.${open}; const name = await new Promise<string>((r) => rl.question("Name? ", r)); rl.close(); name`,
        "Ada",
      ),
    ).to.deep.include({ prompts: ["Name? "], result: "'Ada'" });
    expect(
      await dialog(
        `const rl2 = promises.${open}; const both = [await rl2.question("a "), await rl2.question("b ")]; rl2.close(); both`,
        "1",
        "2",
      ),
    ).to.deep.include({ prompts: ["a ", "b "], result: "[ '1', '2' ]" });
    const promised = `const { promisify } = await import("node:util"); const rl3 = readline.${open};
      const third = await (promisify(rl3.question) as any).call(rl3, "c "); rl3.close(); third`;
    expect(await dialog(promised, "3")).to.deep.include({ prompts: ["c "], result: "'3'" });
  });

  it("asks for lines that are listened for, and for chunks of the stream", async () => {
    const lines = `const seen: string[] = []; const rl4 = readline.${open};
      for await (const line of rl4) { seen.push(line); if (seen.length === 2) break; } seen`;
    expect(await dialog(lines, "x", "y")).to.deep.include({ result: "[ 'x', 'y' ]" });
    const once = `import { once } from "node:events"; const rl5 = readline.${open};
      const [line5] = await once(rl5, "line"); rl5.close(); line5`;
    expect(await dialog(once, "z")).to.deep.include({ result: "'z'" });
    const chunk = "const [chunk] = await once(process.stdin, 'data'); process.stdin.pause(); String(chunk)";
    expect(await dialog(chunk, "raw")).to.deep.include({ result: "'raw\\n'" });
  });

  it("asks nothing if no line is wanted, and can be interrupted while it asks", async () => {
    expect(await dialog(`const rl6 = readline.${open}; rl6.close(); 1`)).to.deep.include({ result: "1" });
    const cell = kernel.execute(`const rl7 = promises.${open}; await rl7.question("never ")`);
    await kernel.message((m) => m.type === "input_request" && m.content.prompt === "never ");
    answered++;
    await kernel.interrupt();
    expect((await cell.done).content.ename).to.equal("KeyboardInterrupt");
    expect(await dialog(`const rl8 = promises.${open}; await rl8.question("again ")`, "yes")).to.deep.include({
      result: "'yes'",
    });
  });

  it("fails at once where nobody can type, and says what to use", async () => {
    const message =
      /^nobody can type a line for process\.stdin, since this front-end cannot ask for input: use a parameter/;
    for (const code of [
      `await new Promise((r) => readline.${open}.question("x ", r))`,
      `await promises.${open}.question("x ")`,
      `for await (const line of readline.${open}) console.log(line)`,
      "process.stdin.on('data', () => {}); await new Promise((r) => setTimeout(r, 500))",
    ]) {
      const cell = await kernel.run(code, { allow_stdin: false });
      expect(cell.error?.evalue, code).to.match(message);
      expect(cell.reply.status, code).to.equal("error");
    }
  });
});

describe("console.trace and errors with fields", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
  });

  after(() => kernel.close());

  it("prints the words and the frames of a trace", async () => {
    const cell = await kernel.run("function inner() {\n  console.trace('here', 1);\n}\ninner()");
    expect(cell.text("stderr").split("\n").slice(0, 3)).to.deep.equal([
      "Trace: here 1",
      "    at inner (In[1]:2:11)",
      "    at In[1]:4:1",
    ]);
  });

  it("shows code and other fields of an error, of bounded length", async () => {
    const fields = await kernel.run("throw Object.assign(new Error('no'), { code: 'E_X', path: '/a' })");
    expect(fields.error.traceback[1]).to.equal("{ code: 'E_X', path: '/a' }");
    const large = await kernel.run("throw Object.assign(new Error('no'), { body: 'x'.repeat(9000) })");
    expect(large.error.traceback[1]).to.have.length(2001);
  });

  it("decodes what is written to stdout in another encoding", async () => {
    expect(
      (await kernel.run("process.stdout.write('aGk=', 'base64'); process.stdout.write('2068', 'hex');")).text(),
    ).to.equal("hi h");
  });

  it("goes on in a folder that was deleted: a run is kept in its place again", async () => {
    const { result } = await kernel.run(
      `import fs from "node:fs"; const det = new SimDetector("det"); const RE = createRunEngine({ live: false });
       fs.rmSync(process.cwd(), { recursive: true }); const run = await RE(count([det], 2)); fs.readdirSync(process.cwd())`,
    );
    expect(result["text/plain"]).to.equal("[ 'runs' ]");
    const where = await kernel.run("%connect localhost:1 as nobody");
    expect(where.reply.status, "it ends, with an error").to.equal("error");
  });
});
