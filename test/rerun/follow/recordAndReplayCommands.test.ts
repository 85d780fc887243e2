/** `secop-lab record` and `secop-lab replay` as programs of their own, for clients of any kind. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { expect } from "chai";
import { readRecording } from "../../../lib/rerun";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { startFrappy } from "../../peers/frappy";
import { repository } from "../../peers/peers";
import { freePort } from "../../support/freePort";
import { endProgram } from "../../support/program";
import { secopOphydDocuments } from "./secopOphydDocuments";

const MAIN = join(repository, "dist/kernel/main.js");

/** The recording of a node whose value counts seconds: `1`, `2`, `3`, reported a second after each other. */
const COUNTING = `#secop-recording 1
#client test
#start 1796054935 2026-11-30T16:08:55.000Z
#seed 1
    0.000 1 + 127.0.0.1:10767
    0.001 1 > *IDN?
    0.002 1 < ISSE,SECoP,V2019-09-16,v1.0
    0.003 1 > activate
    0.004 1 < update clock:value [0, {"t": 0.004}]
          1 < active
    1.004 1 < update clock:value [1, {"t": 1.004}]
    2.004 1 < update clock:value [2, {"t": 2.004}]
    3.004 1 < update clock:value [3, {"t": 3.004}]
    3.005 1 > read clock:value
    3.006 1 < reply clock:value [3, {"t": 3.005}]
`;

describe("secop-lab record and secop-lab replay", function () {
  this.timeout(240_000);
  let folder: string;
  const started: ChildProcess[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "commands-"));
  });
  afterEach(async () => {
    for (const child of started.splice(0)) await endProgram(child);
    rmSync(folder, { recursive: true });
  });

  /** Starts a command. Resolves with the address for clients, which its first line ends with. */
  async function start(...args: string[]) {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    started.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value: first } = await lines.next();
    const [, uri] = /(127\.0\.0\.1:\d+)(?:, and .* records| \(Ctrl-C)/.exec(String(first)) ?? [];
    if (uri === undefined) throw new Error(`${args.join(" ")} said: ${first}`);
    return { child, uri, lines };
  }

  it("give secop-ophyd the documents again that it got through a recorder that was killed", async () => {
    const port = String(await freePort());
    const server = await startFrappy("quickCryo");
    let original: unknown[];
    try {
      const recorder = await start("record", server.uri, "cryo.rec", "--port", port);
      original = await secopOphydDocuments(recorder.uri);
      await endProgram(recorder.child);
    } finally {
      await server.stop();
    }
    expect(original.length).to.equal(5);
    const { lines, cutOff, nodes } = readRecording(join(folder, "cryo.rec"));
    expect([nodes, cutOff]).to.deep.equal([[server.uri], false]);
    expect(lines.filter(({ sign, text }) => sign === ">" && text.startsWith("change cryo:target ")).length).to.equal(2);
    const replay = await start("replay", "cryo.rec", "--port", port);
    expect(await secopOphydDocuments(replay.uri)).to.deep.equal(original);
    await endProgram(replay.child, "SIGINT");
    expect((await replay.lines.next()).value).to.match(/^replayed cryo\.rec: \d+ requests as recorded, .* 0 refused/);
  });

  it("end with Ctrl-C, and keep a value out of the recording that is named", async () => {
    await using node = await startSimNode({ speed: 10 });
    const recorder = await start("record", node.uri, "lab.rec", "--redact", "cryo:ramp");
    const client = await Conversation.open(recorder.uri);
    await client.ask("*IDN?", "ISSE");
    await client.ask("describe", "describing");
    await client.ask("change cryo:ramp 77.25", "changed cryo:ramp");
    await client.ask("read cryo:ramp", "reply cryo:ramp");
    await client.ask("change heater:target 3.5", "changed heater:target");
    client.close();
    await endProgram(recorder.child, "SIGINT");
    expect(recorder.child.exitCode).to.equal(0);
    const text = readFileSync(join(folder, "lab.rec"), "utf8");
    expect(text).to.contain('> change cryo:ramp "<redacted>"').and.contain("> change heater:target 3.5");
    expect(text).to.match(/< reply cryo:ramp \["<redacted>", \{"t": [\d.]+\}\]/);
    expect(text).not.to.contain("77.25");
    expect(readRecording(join(folder, "lab.rec")).redacted).to.deep.equal(["cryo:ramp"]);
  });

  it("replay at the recorded pace and faster: what was reported comes in its order, with its times", async () => {
    writeFileSync(join(folder, "clock.rec"), COUNTING);
    const seconds: number[] = [];
    for (const speed of ["1", "4"]) {
      const replay = await start("replay", "clock.rec", "--speed", speed);
      const client = await Conversation.open(replay.uri);
      await client.ask("*IDN?", "ISSE");
      const from = performance.now();
      await client.ask("activate", "active");
      const last = await client.next('update clock:value [3, {"t": 1796054938.004}]');
      seconds.push((performance.now() - from) / 1000);
      expect(client.seen.filter((line) => line.startsWith("update ")).slice(-3), `speed ${speed}`).to.deep.equal([
        'update clock:value [1, {"t": 1796054936.004}]',
        'update clock:value [2, {"t": 1796054937.004}]',
        last,
      ]);
      client.close();
      await endProgram(replay.child);
    }
    // A busy machine makes a replay later, never earlier.
    expect(seconds[0]).to.be.at.least(2.9);
    expect(seconds[1]).to.be.at.least(0.7);
  });

  it("replay with the times of today, and refuse reads that were not recorded, if that is asked for", async () => {
    writeFileSync(join(folder, "clock.rec"), COUNTING);
    const replay = await start("replay", "clock.rec", "--now", "--strict");
    const client = await Conversation.open(replay.uri);
    await client.ask("activate", "active");
    const update = await client.next("update clock:value [3,");
    const [, t] = /"t": ([\d.]+)/.exec(update) ?? [];
    expect(Number(t)).to.be.within(Date.now() / 1000 - 600, Date.now() / 1000 + 10);
    expect(await client.ask("read clock:value", "reply ")).to.match(/^reply clock:value \[3, /);
    expect(await client.ask("read clock:value", "error_read ")).to.contain(
      'error_read clock:value ["Impossible","\\"read clock:value\\" was recorded once, and that is used up: record again',
    );
    client.close();
    await endProgram(replay.child, "SIGINT");
    expect((await replay.lines.next()).value).to.equal(
      "replayed clock.rec: 1 request as recorded, 0 reads from the state, 1 refused",
    );
  });
});

/** A client that sends lines and waits for the ones it expects. */
class Conversation {
  readonly seen: string[] = [];
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#reader = createInterface({ input: socket });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  static async open(uri: string): Promise<Conversation> {
    const [host = "", port = ""] = uri.split(":");
    const socket = connect(Number(port), host);
    await once(socket, "connect");
    return new Conversation(socket);
  }

  /** Sends a line. Resolves with the next one that begins with `answer`. */
  ask(line: string, answer: string): Promise<string> {
    this.#socket.write(`${line}\n`);
    return this.next(answer);
  }

  /** The next line that begins so. */
  async next(begin: string): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`the connection ended before ${begin}: ${this.seen.join("\n")}`);
      this.seen.push(value);
      if (value.startsWith(begin)) return value;
      if (value.startsWith("error_")) throw new Error(value);
    }
  }

  close(): void {
    this.#reader.close();
    this.#socket.destroy();
  }
}
