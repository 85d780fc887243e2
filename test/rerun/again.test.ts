/**
 * notebooks/06-again.ipynb runs from its recording: by `secop-lab run --replay`, without a node and without
 * Jupyter.
 */

import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runDifferences } from "../../lib/rerun";
import { repository, runProgram } from "../peers/peers";
import { documentsIn, documentText, expectSameDocuments } from "./sameDocuments";

const MAIN = join(repository, "dist/kernel/main.js");

describe("notebooks/06-again.ipynb", function () {
  this.timeout(240_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "again-"));
    for (const file of ["06-again.ipynb", "06-again.rec"])
      cpSync(join(repository, "notebooks", file), join(folder, file));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (...options: string[]) => runWith(process.env, ...options);
  const runWith = (env: NodeJS.ProcessEnv, ...options: string[]) =>
    runProgram(process.execPath, [MAIN, "run", "06-again.ipynb", ...options], { cwd: folder, env, timeout: 120 });
  const replay = () => run("--replay");

  it("gives the same documents each time, without its node", async () => {
    const first = await replay();
    expect(first.code, first.stdout + first.stderr).to.equal(0);
    expect(first.stdout).to.match(
      /replayed 06-again\.rec: \d+ requests as recorded, 0 reads from the state, 0 refused\n/,
    );
    const documents = documentsIn(join(folder, "06-again.replay/runs"));
    expect(
      documents.filter(([name]) => name === "start").map(([, doc]) => (doc as { time: number }).time),
    ).to.deep.equal(
      [...readFileSync(join(folder, "06-again.rec"), "utf8").matchAll(/\* start @ ([\d.]+)$/gm)].map(
        ([, at]) => Math.round(1000 * (1796031064 + Number(at))) / 1000,
      ),
    );
    const second = await replay();
    expect(second.code).to.equal(0);
    const again = documentsIn(join(folder, "06-again.replay/runs"));
    expectSameDocuments(documentText({ documents: again }), documentText({ documents }));
    expect(readdirSync(folder)).not.to.include("runs");
  });

  it("opens no socket in a replay: neither the process nor whoever listens at the address sees a connection", async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      // What is not read would keep the socket open.
      socket.on("error", () => {}).resume();
      socket.end("no node\n");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    for (const name of ["06-again.ipynb", "06-again.rec"]) {
      const file = join(folder, name);
      writeFileSync(file, readFileSync(file, "utf8").replaceAll("localhost:10767", `localhost:${port}`));
    }
    const log = join(folder, "sockets.log");
    const watch = `--import=${join(repository, "test/rerun/watchSockets.mjs")}`;
    const env = { ...process.env, NODE_OPTIONS: watch, SOCKETS_LOG: log };
    try {
      const { code, stdout, stderr } = await runWith(env, "--replay");
      expect(code, stdout + stderr).to.equal(0);
      expect([existsSync(log), connections]).to.deep.equal([false, 0]);
      // Without a replay both see connections, so that the silence above says something.
      expect((await runWith(env)).code).to.equal(1);
      expect(readFileSync(log, "utf8")).to.match(new RegExp(`^(?:localhost|127\\.0\\.0\\.1|::1):${port}$`, "m"));
      expect(connections).to.be.greaterThan(0);
    } finally {
      server.close();
    }
  });

  it("says in one line what was not recorded where a temperature was changed, and fails", async () => {
    const file = join(folder, "06-again.ipynb");
    writeFileSync(file, readFileSync(file, "utf8").replace("lab.cryo, 6, 10, 5", "lab.cryo, 6, 12, 4"));
    const { code, stdout } = await replay();
    expect(code).to.equal(1);
    expect(stdout).to.contain('no "change cryo:target 12" was recorded: 6, 7, 8, 9, 10, 14 were; record again');
  });

  it("runs without its node and without replay on a twin, whose runs are marked and not compared", async () => {
    const { code, stdout, stderr } = await run("--simulate", "--speed", "3");
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.contain("lab is simulated like 06-again.rec\n");
    const documents = documentsIn(join(folder, "runs"));
    const starts = documents.flatMap(([name, doc]) => (name === "start" ? [doc as Start] : []));
    expect(starts.map(({ plan_name }) => plan_name)).to.deep.equal(["scan", "ramp_scan"]);
    for (const start of starts) expect(start.provenance.sec_nodes.lab.simulated).to.equal("like 06-again.rec");
    const targets = documents.flatMap(([name, doc]) =>
      name === "event" ? [(doc as Event).data["lab-cryo-target"]] : [],
    );
    expect(targets.slice(0, 5)).to.deep.equal([6, 7, 8, 9, 10]);
    expect(() => runDifferences(documents, documents, { exact: true })).to.throw("was simulated");
    const recorded = await run("--simulate", "--record");
    expect([recorded.code, recorded.stderr]).to.deep.equal([1, "secop-lab: choose one of --record and --simulate\n"]);
    const replayed = await run("--replay", "--simulate", "--speed", "3");
    expect(replayed.stderr).to.equal("secop-lab: --speed is for --simulate: a replay is as fast as the computer\n");
  });

  it("goes on with a twin, on recorded time, from where a temperature was changed", async () => {
    const file = join(folder, "06-again.ipynb");
    writeFileSync(file, readFileSync(file, "utf8").replace("lab.cryo, 6, 10, 5", "lab.cryo, 6, 12, 4"));
    const { code, stdout, stderr } = await run("--replay", "--simulate");
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/replayed 06-again\.rec: .* 0 refused; .*; simulated from "check cryo:target 12" on\n/);
    const documents = documentsIn(join(folder, "06-again.replay/runs"));
    const events = documents.flatMap(([name, doc]) => (name === "event" ? [doc as Event] : []));
    expect(events.slice(0, 4).map(({ data }) => data["lab-cryo-target"])).to.deep.equal([6, 8, 10, 12]);
    const times = events.map(({ time }) => time);
    expect(times).to.deep.equal([...times].sort((a, b) => a - b));
    expect(Math.abs(events[0]!.time - 1796031073)).to.be.below(60);
    const stops = documents.flatMap(([name, doc]) => (name === "stop" ? [(doc as Stop).exit_status] : []));
    expect(stops).to.deep.equal(["success", "success"]);
  });
});

interface Start {
  readonly plan_name: string;
  readonly provenance: { readonly sec_nodes: { readonly lab: { readonly simulated?: string } } };
}

interface Event {
  readonly time: number;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Stop {
  readonly exit_status: string;
}
