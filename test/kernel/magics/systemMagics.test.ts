/** Tests of the magics for the shell and the process, in a kernel. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

describe("commands of the shell in a notebook", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run(
      "const folder = 'a b; echo hacked'; const n = 5; const list = ['x y', 'z']; let ready = false; const ls = 1;",
    );
  });

  after(() => kernel.close());

  it("print to stdout and stderr of the cell", async () => {
    const cell = await kernel.run("!echo out; echo err >&2\n!printf 'ö%.0s' 1 2");
    expect([cell.reply.status, cell.text(), cell.text("stderr"), cell.result]).to.deep.equal([
      "ok",
      "out\nöö",
      "err\n",
      undefined,
    ]);
  });

  it("say which value cannot be part of a command", async () => {
    await kernel.run(
      "const bare = Object.create(null); const zero = 'a\\0b'; const most = 'x'.repeat(131071); const more = `${most}x`;",
    );
    const sayings = {
      "!echo {bare}": "{bare} in the command is an object without a text: name one of its members",
      "!echo {zero}": "{zero} in the command holds a zero byte, which no command can take",
      "!echo {more}": "{more} in the command has 131,072 bytes, and a command takes 131,071: write it to a file",
    };
    for (const [command, said] of Object.entries(sayings)) {
      expect((await kernel.run(command)).error.evalue).to.equal(said);
    }
    expect((await kernel.run("!echo {most} | wc -c")).text().trim()).to.equal("131072");
    for (const name of ["toString", "__proto__"]) {
      expect((await kernel.run(`%env ${name}`)).error.evalue).to.match(/^there is no variable /);
    }
    expect((await kernel.run("%record --redact")).error.evalue).to.equal("--redact needs a value");
  });

  it("show their output while they run", async () => {
    const cell = kernel.execute("!echo first; until test -e go; do sleep 0.05; done; echo second");
    const first = await kernel.message((m) => m.parent === cell.id && m.type === "stream");
    expect(first.content.text).to.equal("first\n");
    writeFileSync(join(kernel.folder, "go"), "");
    expect((await cell.done).content.status).to.equal("ok");
    expect(cell.outputs().map(({ content }) => content.text ?? "")).to.include("second\n");
  });

  it("say a bad exit code; !command lets the cell go on, %%bash and %%sh fail", async () => {
    const line = await kernel.run("!exit 3\n'on'");
    expect([line.text("stderr"), line.result["text/plain"]]).to.deep.equal([
      "the command ended with exit code 3\n",
      "'on'",
    ]);
    const killed = await kernel.run("!kill -TERM $$");
    expect(killed.text("stderr")).to.equal("the command was ended by SIGTERM\n");
    for (const shell of ["bash", "sh"]) {
      const cell = await kernel.run(`%%${shell}\necho one\nexit 7`);
      expect([cell.text(), cell.error.ename, cell.error.evalue], shell).to.deep.equal([
        "one\n",
        "CommandFailed",
        "the command ended with exit code 7",
      ]);
    }
    const late = await kernel.run("%%bash -e first second\necho $1 $2\nfalse\necho never");
    expect([late.text(), late.error.evalue]).to.deep.equal(["first second\n", "the command ended with exit code 1"]);
  });

  it("get values of the notebook as words, which are never read as code", async () => {
    const cell = await kernel.run(
      `const own = "$(id)"\n!printf '<%s>' {folder} "{folder}" '{folder}' {list} "{list}" {n} {own} {unknown} \${HOME:+home}`,
    );
    expect(cell.text()).to.equal(
      "<a b; echo hacked><a b; echo hacked><a b; echo hacked><x y><z><x y z><5><$(id)><{unknown}><home>",
    );
  });

  it("are not the operator 'not' before an expression of known names", async () => {
    expect((await kernel.run("!ready")).result["text/plain"]).to.equal("true");
    expect((await kernel.run("!ready && !Number.isNaN(n)")).result["text/plain"]).to.equal("true");
    expect((await kernel.run("const own2 = 0\n!own2")).result["text/plain"]).to.equal("true");
    expect((await kernel.run("!ls -d .")).text(), "a variable of that name does not make it an expression").to.equal(
      ".\n",
    );
    expect((await kernel.run("`\n!echo no\n`")).result["text/plain"]).to.equal("'\\n!echo no\\n'");
  });

  it("give their output as a list of lines where it is assigned", async () => {
    const cell = await kernel.run(
      "const lines = !printf 'a b\\n\\nö\\r\\nlast'; echo shown >&2\n[lines, lines.map((line) => line.length)]",
    );
    expect([cell.result["text/plain"], cell.text("stderr"), cell.text()]).to.deep.equal([
      "[ [ 'a b', '', 'ö', 'last' ], [ 3, 0, 1, 4 ] ]",
      "shown\n",
      "",
    ]);
    expect((await kernel.run("lines.at(-1)?.toUpperCase()")).result["text/plain"]).to.equal("'LAST'");
    expect((await kernel.run("const sum: number = lines;")).error.evalue).to.contain("'string[]'");
    expect((await kernel.run("let again: string[] = !echo 1; echo 2\nagain.length")).result["text/plain"]).to.equal(
      "2",
    );
    expect((await kernel.run("const [only] = !echo {folder}\nonly")).result["text/plain"]).to.equal(
      "'a b; echo hacked'",
    );
    expect((await kernel.run("again = !test -d /\nagain")).result["text/plain"]).to.equal("[]");
    expect((await kernel.run("!!echo x y")).result["text/plain"]).to.equal("[ 'x y' ]");
    expect((await kernel.run("%sx echo x y")).result["text/plain"]).to.equal("[ 'x y' ]");
    const failed = await kernel.run("if (n > 1) {\n  const none = !exit 3\n  console.log(none.length);\n}");
    expect([failed.text(), failed.text("stderr")]).to.deep.equal(["0\n", "the command ended with exit code 3\n"]);
  });

  it("leave an assigned 'not' to the type checker, and so a misspelt name", async () => {
    expect((await kernel.run("const busy = !ready\nbusy")).result["text/plain"]).to.equal("true");
    expect((await kernel.run("const both = !ready &&\n  !n\nboth")).result["text/plain"]).to.equal("false");
    expect((await kernel.run("const wrong = !redy")).error.evalue).to.match(/redy.*[Dd]id you mean.*ready/);
    expect((await kernel.run("const none = !nosuchprogram")).error.evalue).to.equal(
      "nosuchprogram is neither a name of the notebook nor a program that the shell finds",
    );
    expect((await kernel.run("async function list() { const inner = !echo a b }")).error.evalue).to.equal(
      "a command of the shell stands in a line of its own:  const lines = !echo",
    );
    expect((await kernel.run("const text = `\nx = !echo no\n`\ntext")).result["text/plain"]).to.equal(
      "'\\nx = !echo no\\n'",
    );
  });

  it("may go on in the next line, and errors keep their lines", async () => {
    const cell = await kernel.run("!echo a \\\n  b\nthrow new Error('here')");
    expect([cell.text(), cell.error.traceback.at(-1)]).to.deep.equal([
      "a b\n",
      `    at In[${cell.reply.execution_count}]:3:7`,
    ]);
    const inFunction = await kernel.run("function g() {\n  !echo x\n}");
    expect(inFunction.error.evalue).to.match(/^! has to wait/);
  });

  it("are ended by an interrupt with all their processes, and the cell fails", async () => {
    for (const code of ["!echo $$; sleep 61 & sleep 61", "%%bash\necho $$\n(sleep 61; echo no) | cat\nsleep 61"]) {
      const cell = kernel.execute(code);
      const { content } = await kernel.message((m) => m.parent === cell.id && m.type === "stream");
      await kernel.interrupt();
      expect((await cell.done).content.ename).to.equal("KeyboardInterrupt");
      await groupEnded(Number(content.text));
    }
  });

  it("are killed if they ignore the interrupt", async () => {
    const cell = kernel.execute("!trap '' INT TERM; echo $$; while true; do sleep 0.2; done");
    const { content } = await kernel.message((m) => m.parent === cell.id && m.type === "stream");
    await kernel.interrupt();
    expect((await cell.done).content.ename).to.equal("KeyboardInterrupt");
    await groupEnded(Number(content.text));
  });

  it("do not wait for input, nor for a process in the background", async () => {
    const cell = await kernel.run('!read line; echo "<$line>"; sleep 61 & echo $!');
    expect([cell.reply.status, cell.text().split("\n")[0]]).to.deep.equal(["ok", "<>"]);
    process.kill(Number(cell.text().split("\n")[1]), "SIGKILL");
  });

  it("print to their cell when another one runs", async () => {
    const first = kernel.execute("!(sleep 0.3; echo late) &");
    await first.done;
    await kernel.run("await new Promise((r) => setTimeout(r, 500))");
    for (let i = 0; i < 50 && !first.outputs().some(({ type }) => type === "stream"); i++) await setTimeout(50);
    expect(first.outputs().find(({ type }) => type === "stream")?.content.text).to.equal("late\n");
  });

  it("run in the folder of %cd and with the variables of %env", async () => {
    mkdirSync(join(kernel.folder, "sub folder"));
    const back = (await kernel.run("process.cwd()")).result["text/plain"];
    expect((await kernel.run('%cd "sub folder"')).text().trim()).to.equal(join(kernel.folder, "sub folder"));
    await kernel.run("!echo kept > file.txt");
    expect(readFileSync(join(kernel.folder, "sub folder/file.txt"), "utf8")).to.equal("kept\n");
    expect((await kernel.run("!cd /")).text("stderr")).to.equal("cd lasts for its command only: write %cd /\n");
    const away = await kernel.run("%cd nowhere");
    expect(away.error.evalue).to.match(/^cannot change to .*\/sub folder\/nowhere: ENOENT, the folder does not exist$/);
    expect((await kernel.run("%pwd")).text().trim()).to.equal(join(kernel.folder, "sub folder"));
    expect(JSON.stringify((await kernel.run("%cd -")).text().trim())).to.equal(back.replaceAll("'", '"'));
    expect((await kernel.run("%env SECOP_TEST = two words\n!echo $SECOP_TEST")).text()).to.equal(
      "env: SECOP_TEST=two words\ntwo words\n",
    );
    expect((await kernel.run("%env SECOP_TEST")).result["text/plain"]).to.equal("'two words'");
    expect((await kernel.run("%env SECOP_TESD")).error.evalue).to.match(/did you mean SECOP_TEST\?$/);
    await kernel.run("%env SECOP_TOKEN=abc");
    const all = (await kernel.run("%env")).result["text/plain"];
    expect(all)
      .to.match(/SECOP_TEST\s+two words/)
      .and.to.match(/SECOP_TOKEN\s+\(hidden\)/);
    expect(existsSync(join(kernel.folder, "nowhere"))).to.equal(false);
  });

  it("complete file names", async () => {
    writeFileSync(join(kernel.folder, "measured.csv"), "");
    const code = "!head -1 meas";
    const { content } = await kernel.request("complete_request", { code, cursor_pos: code.length });
    expect(content.matches).to.deep.equal(["measured.csv"]);
  });
});

/**
 * Resolves when no process of the group is left; the signal may still be on its way when the cell has ended.
 */
async function groupEnded(group: number): Promise<void> {
  for (;;) {
    try {
      process.kill(-group, 0);
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).to.equal("ESRCH");
      return;
    }
    await setTimeout(20);
  }
}
