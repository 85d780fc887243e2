import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SuspendCeil } from "../lib/engine";
import { PeakStats } from "../lib/live/peaks/peakStats";
import { LiveTable } from "../lib/live/table/liveTable";
import { createRunEngine } from "../lib/notebook";
import { count, scan } from "../lib/plans";
import { SimDetector } from "../lib/sim/devices/simDetector";
import { SimMotor } from "../lib/sim/devices/simMotor";
import { openRuns } from "../lib/store/openRuns";
import { runPython } from "./peers/peers";
import { RecordingHost } from "./support/recordingHost";
import { Sensor } from "./support/softDevices";
import { usedMemory } from "./support/usedMemory";

/** A host that displays nothing and keeps nothing. */
class ForgetfulHost extends RecordingHost {
  override display(): void {}
}

describe("createRunEngine", () => {
  let dir: string;
  let host: RecordingHost;
  const motor = new SimMotor("motor");
  const det = new SimDetector("det", { motor, center: 3 });

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "runs-"));
  });

  afterEach(() => {
    host.release();
    rmSync(dir, { recursive: true, force: true });
  });

  it("shows table and plot, with its picture, before the result is there, and keeps the run", async () => {
    host = new RecordingHost(true);
    const RE = createRunEngine({ dir });
    const result = await RE(scan([det], motor, 0, 5, 11));
    const [head, plot, table] = host.outputs;
    expect(host.outputs).to.have.length(3);
    expect(head?.["text/html"]).to.contain("11 points in");
    expect(table?.["text/html"]).to.contain("rows 4 to 11 of 11 · all, or as data: <code>RE.table()</code>");
    expect(table?.["text/html"]).to.contain(".jsonl");
    expect(Buffer.from(String(plot?.["image/png"]), "base64").length).to.be.greaterThan(5000);
    expect(plot).to.have.property("application/vnd.vegalite.v5+json");
    const kept = openRuns(dir).latest();
    expect(kept.uid).to.equal(result.runStartUids[0]);
    expect((await kept.table()).rows()).to.deep.equal(result.table().rows());
  }).timeout(20_000);

  it("prints the table as text where there is no notebook", async () => {
    host = new RecordingHost(false);
    await createRunEngine({ dir })(scan([det], motor, 0, 5, 6));
    expect(host.text.match(/^\|\s+\d+ \|/gm)).to.have.length(6);
    expect(host.frames.every(({ id }) => id === undefined)).to.equal(true);
  });

  it("shows and keeps nothing if asked to", async () => {
    host = new RecordingHost(true);
    const RE = createRunEngine({ live: false, store: false, dir, md: { scan_id: 41 } });
    await RE(scan([det], motor, 0, 5, 3));
    expect(host.frames).to.deep.equal([]);
    expect(openRuns(dir).length).to.equal(0);
    expect(RE.md.scan_id).to.equal(42);
  });

  it("says in the card of a run why and since when it is suspended, and what releases it", async () => {
    host = new RecordingHost(true);
    const RE = createRunEngine({ dir });
    const beam = new Sensor("beam");
    beam.post(0);
    RE.installSuspender(new SuspendCeil(beam, 3));
    RE.msgHook = ({ command }) => {
      if (command === "save") beam.post(9);
    };
    const handle = RE(count([det]));
    const card = () => String(host.outputs.find((output) => /count/.test(String(output["text/html"])))?.["text/html"]);
    while (!card().includes("suspended")) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(card()).to.match(/beam = 9 is above 3, since \d\d:\d\d:\d\d, goes on when it is below 3/);
    RE.msgHook = null;
    beam.post(0);
    expect((await handle).exitStatus).to.equal("success");
    expect(card()).to.not.contain("goes on");
  }).timeout(20_000);

  it("marks a failed run, and can be used again", async () => {
    host = new RecordingHost(true);
    const RE = createRunEngine({ dir });
    const far = new SimMotor("far");
    far.set = () => {
      throw new Error("far is jammed");
    };
    let message = "";
    await RE(scan([det], far, 0, 5, 6)).catch((error: unknown) => {
      message = String(error);
    });
    expect(message).to.not.equal("");
    expect(host.outputs[0]?.["text/html"]).to.contain("failed");
    expect(openRuns(dir).latest().stop?.exit_status).to.equal("fail");
    await RE(scan([det], motor, 0, 5, 3));
    expect(openRuns(dir).length).to.equal(2);
  }).timeout(20_000);

  it("keeps documents of a scan that Python's event_model and bluesky's callbacks accept", async () => {
    host = new RecordingHost(true);
    await createRunEngine({ dir, live: false })(scan([det], motor, 0, 6, 13));
    const reported = JSON.parse(await runPython("test/peers/bluesky/consume.py", [openRuns(dir).latest().path]));
    expect(reported).to.deep.include({ valid: 16, rows: 13, peaks: { det: 3 }, mixed: [] });
  }).timeout(60_000);

  for (const [rich, runs] of [
    [false, 1000],
    [true, 100],
  ] as const) {
    it(`leaves nothing behind in ${runs} runs ${rich ? "shown in a notebook" : "printed as text"}`, async () => {
      host = new ForgetfulHost(rich);
      const RE = createRunEngine({ dir });
      const held: Record<"memory" | "files", number>[] = [];
      for (let i = 0; i <= runs; i += 1) {
        if (i % (runs / 2) === 0) held.push({ memory: usedMemory(), files: readdirSync("/proc/self/fd").length });
        await RE(scan([det], motor, 0, 5, 3));
      }
      const [, half, end] = held;
      expect((end?.memory ?? 0) - (half?.memory ?? 0)).to.be.lessThan(2 * 2 ** 20);
      expect(end?.files).to.equal(half?.files);
    }).timeout(120_000);
  }

  it("takes more views and consumers, of any kind", async () => {
    host = new RecordingHost(false);
    const RE = createRunEngine({ live: false, store: false });
    const stats = new PeakStats("motor", "det");
    const names: string[] = [];
    const tokens = [
      RE.subscribe(stats),
      RE.subscribe(new LiveTable([det])),
      RE.subscribe((...[name]) => void names.push(name)),
    ];
    await RE(scan([det], motor, 0, 6, 13));
    expect(stats.stats?.max[0]).to.equal(3);
    expect(names).to.deep.equal(["start", "descriptor", ...Array(13).fill("event"), "stop"]);
    for (const token of tokens) RE.unsubscribe(token);
  });
});
