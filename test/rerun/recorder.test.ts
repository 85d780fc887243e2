/** Which nodes a recording takes, and where it refuses to begin. */

import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import { UsageError } from "../../lib/errors";
import { currentRecording, currentReplay, readRecording, startRecording, startReplay } from "../../lib/rerun";
import { RecordingFile } from "../../lib/rerun/record/recordingFile";
import { Redaction } from "../../lib/rerun/record/redaction";
import { startSimNode } from "../../lib/sim";

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
});
