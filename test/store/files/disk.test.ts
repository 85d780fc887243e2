import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { errorText } from "../../../lib/errors";
import { createRunEngine } from "../../../lib/notebook";
import { count } from "../../../lib/plans";
import { fileNameOf } from "../../../lib/store/files/fileName";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { folder } from "../../../lib/store/folderStore";
import { openRuns } from "../../../lib/store/openRuns";
import { runProgram } from "../../peers/peers";
import { play, testRun } from "../../support/runDocuments";
import { Sensor } from "../../support/softDevices";
import { until } from "../../support/until";

const keys = { det: {} };

/** A small disk in memory, which only the superuser can make. */
class SmallDisk {
  readonly path = mkdtempSync(join(tmpdir(), "disk-"));

  async mount(options: string): Promise<void> {
    const { code, stderr } = await runProgram("mount", ["-t", "tmpfs", "-o", options, "tmpfs", this.path]);
    if (code !== 0) throw new Error(stderr);
  }

  async remount(options: string): Promise<void> {
    await runProgram("mount", ["-o", `remount,${options}`, this.path]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await runProgram("umount", [this.path]);
    rmSync(this.path, { recursive: true, force: true });
  }
}

describe("RunFiles on a disk that refuses", () => {
  let dir: string;
  let said: string[];
  const failed = (problem: string) => void said.push(problem);

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "runs-"));
    said = [];
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("makes a file again that was deleted, with all that was written before", async () => {
    const files = new RunFiles(join(dir, "runs"), { failed });
    const run = testRun(keys);
    files.receive("start", run.start);
    files.receive("descriptor", run.descriptor);
    files.receive("event", run.event(1, { det: 1 }));
    rmSync(join(dir, "runs"), { recursive: true });
    files.receive("event", run.event(2, { det: 2 }));
    files.receive("stop", run.stop());
    expect(said).to.deep.equal([]);
    const kept = openRuns(join(dir, "runs")).latest();
    expect((await kept.table()).column("det")).to.deep.equal([1, 2]);
    expect(kept.stop?.exit_status).to.equal("success");
  });

  it("goes on in a folder that was moved", async () => {
    const files = new RunFiles(join(dir, "runs"), { failed });
    const run = testRun(keys);
    files.receive("start", run.start);
    files.receive("descriptor", run.descriptor);
    renameSync(join(dir, "runs"), join(dir, "moved"));
    files.receive("event", run.event(1, { det: 1 }));
    files.receive("stop", run.stop());
    expect((await openRuns(join(dir, "moved")).latest().table()).column("det")).to.deep.equal([1]);
  });

  it("keeps a run in memory while its folder cannot be made, and writes it as soon as it can", async () => {
    const place = join(dir, "place");
    writeFileSync(place, "");
    const files = new RunFiles(place, { failed });
    void play(files.receive, testRun(keys), [{ det: 1 }, { det: 2 }]);
    expect(said).to.have.length(1);
    // Node 20 and Node 24 have other codes for it.
    expect(said[0]).to.match(/E(NOTDIR|EXIST), a file stands where a folder should be; its documents wait/);
    rmSync(place);
    await until(() => files.problem === undefined);
    expect((await openRuns(place).latest().table()).column("det")).to.deep.equal([1, 2]);
    expect(readFileSync(openRuns(place).latest().path, "utf8").trimEnd().split("\n")).to.have.length(5);
  });

  // Only the superuser can make a disk.
  if (process.getuid?.() === 0) {
    it("says that a disk is read-only, and writes when it is not any more", async () => {
      await using disk = new SmallDisk();
      await disk.mount("size=1m,ro");
      const files = new RunFiles(join(disk.path, "runs"), { failed });
      void play(files.receive, testRun(keys), [{ det: 1 }]);
      expect(said).to.have.length(1);
      expect(said[0]).to.match(/no file could be made in .* \(the run goes on\): EROFS, the disk is read-only/);
      await disk.remount("rw");
      await until(() => files.problem === undefined);
      expect((await openRuns(join(disk.path, "runs")).latest().table()).column("det")).to.deep.equal([1]);
    });

    it("says once that a disk is full, and completes the file without a gap when there is room", async () => {
      await using disk = new SmallDisk();
      await disk.mount("size=256k");
      writeFileSync(join(disk.path, "ballast"), Buffer.alloc(200_000));
      const files = new RunFiles(join(disk.path, "runs"), { failed });
      const rows = Array.from({ length: 2000 }, (_, det) => ({ det }));
      void play(files.receive, testRun(keys), rows);
      expect(said).to.have.length(1);
      expect(said[0]).to.match(/could not be written \(the run goes on\): ENOSPC, the disk is full/);
      const run = openRuns(join(disk.path, "runs")).latest();
      expect(run.stop).to.equal(undefined);
      expect((await run.table()).length).to.be.within(10, 1999);
      await disk.remount("size=8m");
      await until(() => files.problem === undefined);
      const table = await openRuns(join(disk.path, "runs")).latest().table();
      expect(table.column("det")).to.deep.equal(rows.map(({ det }) => det));
      expect(table.remarks).to.deep.equal([]);
    });
  }

  it("pauses the plan if it is asked to, and goes on after resume when the disk takes documents", async () => {
    const place = join(dir, "place");
    writeFileSync(place, "");
    const notices: string[] = [];
    const store = folder(place, { onFailure: "pause", failed });
    const RE = createRunEngine({ live: false, store, notify: ({ text }) => void notices.push(text ?? "") });
    const handle = RE(count([new Sensor("det")], 3));
    await until(() => RE.state === "paused");
    expect(said[0]).to.contain("(the plan is paused)");
    RE.resume();
    await until(() => said.length === 2 && RE.state === "paused");
    rmSync(place);
    RE.resume();
    expect((await handle).exitStatus).to.equal("success");
    const kept = openRuns(place).latest();
    expect((await kept.table()).length).to.equal(3);
    expect(kept.stop?.exit_status).to.equal("success");
  });

  it("fails the plan if it is asked to, with its reason, after the plan has cleaned up", async () => {
    const place = join(dir, "place");
    writeFileSync(place, "");
    const RE = createRunEngine({ live: false, store: folder(place, { onFailure: "fail", failed }) });
    let message = "";
    await RE(count([new Sensor("det")], 3)).catch((error: unknown) => {
      message = errorText(error);
    });
    expect(message).to.match(/^run \w{8} is not kept: .*\(the plan fails\): E(NOTDIR|EXIST), a file stands where/);
    expect(RE.state).to.equal("idle");
    rmSync(place);
    await until(() => readdirSync(dir).length > 0);
    expect(openRuns(place).latest().stop?.exit_status).to.equal("fail");
  });

  it("refuses an unknown policy and a template that leaves the folder", () => {
    expect(() => new RunFiles(dir, { onFailure: "panic" as "warn" })).to.throw(
      'onFailure is warn, pause, fail, not "panic"',
    );
    for (const fileName of ["../{uid}", "{uid", "/{uid}", "a//b", "", "a\\b", "."])
      expect(() => new RunFiles(dir, { fileName }), fileName).to.throw("the file name");
  });
});

describe("the names of run files", () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "runs-"));
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const nameOf = (fileName: string, md: object) => {
    const files = new RunFiles(dir, { fileName });
    const run = testRun(keys, md);
    void play(files.receive, run, [{ det: 1 }]);
    return files.lastPath?.slice(dir.length + 1);
  };

  it("follow a template of the user", () => {
    const md = { proposal: "2026-117", sample: { name: "Pt/Al₂O₃ (3)" }, scan_id: 7 };
    expect(nameOf("{proposal}/{sample}/{plan}-{scan_id}", md)).to.equal("2026-117/Pt_Al₂O₃__3_/scan-7.jsonl");
    expect(nameOf("{sample.name}-{date}", md)).to.match(/^Pt_Al₂O₃__3_-2026-11-1\d\.jsonl$/);
    expect(nameOf("{nothing}/{uid}", { uid: "abc" })).to.equal("_/abc.jsonl");
  });

  it("have nothing in them that is no metadata, such as members that all objects have", () => {
    const { start } = testRun({ det: {} }, { uid: "0123456789", plan_name: "scan" });
    expect(fileNameOf("{constructor}{toString}{__proto__}-{uid8}", start)).to.equal("___-01234567");
  });

  it("are safe whatever the metadata say, and every run is found", () => {
    const evil = [
      "../../etc/passwd",
      "..",
      "",
      "/",
      "\0",
      "con",
      "a\nb",
      "x".repeat(5000),
      "ä".repeat(300),
      ".hidden",
      "🚀".repeat(99),
      "\ud800",
      5,
      null,
      [],
      { name: ".." },
      Number.NaN,
      "a:b",
      "-rf",
      " ",
    ];
    for (const [i, sample] of evil.entries()) {
      const path = nameOf("{sample}/{sample}-{scan_id}", { sample, scan_id: i });
      expect(path, String(sample)).to.match(/^[^/.][^/]*\/[^/.][^/]*\.jsonl$/);
    }
    expect(openRuns(dir).length).to.equal(evil.length);
    expect(openRuns(dir).problems).to.deep.equal([]);
  });

  it("are valid for clocks that jump or are not numbers", () => {
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY, -1e12, 1e15, 0, 1795000000]) {
      const files = new RunFiles(dir);
      const run = testRun(keys, { time });
      files.receive("start", run.start);
      files.receive("stop", { ...run.stop(), run_start: run.start.uid, time: Number.NaN });
      expect(files.lastPath?.slice(dir.length)).to.match(/^\/(1970|20\d\d)\/\d\d\/\d\d\/\d{6}-12-\w{8}(-\d)?\.jsonl$/);
    }
    expect(openRuns(dir).length).to.equal(6);
    mkdirSync(join(dir, "empty"));
    expect(openRuns(dir).list()).to.have.length(6);
  });
});
