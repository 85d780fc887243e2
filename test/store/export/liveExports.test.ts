/** Exports of runs that go on or were killed, and exports of each run at its end. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { $display, type MimeBundle } from "../../../lib/display/mimeBundle";
import { createRunEngine } from "../../../lib/index";
import { count, scan, triggerAndRead } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { openRuns } from "../../../lib/store/openRuns";
import { repository, runPython } from "../../peers/peers";
import { testRun } from "../../support/runDocuments";

const ENDINGS = ["parquet", "arrow", "csv", "json", "nxs"] as const;

describe("exports while runs are made", function () {
  this.timeout(120_000);
  let dir: string;
  const warned: string[] = [];
  const { warn } = console;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "live-"));
    warned.length = 0;
    console.warn = (text: string) => void warned.push(text);
  });

  afterEach(() => {
    console.warn = warn;
    rmSync(dir, { recursive: true, force: true });
  });

  /** Begins a run and measures three values; `stop` ends it. */
  const begin = () => {
    const files = new RunFiles(join(dir, "runs"));
    const run = testRun({ det: { units: "counts" } });
    files.receive("start", run.start);
    files.receive("descriptor", run.descriptor);
    const measure = (n: number) => files.receive("event", run.event(n, { det: n / 2 }));
    for (const n of [1, 2, 3]) measure(n);
    return { run, measure, stop: () => files.receive("stop", run.stop()) };
  };

  it("have what there is so far in valid files of each format that say the run is unfinished, and all of it later", async () => {
    const { run, measure, stop } = begin();
    const going = openRuns(join(dir, "runs")).get(-1);
    for (const ending of ENDINGS) await going.export(join(dir, `run.${ending}`));
    const uid = run.start.uid.slice(0, 8);
    expect(new Set(warned)).to.deep.equal(new Set([`run ${uid} has not ended: its export has what there is so far`]));
    expect(warned).to.have.length(ENDINGS.length);
    const sofar = [[0.5, 1, 1.5], "unfinished"];
    const found = JSON.parse(await runPython("test/peers/keeping/readUnfinished.py", [dir])) as object;
    expect(found).to.deep.equal({
      ...Object.fromEntries(["parquet", "arrow", "csv", "json", "nexus"].map((name) => [name, sofar])),
      has_end: false,
      valid: true,
    });
    expect((await going.export(join(dir, "run.png")))[0]).to.satisfy(existsSync);
    measure(4);
    stop();
    warned.length = 0;
    await going.export(join(dir, "run.json"));
    const { exit_status, streams } = JSON.parse(readFileSync(join(dir, "run.json"), "utf8"));
    expect([exit_status, streams.primary.data.det]).to.deep.equal(["success", [0.5, 1, 1.5, 2]]);
    expect(warned).to.deep.equal([]);
  });

  it("have all whole lines of a run whose process was killed in the middle of one, also by secop-lab export", async () => {
    begin();
    const { path } = openRuns(join(dir, "runs")).get(-1);
    appendFileSync(path, '{"name":"event","doc":{"seq_num":4,"data":{"det":');
    const args = ["export", "-1", "--dir", join(dir, "runs"), "--to", join(dir, "run.csv")];
    const child = spawn(process.execPath, [join(repository, "dist/kernel/main.js"), ...args]);
    const printed = { out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed.out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      printed.err += text;
    });
    const [code] = (await once(child, "close")) as [number];
    expect(code, printed.err).to.equal(0);
    expect(printed.out.trim().split("\n")).to.deep.equal([join(dir, "run.csv"), join(dir, "run.csv-metadata.json")]);
    expect(printed.err).to.match(/^run \w{8} has not ended: its export has what there is so far\n$/);
    expect(readFileSync(join(dir, "run.csv"), "utf8").trim().split("\n")).to.have.length(4);
    const bare = testRun({});
    new RunFiles(join(dir, "bare")).receive("start", bare.start);
    const begun = openRuns(join(dir, "bare")).get(-1);
    for (const ending of ["json", "nxs"]) expect(await begun.export(join(dir, `bare.${ending}`))).to.have.length(1);
    const message = await begun.export(join(dir, "bare.csv")).then(String, (error: Error) => error.message);
    expect(message).to.equal(`run ${bare.start.uid.slice(0, 8)} has no data to export`);
  });

  it("of several runs leave out those without such data, and say which", async () => {
    const runs = join(dir, "mixed");
    const RE = createRunEngine({ live: false, dir: runs });
    const motor = new SimMotor("motor");
    const det = new SimDetector("det", { motor });
    const failing = new SimDetector("broken");
    failing.trigger = () => {
      throw new Error("broken");
    };
    await RE(scan([det], motor, 0, 2, 3));
    await RE(count([failing], 2)).catch(() => {});
    await RE(count([det], 2, 0, { perShot: (detectors) => triggerAndRead(detectors, "shots") }));
    const [, failed] = openRuns(runs).find({ sort: "oldest" });
    for (const ending of ["csv", "png"]) {
      warned.length = 0;
      const files = await openRuns(runs)
        .find()
        .export(join(dir, `{scan_id}.${ending}`));
      expect(files.filter((file) => file.endsWith(ending)).sort()).to.deep.equal([
        join(dir, `1.${ending}`),
        join(dir, `3.${ending}`),
      ]);
      expect(warned).to.have.length(1);
      expect(warned[0]).to.match(
        new RegExp(`^run ${failed?.uid.slice(0, 8)} is left out: .*(no data|nothing to plot)`),
      );
    }
    const none = openRuns(runs).find({ status: "fail" }).export(join(dir, "{scan_id}.csv"));
    expect(await none.then(String, (error: Error) => error.message)).to.contain("has no data to export");
    const { "text/plain": listed } = openRuns(runs)[$display]() as MimeBundle;
    expect(listed).to.match(/3 {2}\S+ +success .* count +det +2 /);
  });

  it("are made at the end of each run by createRunEngine({ export }), when RE has resolved; a failed run too", async () => {
    const out = join(dir, "out");
    const RE = createRunEngine({
      live: false,
      dir: join(dir, "runs"),
      export: [join(out, "{plan}-{scan_id}.csv"), { path: join(out, "{sample}", "run.json"), stream: "primary" }],
    });
    const motor = new SimMotor("motor");
    await RE(scan([new SimDetector("det", { motor })], motor, 0, 2, 3), { sample: "../Größe" });
    const failing = new SimDetector("det");
    failing.trigger = () => {
      throw new Error("broken");
    };
    await RE(count([failing], 2), { sample: "Pt" }).catch(() => {});
    const uids = openRuns(join(dir, "runs"))
      .find({ sort: "oldest" })
      .map(({ uid }) => uid.slice(0, 8));
    const names = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((name) => /\.\w+$/.test(name));
    expect(names.sort()).to.deep.equal(
      [`Pt/run-2-${uids[1]}.json`, `___Größe/run-1-${uids[0]}.json`, "scan-1.csv", "scan-1.csv-metadata.json"].sort(),
    );
    const failed = JSON.parse(readFileSync(join(out, "Pt", `run-2-${uids[1]}.json`), "utf8")) as {
      exit_status: string;
    };
    expect(failed.exit_status).to.equal("fail");
    expect(warned).to.deep.equal([
      `run ${uids[1]} is not exported to ${join(out, "{plan}-{scan_id}.csv")}: run ${uids[1]} has no data to export (the run itself is kept)`,
    ]);
  });

  it("that fail are said in a line, and the runs go on and are kept; what can never work is refused at once", async () => {
    const RE = createRunEngine({ live: false, dir: join(dir, "runs"), export: join(dir, "full", "{uid}.csv") });
    appendFileSync(join(dir, "full"), "a file where the folder should be");
    const result = await RE(count([new SimDetector("det")], 2));
    expect(result.table().length).to.equal(2);
    expect(warned).to.have.length(1);
    expect(warned[0]).to.match(
      /^run \w{8} is not exported to .*: cannot write .*a file stands where a folder should be \(the run itself is kept\)$/,
    );
    const make = (options: object) => () => createRunEngine({ live: false, dir: join(dir, "runs"), ...options });
    expect(make({ export: "run.xyz" })).to.throw('the ending of "run.xyz" names no format');
    expect(make({ export: "{plan/x.csv}" })).to.throw("names no format");
    expect(make({ export: "../{..}/../x.csv" })).to.throw("has an empty part, or one of dots only");
    expect(make({ export: { path: "x.csv", steam: "a" } })).to.throw("no option steam (stream?)");
    expect(make({ export: "x.csv", store: false })).to.throw("runs are exported from their files");
  });

  it("of a list get names of their own where a template gives two runs the same name", async () => {
    begin().stop();
    begin().stop();
    const paths = await openRuns(join(dir, "runs")).find({}).export(join(dir, "{plan}.json"));
    expect(new Set(paths).size).to.equal(2);
    for (const path of paths) expect(path).to.match(/scan-12-\w{8}\.json$/);
  });
});
