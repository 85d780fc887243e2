import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

describe("output that bypasses console.log belongs into the cell", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    writeFileSync(join(kernel.folder, "child.cjs"), "console.log('out'); console.error('err');");
    await kernel.run(
      'import fs from "node:fs"; import cp from "node:child_process"; import { once } from "node:events";',
    );
  });

  after(() => kernel.close());

  it("of synchronous children with inherited streams, whose results stay those of Node", async () => {
    const cell = await kernel.run("cp.spawnSync(process.execPath, ['child.cjs'], { stdio: 'inherit' }).stdout");
    expect([cell.text("stdout"), cell.text("stderr")]).to.deep.equal(["out\n", "err\n"]);
    expect(cell.reply.status).to.equal("ok");
    expect(cell.result).to.equal(undefined);
    const shell = await kernel.run("cp.execSync('echo a; echo b >&2', { stdio: ['ignore', 'inherit', 2] })");
    expect([shell.text("stdout"), shell.text("stderr")]).to.deep.equal(["a\n", "b\n"]);
    const piped = await kernel.run("cp.execFileSync('echo', ['piped']).toString()");
    expect([piped.text(), piped.result["text/plain"]]).to.deep.equal(["", "'piped\\n'"]);
  });

  it("of asynchronous children, before the cell ends", async () => {
    const cell = await kernel.run(
      "const child = cp.spawn(process.execPath, ['child.cjs'], { stdio: 'inherit' }); await once(child, 'exit'); child.stdout",
    );
    expect([cell.text("stdout"), cell.text("stderr")]).to.deep.equal(["out\n", "err\n"]);
    const named = await kernel.run(
      "await once(cp.spawn('sh', ['-c', 'echo one; echo two >&2'], { stdio: ['ignore', process.stdout, 1] }), 'close');",
    );
    expect(named.text("stdout").split("\n").sort()).to.deep.equal(["", "one", "two"]);
  });

  it("of the file descriptors 1 and 2", async () => {
    const cell = await kernel.run(
      `fs.writeSync(1, "a"); fs.writeSync(1, Buffer.from("xbz"), 1, 1); fs.writeFileSync(1, "c"); fs.appendFileSync("/dev/stdout", "d");
       await new Promise((r) => fs.write(1, "e", r)); fs.createWriteStream("", { fd: 1, autoClose: false }).end("f");
       fs.writeSync(2, "E"); fs.writeSync(1, "Zw==", null, "base64")`,
    );
    expect(cell.text("stdout").split("").sort().join("")).to.equal("abcdefg");
    expect(cell.text("stderr")).to.equal("E");
    expect(cell.result["text/plain"]).to.equal("1");
  });

  it("of process.stdout.write in another encoding", async () => {
    const { text } = await kernel
      .run("process.stdout.write('aGk=', 'base64'); process.stdout.write('c3a4', 'hex'); process.stdout.write('!')")
      .then((cell) => ({ text: cell.text() }));
    expect(text).to.equal("hiä!");
  });
});

describe("an error that nobody caught", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
  });

  after(() => kernel.close());

  it("of a promise without await that rejects at once belongs to its cell, which fails", async () => {
    const cell = await kernel.run("async function fails() { throw new RangeError('too far'); }\nvoid fails();");
    expect(cell.types).to.deep.equal(["busy", "execute_input", "error", "idle"]);
    expect(cell.reply).to.deep.include({ status: "error", ename: "RangeError", evalue: "too far" });
    const shown = await kernel.run("await Promise.resolve(); void Promise.reject(new Error('no')); 5");
    expect(shown.types).to.deep.equal(["busy", "execute_input", "execute_result", "error", "idle"]);
    expect((await kernel.run("1")).reply.status).to.equal("ok");
  });

  it("shows the code and other fields of a thrown error, and advice instead of long compiler texts", async () => {
    const { error } = await kernel.run('import fs from "node:fs"; fs.readFileSync("nope.txt")');
    expect(error.traceback[1]).to.equal("{ errno: -2, code: 'ENOENT', syscall: 'open', path: 'nope.txt' }");
    const slip = await kernel.run("const det = {} as Readable; scan(det, {} as ReadableMotor, -5, 5, 3)");
    expect(slip.error.evalue).to.equal("detectors are a list: [det]");
    expect((await kernel.run("%why")).text()).to.match(/^(?:Argument of type|Type) 'Readable<unknown>' is /);
  });

  it("does not come of a value whose inspect throws", async () => {
    const { result, reply } = await kernel.run(
      '({ a: 1, [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("too shy"); } })',
    );
    expect(reply.status).to.equal("ok");
    expect(result["text/plain"]).to.match(/^\{\n? *a: 1[\s\S]*\(showing it failed: too shy\)$/);
  });
});
