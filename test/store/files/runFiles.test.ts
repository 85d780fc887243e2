import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { $display } from "../../../lib/display/mimeBundle";
import type { Document } from "../../../lib/engine/documents/documents";
import "../../../lib/live";
import { createRunEngine } from "../../../lib/notebook";
import { scan } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { openRuns } from "../../../lib/store/openRuns";
import { StoredRun } from "../../../lib/store/runs/storedRun";
import { repository, runProgram, runPython } from "../../peers/peers";
import { RecordingHost } from "../../support/recordingHost";
import { documentsOf, peakRows, play, testRun } from "../../support/runDocuments";

const keys = { motor: { units: "K" }, det: { units: "counts/s" } };

describe("RunFiles", () => {
  let dir: string;
  const said: string[] = [];
  const { error } = console;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "runs-"));
    said.length = 0;
    console.error = (text: string) => void said.push(text);
  });

  afterEach(() => {
    console.error = error;
    rmSync(dir, { recursive: true, force: true });
  });

  it("keeps each run in a file of its own, one document a line", () => {
    const files = new RunFiles(dir);
    const run = testRun(keys);
    void play(files.receive, run, peakRows());
    const path = files.lastPath ?? "";
    expect(path.slice(dir.length)).to.match(/^\/\d{4}\/\d\d\/\d\d\/\d{6}-12-[0-9a-f]{8}\.jsonl$/);
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).name)).to.deep.equal([
      "start",
      "descriptor",
      ...Array(31).fill("event"),
      "stop",
    ]);
    expect(JSON.parse(lines[0] ?? "")).to.deep.equal({ name: "start", doc: run.start });
  });

  it("has written a document before it returns", () => {
    const files = new RunFiles(dir);
    const run = testRun(keys);
    files.receive("start", run.start);
    files.receive("descriptor", run.descriptor);
    files.receive("event", run.event(1, { motor: 1, det: 2 }));
    expect(readFileSync(files.lastPath ?? "", "utf8").split("\n").length).to.equal(4);
    files.close();
  });

  it("keeps interleaved runs apart", () => {
    const files = new RunFiles(dir);
    const [one, two] = [testRun(keys), testRun(keys, { scan_id: 13 })];
    const [a, b] = [documentsOf(one, peakRows()), documentsOf(two, peakRows())];
    const receive = ({ name, doc }: Document) => files.receive(...([name, doc] as Parameters<typeof files.receive>));
    a.forEach((document, i) => {
      receive(document);
      receive(b[i] as Document);
    });
    const runs = openRuns(dir).list();
    expect(runs.map((run) => run.scanId)).to.have.members([12, 13]);
    for (const run of runs) expect(readFileSync(run.path, "utf8").trimEnd().split("\n").length).to.equal(a.length);
  });

  it("makes safe file names from any metadata, and never changes an existing file", () => {
    const files = new RunFiles(dir);
    for (let i = 0; i < 3; i++) {
      const run = testRun(keys, { scan_id: "../../etc" as unknown as number, uid: "../up/.." });
      files.receive("start", run.start);
      files.receive("stop", { ...run.stop(), run_start: run.start.uid });
    }
    const names = readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"));
    expect(names).to.have.length(3);
    for (const name of names) expect(name).to.match(/^\d{4}\/\d\d\/\d\d\/\d{6}-______etc-___up____?(-\d)?\.jsonl$/);
  });

  it("reports once that a folder cannot be made, and the run goes on", () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    const files = new RunFiles(file);
    void play(files.receive, testRun(keys), peakRows());
    expect(said).to.have.length(1);
    expect(said[0]).to.match(
      /^run [0-9a-f]{8} is not kept: no file could be made in .*\(the run goes on\): E(NOTDIR|EXIST), a file/,
    );
  });

  it("reports once that the disk is full, keeps what was written, and the run goes on", async () => {
    const { stdout, stderr, code } = await runProgram("bash", [
      "-c",
      `trap '' XFSZ; ulimit -f 8; exec "$0" --import tsx test/store/files/longRun.ts "$1"`,
      process.execPath,
      dir,
    ]);
    expect([code, stdout]).to.deep.equal([0, "the run went on to its end\n"]);
    expect(stderr).to.match(
      /^the rest of the run is not kept: .*\.jsonl could not be written \(the run goes on\): EFBIG.*\n$/,
    );
    expect((await openRuns(dir).latest().table()).length).to.be.greaterThan(10);
  }).timeout(20_000);

  it("reports once that a document cannot be written, and keeps all others", async () => {
    const files = new RunFiles(dir);
    const run = testRun(keys);
    const loop: Record<string, unknown> = { motor: 1 };
    loop.det = loop;
    void play(files.receive, run, [{ motor: 1, det: 1 }, loop, { motor: 2, det: 2 }, loop]);
    expect(said).to.have.length(1);
    expect(said[0]).to.match(/^a document of run \w{8} is not kept \(the run goes on\): .*refers to itself/);
    expect((await openRuns(dir).latest().table()).column("seq_num")).to.deep.equal([1, 3]);
    expect(openRuns(dir).latest().stop?.exit_status).to.equal("success");
  });

  it("leaves a file that is complete up to the last event when the process is killed", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "endlessRun.ts"), dir], {
      cwd: repository,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "close");
    const run = openRuns(dir).latest();
    expect(run.stop).to.equal(undefined);
    const table = await run.table();
    expect(table.length).to.equal(5);
  }).timeout(20_000);
});

describe("StoredRun", () => {
  let dir: string;
  let files: RunFiles;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "runs-"));
    files = new RunFiles(dir);
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("gives the documents, the table and CSV of a run", async () => {
    const run = testRun(keys);
    const rows = peakRows();
    void play(files.receive, run, rows);
    const stored = openRuns(dir).latest();
    const documents: Document[] = [];
    for await (const document of stored.documents()) documents.push(document);
    expect(documents.map(({ name }) => name)).to.deep.equal(documentsOf(run, rows).map(({ name }) => name));
    const table = await stored.table();
    expect(table.column("motor")).to.deep.equal(rows.map((row) => row.motor));
    expect(table.units.det).to.equal("counts/s");
    expect((await stored.toCsv()).split("\n")[0]).to.equal("seq_num,time,motor,det");
    expect(stored.stop?.exit_status).to.equal("success");
  });

  it("reads a file with an incomplete last line, and ignores a file of another kind", async () => {
    void play(files.receive, testRun(keys), peakRows());
    const path = files.lastPath ?? "";
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.slice(0, text.length - 200));
    const cut = StoredRun.open(path);
    expect(cut?.stop).to.equal(undefined);
    expect((await cut?.table())?.length).to.equal(31);
    writeFileSync(path, `${text.split("\n")[0]}\nnonsense\n\n${text.split("\n").slice(1).join("\n")}`);
    expect((await StoredRun.open(path)?.table())?.length).to.equal(31);
    writeFileSync(path, "");
    expect(StoredRun.open(path)).to.equal(undefined);
  });

  it("displays the run, its end, and the next line to type", async () => {
    const run = testRun(keys, { motors: ["motor"], detectors: ["det<b>"] });
    files.receive("start", run.start);
    files.receive("stop", run.stop("fail", "no beam & no light"));
    const shown = await openRuns(dir).latest()[$display]();
    expect(shown["text/plain"]).to.match(/^Run [0-9a-f]{8} · failed · scan · #12 · .* · 1 min 40 s · .*\.jsonl\n/);
    expect(shown["text/plain"])
      .to.contain("no beam & no light")
      .and.to.contain(`await openRuns("${dir}").get("${run.start.uid.slice(0, 8)}").table()`);
    expect(shown["text/html"]).to.contain("det&lt;b&gt;").and.to.contain("no beam &amp; no light");
  });

  it("displays the plot of the run in a notebook, and its words elsewhere", async () => {
    const motor = new SimMotor("m");
    const RE = createRunEngine({ live: false, dir });
    await RE(scan([new SimDetector("peak", { motor, center: 2 })], motor, 0, 4, 5));
    const run = openRuns(dir).latest();
    expect((await run[$display]())["text/html"]).to.not.contain("<img");
    const host = new RecordingHost(true);
    try {
      const shown = String((await run[$display]())["text/html"]);
      const [, png = "", style] =
        /<img alt="[^"]*peak[^"]*" src="data:image\/png;base64,([^"]+)" style="([^"]+)">/s.exec(shown) ?? [];
      expect(Buffer.from(png, "base64").toString("latin1", 1, 4)).to.equal("PNG");
      expect(style).to.equal("max-width:100%");
      // The same as a plot of its own, which can be zoomed.
      expect(await run.plot()[$display]()).to.have.property("application/vnd.vegalite.v5+json");
    } finally {
      host.release();
    }
  });

  it("rejects with the names of the existing streams", async () => {
    void play(files.receive, testRun(keys), peakRows());
    let message = "";
    await openRuns(dir)
      .latest()
      .table("monitor")
      .catch((error: Error) => {
        message = error.message;
      });
    expect(message).to.contain("monitor").and.to.contain("primary");
  });
});

describe("openRuns", () => {
  it("lists runs newest first, finds one by number or uid, and shows them as a table", () => {
    const dir = mkdtempSync(join(tmpdir(), "runs-"));
    try {
      const files = new RunFiles(dir);
      const runs = [1, 2, 3].map((scan_id) =>
        testRun(keys, { scan_id, time: 1790000000 + scan_id * 100000, motors: ["motor"], detectors: ["det<b>"] }),
      );
      for (const run of runs) void play(files.receive, run, peakRows());
      const found = openRuns(dir);
      expect(found.length).to.equal(3);
      expect(found.list().map((run) => run.scanId)).to.deep.equal([3, 2, 1]);
      expect(found.list(1).map((run) => run.scanId)).to.deep.equal([3]);
      expect(found.get(2).uid).to.equal(runs[1]?.start.uid);
      expect(found.get(runs[0]?.start.uid.slice(0, 8) ?? "").scanId).to.equal(1);
      expect(() => found.get(99)).to.throw("no run #99 among the 3 in");
      const shown = found[$display]();
      expect(shown["text/plain"])
        .to.contain("det<b>")
        .and.to.contain(`await openRuns(${JSON.stringify(dir)}).get(3).table()`);
      expect(found.find({ sample: "none" })[$display]()["text/plain"]).to.contain("no run fits");
      expect(shown["text/html"]).to.contain("det&lt;b&gt;").and.not.to.contain("<b>det");
      expect(shown["text/plain"]).to.not.contain("sample");
      const named = testRun(keys, { sample: { name: "Pt<i>" }, time: 1791000000 });
      void play(files.receive, named, peakRows());
      expect(found[$display]()["text/plain"]).to.match(/plan +sample +motors.*scan +Pt<i>/s);
      expect(found[$display]()["text/html"]).to.contain("Pt&lt;i&gt;");
      const foreign = testRun(keys, { scan_id: "1); process.exit(); (" as never, time: 1792000000 });
      void play(files.receive, foreign, peakRows());
      expect(found[$display]()["text/plain"])
        .to.contain(`.get(${JSON.stringify(foreign.start.uid.slice(0, 8))}).table()`)
        .and.not.to.contain("get(1)");
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it("says that a folder cannot be read", () => {
    expect(() => openRuns("/nowhere/runs")).to.throw("cannot read the runs in /nowhere/runs: does the folder exist?");
  });
});

describe("a run file in Python", () => {
  it("is valid for event_model and consumed by bluesky's LiveTable and BestEffortCallback", async () => {
    const dir = mkdtempSync(join(tmpdir(), "runs-"));
    try {
      const files = new RunFiles(dir);
      const run = testRun(
        { ...keys, on: { dtype: "boolean" }, mode: { dtype: "string" }, spectrum: { dtype: "array", shape: [3] } },
        { motors: ["motor"], detectors: ["det"], hints: { dimensions: [[["motor"], "primary"]] }, num_points: 31 },
      );
      const rows = peakRows().map((row, i) => ({
        ...row,
        on: i > 3,
        mode: "pid",
        spectrum: Float64Array.of(i, Number.NaN, 3),
      }));
      void play(files.receive, run, rows);
      const reported = JSON.parse(await runPython("test/peers/bluesky/consume.py", [files.lastPath ?? ""])) as Record<
        string,
        unknown
      >;
      expect(reported.peaks).to.deep.include({ det: 12.5 });
      expect(reported).to.deep.include({ valid: 34, rows: 31, nan: ["spectrum"] });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }).timeout(60_000);
});
