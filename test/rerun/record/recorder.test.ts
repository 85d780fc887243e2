/** Which nodes a recording takes, and where it refuses to begin. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SecopNodeDevice } from "../../../lib/devices/node/secopNodeDevice";
import { UsageError } from "../../../lib/errors";
import { currentRecording, currentReplay, readRecording, startRecording, startReplay } from "../../../lib/rerun";
import { RecordingFile } from "../../../lib/rerun/record/recordingFile";
import { Redaction } from "../../../lib/rerun/record/redaction";
import { SecopClient } from "../../../lib/secop/client";
import { startSimNode } from "../../../lib/sim";
import { simulate } from "../../../lib/sim/simulate";
import { repository } from "../../peers/peers";

describe("a recording of some nodes", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "recorder-"));
  });
  afterEach(() => {
    currentRecording()?.close();
    rmSync(folder, { recursive: true });
  });

  it("knows a node by its address however that is written", async () => {
    const path = join(folder, "one.rec");
    const [one, other] = await Promise.all([startSimNode({ port: 0 }), startSimNode({ port: 0 })]);
    const port = one.uri.split(":").at(-1);
    const recording = startRecording(path, { nodes: [`TCP://LocalHost:${port}`] });
    try {
      for (const { uri } of [one, other]) {
        const device = new SecopNodeDevice(uri, { name: "lab" });
        await device.connect();
        await device.dispose();
      }
    } finally {
      recording.close();
      await Promise.all([one.close(), other.close()]);
    }
    expect(readRecording(path).nodes).to.deep.equal([`127.0.0.1:${port}`]);
  });

  it("leaves the nodes alone that it does not record, and is late only for its own", async () => {
    const [one, other] = await Promise.all([startSimNode({ port: 0 }), startSimNode({ port: 0 })]);
    const devices = [one, other].map(({ uri }) => new SecopNodeDevice(uri, { name: "lab" }));
    try {
      await devices[1]?.connect();
      const early = startRecording(join(folder, "early.rec"), { nodes: [one.uri] });
      expect(early.isLate).to.equal(false);
      await devices[0]?.connect();
      early.close();
      const late = startRecording(join(folder, "late.rec"), { nodes: [one.uri] });
      expect(late.isLate).to.equal(true);
      await late.ready;
      late.close();
    } finally {
      await Promise.all(devices.map((device) => device.dispose()));
      await Promise.all([one.close(), other.close()]);
    }
    const marksIn = (name: string) => readRecording(join(folder, name)).lines.filter(({ text }) => text === "joined");
    expect([marksIn("early.rec").length, marksIn("late.rec").length]).to.deep.equal([0, 1]);
    const late = readRecording(join(folder, "late.rec"));
    expect(late.nodes).to.deep.equal([one.uri.replace(/^tcp:\/\//, "")]);
    expect(late.lines.some(({ sign, text }) => sign === "<" && text === "active")).to.equal(true);
  });

  it("is refused during a replay, which goes on", () => {
    const path = join(folder, "again.rec");
    startRecording(path).close();
    const replay = startReplay(path);
    try {
      const late = () => startRecording(join(folder, "late.rec"));
      expect(late).to.throw(UsageError, "nothing can be recorded while a recording is replayed: %replay off first");
      expect(currentReplay()).to.equal(replay);
    } finally {
      replay.stop();
    }
  });

  it("is refused for what is not an address, and makes no file", () => {
    const path = join(folder, "none.rec");
    expect(() => startRecording(path, { nodes: ["lab node"] })).to.throw(UsageError, '"lab node" is not an address');
    expect(existsSync(path)).to.equal(false);
    expect(currentRecording()).to.equal(undefined);
  });

  it("is packed when it ends, if it is large or called so, and is read by either name", () => {
    const redaction = new Redaction([]);
    const write = (name: string, lines: number) => {
      const path = join(folder, name);
      const file = new RecordingFile({ path, client: "test", seed: 1, redaction, notice: () => {}, packedFrom: 5000 });
      file.add(1, "+", "localhost:1");
      for (let i = 0; i < lines; i += 1) file.add(1, "<", `update a:value [${i}, {}]`);
      file.close();
      return file.path;
    };
    expect(write("small.rec", 10)).to.equal(join(folder, "small.rec"));
    expect(write("large.rec", 1000)).to.equal(join(folder, "large.rec.gz"));
    expect(write("named.rec.gz", 1)).to.equal(join(folder, "named.rec.gz"));
    expect(readdirSync(folder).sort()).to.deep.equal(["large.rec.gz", "named.rec.gz", "small.rec"]);
    expect(readRecording(join(folder, "large.rec")).lines.length).to.equal(1001);
    expect(readRecording(join(folder, "large.rec")).name).to.equal("large.rec");
    expect(readRecording(join(folder, "named.rec.gz")).lines.length).to.equal(2);
    expect(write("large.rec", 10)).to.equal(join(folder, "large.rec"));
    expect(readRecording(join(folder, "large.rec")).lines.length).to.equal(11);
    expect(readdirSync(folder).sort()).to.deep.equal(["large.rec", "named.rec.gz", "small.rec"]);
  });

  it("is complete when the program ends itself in the turn in which it was answered", async () => {
    await using node = await startSimNode({ speed: 10 });
    const path = join(folder, "exit.rec");
    const args = ["--import=tsx", join(repository, "test/rerun/record/killedRecorder.ts"), node.uri, path, "3"];
    const child = spawn(process.execPath, args, { cwd: repository, stdio: ["ignore", "ignore", "inherit"] });
    const [code] = await once(child, "exit");
    expect(code).to.equal(0);
    const { cutOff, lines } = readRecording(path);
    const replies = lines.filter(({ sign, text }) => sign === "<" && text.startsWith("reply cryo:value "));
    expect([cutOff, replies.length]).to.deep.equal([false, 3]);
  });

  it("is that of the program that began last, if two record into one file, and the other one says so", () => {
    const path = join(folder, "two.rec");
    const notices: string[] = [];
    const options = {
      path,
      client: "test",
      seed: 1,
      redaction: new Redaction([]),
      notice: (text: string) => notices.push(text),
    };
    const [first, second] = [new RecordingFile(options), new RecordingFile(options)];
    for (const [file, uri] of [
      [first, "localhost:1"],
      [second, "localhost:2"],
      [first, "localhost:3"],
    ] as const) {
      file.add(uri.length, "+", uri);
      file.add(uri.length, "-", "the end");
      file.flush();
    }
    second.close();
    first.close();
    expect(readRecording(path).nodes).to.deep.equal(["localhost:2"]);
    expect(notices).to.deep.equal([
      `the recording ${path} is lost: the file was deleted, or another program records into it`,
    ]);
  });

  it("ends with a notice on a full disk, and what is recorded goes on", async function () {
    if (!existsSync("/dev/full")) this.skip();
    const notices: string[] = [];
    const recording = startRecording("/dev/full", { notice: (text) => notices.push(text) });
    await using node = await startSimNode({ port: 0 });
    const client = await SecopClient.connect(node.uri);
    expect((await client.read("cryo", "value")).error).to.equal(undefined);
    await client.close();
    expect(recording.isOpen).to.equal(false);
    recording.close();
    expect(notices).to.deep.equal(["the recording /dev/full ends here: ENOSPC, the disk is full"]);
  });

  it("is complete when the process was killed, up to the last turn of its event loop", async () => {
    await using node = await startSimNode({ speed: 10 });
    const path = join(folder, "killed.rec");
    const args = ["--import=tsx", join(repository, "test/rerun/record/killedRecorder.ts"), node.uri, path];
    const child = spawn(process.execPath, args, { cwd: repository, stdio: ["ignore", "pipe", "inherit"] });
    let answered = 0;
    for await (const chunk of child.stdout) {
      answered = Number(String(chunk).trim().split("\n").at(-1));
      if (answered >= 200) child.kill("SIGKILL");
    }
    const { lines } = readRecording(path);
    const replies = lines.filter(({ sign, text }) => sign === "<" && text.startsWith("reply cryo:value ")).length;
    expect(replies).to.be.at.least(answered - 1);
  });

  it("has no password anywhere that was set, given to a command, answered or refused", async () => {
    const text = { type: "string", maxchars: 30 };
    const accessibles = {
      _password: { description: "", datainfo: text, readonly: false },
      login: { description: "", datainfo: { type: "command", argument: text, result: text } },
    };
    const modules = { io: { description: "", interface_classes: [], accessibles } };
    const path = join(folder, "secret.rec");
    const recording = startRecording(path, { redact: ["io:_password", "io:login"] });
    await using node = await simulate({ modules });
    const client = new SecopClient(node.uri);
    await client.connect();
    await client.change("io", "_password", "hunter2");
    await client.read("io", "_password");
    await client.do("io", "login", "hunter2");
    await client.change("io", "_password", "hunter2".repeat(9)).catch(() => {});
    await client.close();
    recording.close();
    const written = readFileSync(path, "utf8");
    expect(written).to.contain('> do io:login "<redacted>"').and.not.contain("hunter2");
  });
});
