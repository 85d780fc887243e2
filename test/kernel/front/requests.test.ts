import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Dealer } from "zeromq";
import { freePorts } from "../../../kernel/run/freePorts";
import { startSimNode } from "../../../lib/index";
import { repository } from "../../peers/peers";
import { KernelClient } from "../../support/kernelClient";

describe("the kernel answers", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run("const answer = 42;\n/** The *speed*. @unit m/s */\nconst speed = { limit: 5 };");
  });

  after(() => kernel.close());

  it("kernel_info with its protocol, language and version", async () => {
    const { content } = await kernel.request("kernel_info_request", {});
    expect(content).to.deep.include({ status: "ok", protocol_version: "5.4", implementation: "secop-lab" });
    expect(content.language_info).to.deep.include({ name: "typescript", version: "7.0.2", file_extension: ".ts" });
  });

  it("kernel_info on the control channel, and the heartbeat, while a cell blocks", async () => {
    const busy = kernel.execute("{ const t = Date.now(); while (Date.now() - t < 700); }");
    await kernel.message((m) => m.parent === busy.id && m.type === "execute_input");
    await kernel.heartbeat();
    expect(kernel.received.some((m) => m.parent === busy.id && m.type === "execute_reply")).to.equal(false);
    expect((await kernel.request("kernel_info_request", {}, "control")).content.status).to.equal("ok");
    expect((await busy.done).content.status).to.equal("ok");
  });

  it("completion with kinds, with positions in code points", async () => {
    const code = "const s = '😀😀'; speed.li";
    const { content } = await kernel.request("complete_request", { code, cursor_pos: [...code].length });
    expect(content.matches).to.deep.equal(["limit"]);
    expect([content.cursor_start, content.cursor_end]).to.deep.equal([[...code].length - 2, [...code].length]);
    const [type] = content.metadata._jupyter_types_experimental;
    expect(type).to.deep.include({
      start: content.cursor_start,
      end: content.cursor_end,
      text: "limit",
      type: "property",
    });
  });

  it("completion while a cell runs", async () => {
    const running = kernel.execute("await new Promise((r) => setTimeout(r, 500))");
    await kernel.message((m) => m.parent === running.id && m.type === "execute_input");
    const { content } = await kernel.request("complete_request", { code: "answ", cursor_pos: 4 });
    expect(content.matches).to.include("answer");
    expect(kernel.received.some((m) => m.parent === running.id && m.type === "execute_reply")).to.equal(false);
    await running.done;
  });

  it("inspection as text and markdown with the documentation", async () => {
    const { content } = await kernel.request("inspect_request", { code: "speed", cursor_pos: 2, detail_level: 0 });
    expect(content.found).to.equal(true);
    expect(content.data["text/plain"]).to.contain("const speed").and.contain("The *speed*.").and.contain("m/s");
    expect(content.data["text/markdown"]).to.contain("```ts\n");
    const nothing = await kernel.request("inspect_request", { code: "  ", cursor_pos: 1, detail_level: 0 });
    expect(nothing.content).to.deep.equal({ status: "ok", found: false, data: {}, metadata: {} });
  });

  it("whether code is complete", async () => {
    const status = async (code: string): Promise<object> =>
      (await kernel.request("is_complete_request", { code })).content;
    expect(await status("1 + 1")).to.deep.equal({ status: "complete" });
    expect(await status("function f() {")).to.deep.include({ status: "incomplete" });
    expect(await status("`open")).to.deep.include({ status: "incomplete" });
    expect(await status("%wa")).to.deep.equal({ status: "complete" });
    expect(await status("%%devices\na = b")).to.deep.include({ status: "incomplete" });
    expect(await status(") (")).to.deep.equal({ status: "invalid" });
  });

  it("history: tail, range and search", async () => {
    await kernel.run("'remember me'");
    const history = async (content: object): Promise<unknown[][]> =>
      (await kernel.request("history_request", { output: false, raw: true, ...content })).content.history;
    expect((await history({ hist_access_type: "tail", n: 1 }))[0]?.[2]).to.equal("'remember me'");
    const found = await history({ hist_access_type: "search", n: 5, pattern: "*remember*", output: true });
    expect(found.at(-1)?.[2]).to.deep.equal(["'remember me'", "'remember me'"]);
    const range = await history({ hist_access_type: "range", session: 0, start: 1, stop: 2 });
    expect(range).to.have.length(1);
    expect(range[0]?.slice(0, 2)).to.deep.equal([1, 1]);
    expect(await history({ hist_access_type: "tail", n: 0 })).to.deep.equal([]);
    expect(await history({ hist_access_type: "tail", n: 1000 })).to.not.be.empty;
  });

  it("requests whose fields are missing or have wrong types", async () => {
    expect((await kernel.request("is_complete_request", {})).content.status).to.equal("complete");
    expect((await kernel.request("inspect_request", {})).content).to.deep.include({ status: "ok", found: false });
    const { content } = await kernel.request("complete_request", { code: "Math.ma" });
    expect(content.matches).to.include("max");
    expect((await kernel.request("execute_request", {})).content.status).to.equal("ok");
    const { user_expressions } = (await kernel.request("execute_request", { code: "1", user_expressions: { a: 5 } }))
      .content;
    expect(user_expressions.a.data["text/plain"]).to.equal("5");
  });

  it("unknown requests, and those of a debugger, with an error", async () => {
    const unknown = await kernel.request("surprise_request", {});
    expect(unknown.type).to.equal("surprise_reply");
    expect(unknown.content).to.deep.include({ status: "error", ename: "UnknownRequest" });
    const debug = await kernel.request("debug_request", { seq: 3, type: "request", command: "attach" }, "control");
    expect(debug.content).to.deep.include({ request_seq: 3, command: "attach", success: false });
  });

  it("a call of input() with the line that the user types, or with an error if the front-end cannot ask", async () => {
    const asking = kernel.execute(
      "const name = await input('name? '); const secret = await input('', { password: true }); name + secret",
    );
    const first = await kernel.message((m) => m.channel === "stdin" && m.parent === asking.id);
    expect(first.content).to.deep.equal({ prompt: "name? ", password: false });
    kernel.send("stdin", "input_reply", { value: "Ada" });
    await kernel.message((m) => m.channel === "stdin" && m.content.password === true);
    kernel.send("stdin", "input_reply", { value: "!" });
    await asking.done;
    const result = asking.outputs().find(({ type }) => type === "execute_result");
    expect(result?.content.data["text/plain"]).to.equal("'Ada!'");
    const { error } = await kernel.run("await input('?')", { allow_stdin: false });
    expect(error.evalue).to.contain("cannot ask for input");
  });

  it("a plan that asks the user, with the line that is typed, or with an error if the front-end cannot ask", async () => {
    const plan = "await createRunEngine({ live: false, store: false })(inputPlan('sample? '))";
    const asking = kernel.execute(`(${plan}).planResult`);
    const asked = await kernel.message((m) => m.channel === "stdin" && m.parent === asking.id);
    expect(asked.content).to.deep.equal({ prompt: "sample? ", password: false });
    kernel.send("stdin", "input_reply", { value: "ZrO2" });
    await asking.done;
    const result = asking.outputs().find(({ type }) => type === "execute_result");
    expect(result?.content.data["text/plain"]).to.equal("'ZrO2'");
    const { error } = await kernel.run(plan, { allow_stdin: false });
    expect(error.evalue).to.contain('cannot ask the user "sample? " here: set RE.ask');
  });

  it("a call of input() after an interrupted one, whose answer comes late and counts for nothing", async () => {
    const waiting = kernel.execute("await input('never answered')");
    const unanswered = await kernel.message((m) => m.channel === "stdin" && m.parent === waiting.id);
    await kernel.interrupt();
    expect((await waiting.done).content.ename).to.equal("KeyboardInterrupt");
    const asking = kernel.execute("await input('next')");
    const asked = await kernel.message((m) => m.channel === "stdin" && m.parent === asking.id);
    for (const late of [unanswered.id, waiting.id]) {
      kernel.send("stdin", "input_reply", { value: "late" }, { parent: { msg_id: late } });
    }
    kernel.send("stdin", "input_reply", { value: "Ada" }, { parent: { msg_id: asked.id } });
    await asking.done;
    const result = asking.outputs().find(({ type }) => type === "execute_result");
    expect(result?.content.data["text/plain"]).to.equal("'Ada'");
  });

  it("comm messages in both directions, with binary buffers", async () => {
    const opened = kernel.execute(
      `const channel = comms().open("view", { start: 1 }, { buffers: [new Uint8Array([1, 2, 255])] });
       channel.onMessage(({ data, buffers }) => channel.send({ got: data, bytes: [...(buffers[0] ?? [])] }));
       comms().registerTarget("mine", (comm, { data }) => comm.send({ hello: data["who"] }));
       channel.id`,
    );
    await opened.done;
    const open = opened.outputs().find(({ type }) => type === "comm_open");
    expect(open?.content).to.deep.include({ target_name: "view", data: { start: 1 } });
    expect(Buffer.from(open?.buffers[0] ?? "", "base64")).to.deep.equal(Buffer.from([1, 2, 255]));
    const id = open?.content.comm_id;
    kernel.send(
      "shell",
      "comm_msg",
      { comm_id: id, data: { a: 1 } },
      { buffers: [Buffer.from([7, 0]).toString("base64")] },
    );
    const answer = await kernel.message((m) => m.type === "comm_msg" && m.content.comm_id === id);
    expect(answer.content.data).to.deep.equal({ got: { a: 1 }, bytes: [7, 0] });
    const info = await kernel.request("comm_info_request", { target_name: "view" });
    expect(info.content.comms).to.deep.equal({ [id]: { target_name: "view" } });

    kernel.send("shell", "comm_open", { comm_id: "theirs", target_name: "mine", data: { who: "you" } });
    const hello = await kernel.message((m) => m.type === "comm_msg" && m.content.comm_id === "theirs");
    expect(hello.content.data).to.deep.equal({ hello: "you" });
    kernel.send("shell", "comm_open", { comm_id: "nobody", target_name: "none", data: {} });
    await kernel.message((m) => m.type === "comm_close" && m.content.comm_id === "nobody");
  });
});

describe("the end of the kernel", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  beforeEach(async () => {
    kernel = await KernelClient.start();
  });

  afterEach(() => kernel.close());

  it("comes after all publications, and its reply says whether the kernel restarts", async () => {
    const cell = kernel.execute("setInterval(() => undefined, 10); console.log('x'.repeat(1_000_000)); 'last'");
    await kernel.message((m) => m.parent === cell.id && m.type === "execute_reply");
    const { code, reply, stderr } = await kernel.shutdown(true);
    expect(reply.content).to.deep.equal({ status: "ok", restart: true });
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(cell.outputs().some(({ type }) => type === "execute_result")).to.equal(true);
  });

  it("comes after all shutdown handlers have run, even if one hangs", async () => {
    await kernel.run(
      `const { writeFileSync } = await import("node:fs");
       const host = (globalThis as any)[Symbol.for("secop-lab.host")];
       host.onShutdown(async () => { await null; writeFileSync("closed.txt", "yes"); });
       host.onShutdown(() => new Promise(() => {}));`,
    );
    expect(await kernel.shutdown()).to.deep.include({ code: 0, stderr: "" });
    expect(readFileSync(`${kernel.folder}/closed.txt`, "utf8")).to.equal("yes");
  });

  it("comes when the process that started it is gone, even while a cell loops forever, and removes the connection file", async () => {
    const file = (await kernel.run("process.argv.at(-1)")).result["text/plain"].slice(1, -1);
    expect(existsSync(file)).to.equal(true);
    const looping = kernel.execute("await null; for (;;);");
    await kernel.message((m) => m.parent === looping.id && m.type === "execute_input");
    await kernel.orphan();
    expect(existsSync(file)).to.equal(false);
  });

  it("comes when the process that started it was gone before the kernel first checked", async () => {
    const folder = mkdtempSync(join(tmpdir(), "secop-lab-orphan-"));
    const file = join(folder, "connection.json");
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
    const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
    writeFileSync(file, JSON.stringify({ ...ports, ip: "127.0.0.1", transport: "tcp", key: "k" }));
    const gone = spawnSync(process.execPath, ["--version"]).pid;
    const orphan = spawn(process.execPath, [join(repository, "dist/kernel/main.js"), "kernel", file], {
      env: { ...process.env, JPY_PARENT_PID: String(gone) },
      stdio: "ignore",
    });
    try {
      expect(await once(orphan, "exit")).to.deep.equal([0, null]);
      expect(existsSync(file)).to.equal(false);
    } finally {
      orphan.kill("SIGKILL");
      rmSync(folder, { recursive: true });
    }
  });

  it("does not come by a request that is not signed with the key", async () => {
    const file = (await kernel.run("process.argv.at(-1)")).result["text/plain"].slice(1, -1);
    const { control_port } = JSON.parse(readFileSync(file, "utf8"));
    const somebody = new Dealer();
    try {
      somebody.connect(`tcp://127.0.0.1:${control_port}`);
      const parts = [JSON.stringify({ msg_type: "shutdown_request" }), "{}", "{}", "{}"];
      await somebody.send(["<IDS|MSG>", "0".repeat(64), ...parts]);
      const cell = await kernel.run("await new Promise((resolve) => setTimeout(resolve, 3500, 'still here'))");
      expect(cell.result["text/plain"]).to.equal("'still here'");
    } finally {
      somebody.close();
    }
  });

  it("comes even if a cell loops forever", async () => {
    const looping = kernel.execute("await null; for (;;);");
    await kernel.message((m) => m.parent === looping.id && m.type === "execute_input");
    expect(await kernel.shutdown()).to.deep.include({ code: 0, stderr: "" });
  });

  it("loses no output when code of a cell ends the process", async () => {
    const cell = kernel.execute("console.log('x'.repeat(1_000_000)); console.log('last'); process.exit(3)");
    while (!kernel.ended) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(kernel.ended.code).to.equal(3);
    // The client may see the end of the process before it has read all messages.
    await kernel.message((m) => m.parent === cell.id && String(m.content.text).endsWith("last\n"));
    const text = cell.outputs().map(({ content }) => content.text ?? "");
    expect(text.join("").slice(-6)).to.equal("x\nlast\n".slice(-6));
  });

  it("ends plans by their policy, and leaves no connection to a SEC node behind", async () => {
    const node = await startSimNode();
    const connections = new Set<Socket>();
    let asked = "";
    const between = createServer((client) => {
      const { hostname, port } = new URL(`tcp://${node.uri}`);
      const server = connect(Number(port), hostname).on("error", () => undefined);
      connections.add(client);
      client
        .on("error", () => undefined)
        .once("close", () => {
          connections.delete(client);
          // Nobody reads from it any more, so it would not see that the node closes it.
          server.destroy();
        });
      client.pipe(server).pipe(client);
      client.on("data", (bytes) => {
        asked += bytes;
      });
    });
    await new Promise<void>((resolve) => between.listen(0, "127.0.0.1", resolve));
    try {
      await kernel.run(`
        import { createRunEngine, initDevices, scan, SecopNodeDevice } from "secop-lab";
        const { cryo } = await initDevices({ cryo: new SecopNodeDevice("127.0.0.1:${(between.address() as AddressInfo).port}") });
        const temperature = cryo.modules.get("cryo") as any;
        const RE = createRunEngine({ live: false });`);
      expect(connections.size).to.be.greaterThan(0);
      kernel.execute("await RE(scan([temperature], temperature, 5, 20, 3));");
      while (!asked.includes("change cryo:target")) await new Promise((resolve) => setTimeout(resolve, 20));
      const gone = new Promise((resolve) => setInterval(() => connections.size === 0 && resolve(0), 20).unref());
      await kernel.shutdown(true);
      await gone;
      expect(asked).to.contain("do cryo:stop");
      const runs = join(kernel.folder, "runs");
      const [file] = (readdirSync(runs, { recursive: true }) as string[]).filter((name) =>
        /(^|\/)[^./][^/]*\.jsonl$/.test(name),
      );
      expect(readFileSync(join(runs, file ?? ""), "utf8")).to.match(
        /"exit_status":"abort","reason":"the process ended"/,
      );
    } finally {
      between.close();
      await node.close();
    }
  });
});
