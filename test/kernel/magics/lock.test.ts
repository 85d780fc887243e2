/**
 * Tests of locks in a notebook and in `secop-lab run`: a node that has changed is reported before the first
 * scan.
 */

import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { notebookOf as executedNotebookOf } from "../../../kernel/cells/executedNotebook";
import { usedMembers } from "../../../kernel/magics/usedModules";
import { simulate } from "../../../lib/sim/simulate";
import { JupyterHome, notebookOf } from "../../peers/jupyter";
import { peer, repository, runProgram } from "../../peers/peers";
import { freePort } from "../../support/freePort";
import { KernelClient } from "../../support/kernelClient";

const MAIN = join(repository, "dist/kernel/main.js");
const parameter = (datainfo: object, readonly: boolean) => ({ description: "", datainfo, readonly });
const module = (max: number) => ({
  description: "",
  interface_classes: ["Writable"],
  accessibles: {
    value: parameter({ type: "double", unit: "K" }, true),
    target: parameter({ type: "double", unit: "K", min: 0, max }, false),
  },
});
const BEFORE = { equipment_id: "lab", description: "", modules: { oven: module(300), pump: module(300) } };
const AFTER = { equipment_id: "lab", description: "", modules: { oven: module(200), valve: module(300) } };

const notebook = (...cells: string[]) => JSON.stringify(notebookOf(...cells));

describe("the modules that a notebook uses", () => {
  const used = (...cells: string[]) => {
    const members = usedMembers(cells, "lab");
    return members === "all" ? members : [...members].sort();
  };

  it("are the members that its code and its magics name", () => {
    expect(
      used(
        "%connect localhost:1 as lab",
        "await lab.oven.set(3)",
        "%mov lab.pump 3",
        "lab?.valve; 1",
        "%lock accept lab",
      ),
    ).to.deep.equal(["oven", "pump", "valve"]);
    expect(used('lab["a b"].value; const { x: y, z } = lab; lab.modules.get("m")')).to.deep.equal([
      "a b",
      "m",
      "x",
      "z",
    ]);
    expect(used("%%devices\nlab = localhost:1", "lab", "other.lab.oven; ({ lab: 1 })", "// lab")).to.deep.equal([]);
  });

  it("are also those in the code below %%time, %%timeit and %%parameters", () => {
    expect(
      used("%%time\nawait lab.oven.set(3);\n%mov lab.pump 3", "%%timeit -n 1 lab.valve\nlab.gas.value"),
    ).to.deep.equal(["gas", "oven", "pump", "valve"]);
    expect(used("%%parameters\nlet motor = lab.stage;", "%%sh\necho lab.no")).to.deep.equal(["stage"]);
    expect(used("%%time\nawait RE(count([lab], 1))")).to.equal("all");
  });

  it("are all modules where the node itself is used", () => {
    for (const code of ["count([lab])", "const n = lab;", "measure({ lab })", "lab[name]", "lab.modules.values()"])
      expect(used(code), code).to.equal("all");
    expect(used("this is no code lab")).to.equal("all");
  });
});

describe("locks of a notebook", function () {
  this.timeout(120_000);
  let folder: string;
  let port: number;

  before(async () => {
    port = await freePort();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "locks-"));
    writeFileSync(
      join(folder, "nb.ipynb"),
      notebook(`%connect localhost:${port} as lab`, "await lab.oven.set(3); console.log('measured')"),
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = async (description: object, ...options: string[]) => {
    const node = await simulate(description, { port });
    try {
      const args = [MAIN, "run", "nb.ipynb", ...options];
      return await runProgram(process.execPath, args, { cwd: folder, timeout: 100 });
    } finally {
      await node.close();
    }
  };

  const DRIFT = (now: string) =>
    `lab is not as it was locked on ${now} (nb.lock/lab.json), what the notebook uses has changed: ` +
    "oven:target has other limits or resolution: max 200, had 300; pump is not a module of this node; valve is a new module; " +
    "accept it: secop-lab run nb.ipynb --accept\n";

  it("are written at the first connection; secop-lab run names drift on one line, --locked fails, --accept accepts", async () => {
    const first = await run(BEFORE);
    expect([first.code, first.stderr], first.stdout).to.deep.equal([0, ""]);
    const path = join(folder, "nb.lock/lab.json");
    const text = readFileSync(path, "utf8");
    const { locked } = JSON.parse(text);
    const same = await run(BEFORE, "--locked");
    expect([same.code, same.stderr]).to.deep.equal([0, ""]);
    const changed = await run(AFTER);
    expect([changed.code, changed.stderr]).to.deep.equal([0, DRIFT(locked)]);
    expect(changed.stdout).to.contain("measured");
    const refused = await run(AFTER, "--locked");
    expect(refused.code).to.equal(1);
    expect(refused.stdout)
      .to.contain(`UsageError: ${DRIFT(locked)}`)
      .and.not.contain("measured");
    expect(readFileSync(path, "utf8")).to.equal(text);
    const accepted = await run(AFTER, "--accept");
    expect(accepted.stdout).to.contain("lab is locked as it is now, in nb.lock/lab.json\n");
    const now = await run(AFTER, "--locked");
    expect([now.code, now.stderr]).to.deep.equal([0, ""]);
  });

  it("fail with --locked where there is none, and are never lost by a damaged file", async () => {
    const missing = await run(BEFORE, "--locked");
    expect(missing.code).to.equal(1);
    expect(missing.stdout).to.contain(
      "lab is not locked: run the notebook once without --locked, and keep nb.lock/lab.json",
    );
    expect(existsSync(join(folder, "nb.lock"))).to.equal(false);
    await run(BEFORE);
    writeFileSync(join(folder, "nb.lock/lab.json"), "{");
    const damaged = await run(BEFORE);
    expect(damaged.code).to.equal(0);
    expect(damaged.stderr).to.match(
      /^lab is not compared with its lock: lab\.json is damaged: .*; write it anew: {2}%lock accept lab\n$/,
    );
    rmSync(join(folder, "nb.lock"), { recursive: true });
    writeFileSync(join(folder, "nb.lock"), "a file");
    const blocked = await run(BEFORE);
    expect(blocked.code).to.equal(0);
    expect(blocked.stderr).to.match(/^lab is not compared with its lock: cannot read the lock .*: ENOTDIR, .*\n$/);
  });

  it("say that the recording was made with another description, and verify fails with it", async () => {
    await run(BEFORE, "--record");
    const changed = await run(AFTER, "--accept");
    expect([changed.code, changed.stderr]).to.deep.equal([0, ""]);
    const again = await run(AFTER);
    expect(again.stderr).to.equal(
      "nb.rec was recorded with another description of lab: a replay is not of the node as it is now\n",
    );
    const verified = await runProgram(process.execPath, [MAIN, "verify", "nb.ipynb"], { cwd: folder, timeout: 100 });
    expect(verified.code, verified.stderr).to.equal(1);
    expect(verified.stdout).to.match(
      /^DIFFERS: the node is not the same\n {2}lab was recorded in nb\.rec before it became as it is locked \(nb\.lock\/lab\.json\):\n {2}oven:target: max 300 then, 200 now\n/,
    );
  });

  it("are compared in a notebook, where %lock lists and accepts them", async () => {
    const kernel = await KernelClient.start();
    let node = await simulate(BEFORE, { port });
    try {
      await kernel.run('process.env.JPY_SESSION_NAME = process.cwd() + "/nb.ipynb"');
      const unsaved = await kernel.run(`%connect localhost:${port} as lab`);
      expect(unsaved.text("stderr")).to.equal("lab is not locked: save the notebook first, then connect again\n");
      cpSync(join(folder, "nb.ipynb"), join(kernel.folder, "nb.ipynb"));
      const first = await kernel.run(`%connect localhost:${port} as lab`);
      expect([first.text(), first.text("stderr")]).to.deep.equal([`lab: 2 modules at localhost:${port}\n`, ""]);
      expect((await kernel.run("%lock")).text()).to.match(
        /^lab: lab at localhost:\d+, locked \d{4}-\d\d-\d\d, unchanged\n$/,
      );
      await node.close();
      node = await simulate(AFTER, { port });
      const changed = await kernel.run(`%connect localhost:${port} as lab`);
      expect(changed.reply.status).to.equal("ok");
      expect(changed.text("stderr").split("\n").slice(1)).to.deep.equal([
        "What this notebook uses has changed:",
        "  oven:target  has other limits or resolution: max 200, had 300",
        "Also changed, but not used by this notebook:",
        "  pump   is not a module of this node",
        "  valve  is a new module",
        "To go on with the node as it is now:  %lock accept lab",
        "",
      ]);
      expect((await kernel.run("%lock")).text()).to.match(/, changed in 3 places\n$/);
      expect((await kernel.run("%lock accept lab")).text()).to.equal(
        "lab is locked as it is now, in nb.lock/lab.json\n",
      );
      expect((await kernel.run("%lock accept nosuch")).error.evalue).to.match(
        /^nosuch is not a node that is connected/,
      );
      expect((await kernel.run(`%connect localhost:${port} as lab`)).text("stderr")).to.equal("");
    } finally {
      await kernel.close();
      await node.close();
    }
  });

  for (const [program, args] of [
    ["papermill", ["nb.ipynb", "out.ipynb", "-k", "secop-lab"]],
    ["jupyter", ["nbconvert", "--execute", "--to", "notebook", "--output", "out.ipynb", "nb.ipynb"]],
    ["jupyter", ["execute", "--inplace", "nb.ipynb"]],
  ] as const) {
    it(`are beside the notebook that ${program === "papermill" ? program : `jupyter ${args[0]}`} executes, which reports drift before the first scan`, async () => {
      const home = await JupyterHome.create();
      const file = join(folder, "nb.ipynb");
      const cells = [`%connect localhost:${port} as lab`, "await lab.oven.set(3); console.error('measured')"];
      const kernelspec = { name: "secop-lab", display_name: "secop-lab", language: "typescript" };
      writeFileSync(file, JSON.stringify({ ...notebookOf(...cells), metadata: { kernelspec } }));
      const execute = async (description: object) => {
        const node = await simulate(description, { port });
        const options = { cwd: folder, env: home.env, timeout: 100 };
        const { code, stderr } = await runProgram(peer(program), args, options).finally(() => node.close());
        expect(code, stderr).to.equal(0);
        const done = JSON.parse(readFileSync(args[0] === "execute" ? file : join(folder, "out.ipynb"), "utf8"));
        const texts = done.cells.flatMap(({ outputs = [] }: { outputs?: { name?: string; text?: string[] }[] }) =>
          outputs.flatMap(({ name, text = [] }) => (name === "stderr" ? [[text].flat().join("")] : [])),
        );
        return texts.join("");
      };
      try {
        expect(await execute(BEFORE)).to.equal("measured\n");
        const path = join(folder, "nb.lock/lab.json");
        const text = readFileSync(path, "utf8");
        expect(await execute(AFTER)).to.match(
          /^lab is not as it was locked on .*\.\nWhat this notebook uses has changed:\n {2}oven:target .*max 200, had 300\n.*%lock accept lab\nmeasured\n$/s,
        );
        expect(readFileSync(path, "utf8")).to.equal(text);
      } finally {
        home.close();
      }
    });
  }

  it("are not those of a notebook that a command line only seems to name", () => {
    const named = (...words: string[]) => executedNotebookOf({ words, folder });
    const path = join(folder, "nb.ipynb");
    cpSync(path, join(folder, "out.ipynb"));
    expect(named("python3", "/bin/papermill", "nb.ipynb", "out.ipynb")).to.equal(path);
    expect(named("python3", "-m", "nbconvert", "--output", "out.ipynb", "--execute", "nb.ipynb")).to.equal(path);
    expect(named("python3", "/bin/jupyter-nbconvert", "--execute", "nb.ipynb", "out.ipynb")).to.equal(undefined);
    expect(named("python3", "/bin/papermill", "nosuch.ipynb", "out.ipynb")).to.equal(undefined);
    expect(named("python3", "/bin/jupyter-lab", "nb.ipynb")).to.equal(undefined);
    expect(named("python3", "night.py", "nb.ipynb")).to.equal(undefined);
    expect(executedNotebookOf(undefined)).to.equal(undefined);
  });
});
