import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { LanguageServer, startCompilerEarly } from "../../../kernel/compiler/languageServer";
import { isAlive } from "../../../lib/isAlive";

const CONFIG = JSON.stringify({
  compilerOptions: { module: "esnext", target: "es2024", strict: true, noEmit: true, lib: ["es2023"], types: [] },
  files: ["__cell.ts"],
  include: [],
});

describe("the compiler process", () => {
  let folder: string;
  let server: LanguageServer;
  const cell = () => `${folder}/__cell.ts`;
  const messages = async (text: string) => {
    const found = await server.diagnostics(cell(), () => server.write(cell(), text));
    return found.filter(({ severity }) => severity === 1).map(({ code, message }) => `${code} ${message}`);
  };

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "secop-lab compiler é-"));
    server = new LanguageServer(folder);
    server.write(`${folder}/tsconfig.json`, CONFIG);
    server.write(cell(), "export {}");
  });
  afterEach(() => {
    server.close();
    fs.rmSync(folder, { recursive: true });
  });

  it("checks texts that no disk has", async () => {
    expect(await messages("const s: string = 5")).to.deep.equal([
      "2322 Type 'number' is not assignable to type 'string'.",
    ]);
    server.write(`${folder}/tool.ts`, "export const size = 5");
    expect(await messages("import { size } from './tool'; const s: string = size")).to.deep.equal([
      "2322 Type 'number' is not assignable to type 'string'.",
    ]);
    expect(await messages("import { size } from './tool'; const n: number = size")).to.deep.equal([]);
    expect(fs.readdirSync(folder)).to.deep.equal([]);
  });

  it("is started anew when it is killed, knows all texts, and is asked again what it was asked", async () => {
    server.write(`${folder}/tool.ts`, "export const size = 5");
    expect(await messages("import { size } from './tool'; size.x")).to.have.length(1);
    const first = server.pid as number;
    const asked = messages("import { size } from './tool'; const s: string = size");
    process.kill(first, "SIGKILL");
    expect(await asked).to.deep.equal(["2322 Type 'number' is not assignable to type 'string'."]);
    expect(await messages("import { size } from './tool'; size.y")).to.deep.equal([
      "2339 Property 'y' does not exist on type '5'.",
    ]);
    expect(server.pid).to.not.equal(first);
  });

  it("is started anew when it hangs, and is asked again", async () => {
    server.close();
    server = new LanguageServer(folder, 6000);
    server.write(`${folder}/tsconfig.json`, CONFIG);
    expect(await messages("const s: string = 5")).to.have.length(1);
    const first = server.pid as number;
    process.kill(first, "SIGSTOP");
    expect(await messages("const n: number = 'x'")).to.deep.equal([
      "2322 Type 'string' is not assignable to type 'number'.",
    ]);
    expect(server.pid).to.not.equal(first);
    expect(isAlive(first)).to.equal(false);
  });

  it("is not started anew for a while when it is killed again and again, and says so", async () => {
    let failure: unknown;
    for (let k = 0; k < 6 && failure === undefined; k++) {
      failure = await messages(`const n${k}: string = 5`).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure === undefined) process.kill(server.pid as number, "SIGKILL");
    }
    expect(String(failure)).to.match(/^UsageError: the compiler, a process beside the kernel, ended 4 times within/);
  });

  it("is started anew if the one that was started early has been killed", async function () {
    if (process.platform !== "linux") this.skip();
    const children = () => fs.readFileSync(`/proc/self/task/${process.pid}/children`, "latin1").trim().split(" ");
    const others = new Set(children());
    startCompilerEarly(folder);
    const [early] = children().filter((pid) => !others.has(pid));
    process.kill(Number(early), "SIGKILL");
    while (children().includes(early as string)) await sleep(5);
    server.close();
    server = new LanguageServer(folder, 2000);
    server.write(`${folder}/tsconfig.json`, CONFIG);
    expect(await messages("export const s: string = 1")).to.deep.equal([
      "2322 Type 'number' is not assignable to type 'string'.",
    ]);
  });

  it("is not taken for hanging while code of the user blocks the kernel", async () => {
    server.close();
    server = new LanguageServer(folder, 500);
    server.write(`${folder}/tsconfig.json`, CONFIG);
    expect(await messages("const s: string = 5")).to.have.length(1);
    const first = server.pid;
    const asked = messages("const s: string = 6");
    await sleep(0);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
    expect(await asked).to.have.length(1);
    expect(server.pid).to.equal(first);
  });

  it("ends by itself when the process that started it is killed", async () => {
    const file = path.resolve("kernel/compiler/languageServer.ts");
    const code = `const { LanguageServer } = require(${JSON.stringify(file)});
      const server = new LanguageServer(${JSON.stringify(folder)});
      server.flush(${JSON.stringify(cell())}).catch(() => {}).then(() => console.log(server.pid));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--import=tsx", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
    const [data] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(data.toString());
    expect(isAlive(pid)).to.equal(true);
    parent.kill("SIGKILL");
    while (isAlive(pid)) await sleep(20);
  });

  it("ends when it is closed, and what was asked is refused", async () => {
    await messages("1");
    const asked = messages("2");
    server.close();
    const error = await asked.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.equal("the compiler of the notebook was closed");
  });
});
