import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { $display } from "../../../lib/display/mimeBundle";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { ScanIds } from "../../../lib/store/files/scanIds";
import { openRuns } from "../../../lib/store/openRuns";
import { RunFolder } from "../../../lib/store/search/runFolder";
import { secondsOf } from "../../../lib/store/search/runQuery";
import { repository, runProgram } from "../../peers/peers";
import { peakRows, play, testRun } from "../../support/runDocuments";

const keys = { motor: { units: "K" }, det: { units: "counts/s" } };
const now = Date.now() / 1000;
const DAY = 86_400;

describe("the runs of a folder", () => {
  let dir: string;
  let files: RunFiles;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "runs-"));
    files = new RunFiles(dir);
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const make = (scan_id: number, md: object = {}) => {
    const run = testRun(keys, { scan_id, time: now - (100 - scan_id) * DAY, ...md });
    void play(files.receive, run, peakRows());
    return run;
  };

  it("are found by what one remembers of them", () => {
    make(1, { sample: "Pt foil", motors: ["x"], operator: { name: "Ada" } });
    make(2, { plan_name: "count", sample: { name: "Pt(111)", formula: "Pt" } });
    const third = make(3, { sample: "Ni foil", motors: ["x", "y"], temperature: 7 });
    const open = testRun(keys, { scan_id: 4, time: now, uid: "b561-open" });
    files.receive("start", open.start);
    const runs = openRuns(dir);
    const ids = (query: Parameters<typeof runs.find>[0]) => runs.find(query).map(({ scanId }) => scanId);
    expect(ids({})).to.deep.equal([4, 3, 2, 1]);
    expect(ids({ plan: "scan" })).to.deep.equal([4, 3, 1]);
    expect(ids({ plan: /^c/ })).to.deep.equal([2]);
    expect(ids({ sample: /Pt/ })).to.deep.equal([2, 1]);
    expect(ids({ sample: "Pt(111)" })).to.deep.equal([2]);
    expect(ids({ "sample.formula": "Pt" })).to.deep.equal([2]);
    expect(ids({ "operator.name": "Ada" })).to.deep.equal([1]);
    expect(ids({ motors: "x" })).to.deep.equal([3, 1]);
    expect(ids({ motors: ["x", "y"] })).to.deep.equal([3]);
    expect(ids({ temperature: (value: unknown) => Number(value) > 5 })).to.deep.equal([3]);
    expect(ids({ uid: "b561" })).to.deep.equal([4]);
    expect(ids({ uid: third.start.uid.slice(0, 12) })).to.deep.equal([3]);
    expect(ids({ text: "FOIL ni" })).to.deep.equal([3]);
    expect(ids({ status: "unfinished" })).to.deep.equal([4]);
    expect(ids({ status: "success", limit: 2 })).to.deep.equal([3, 2]);
    expect(ids({ limit: 2, offset: 1 })).to.deep.equal([3, 2]);
    expect(ids({ sort: "oldest", limit: 1 })).to.deep.equal([1]);
    expect(ids({ sort: "plan_name" })).to.deep.equal([2, 4, 3, 1]);
    expect(ids({ since: "yesterday" })).to.deep.equal([4]);
    expect(ids({ since: new Date((now - 97.5 * DAY) * 1000), until: "yesterday" })).to.deep.equal([3]);
    expect(ids({ nothing: undefined })).to.deep.equal([4, 3, 2, 1]);
    expect(ids({ constructor: "x" })).to.deep.equal([]);
    expect(() => runs.find({ since: "some day" })).to.throw('"some day" is not a time'.replaceAll('"', "'"));
    expect(() => runs.find({ limit: -1 })).to.throw("limit is a number, not -1");
    expect(String(runs.find({ plan: "count" })[$display]()["text/plain"])).to.match(/^Found · 1 run\n/);
  });

  it("are found with integers of any size and accents of any form, and an unknown status or key to sort by is reported", () => {
    make(1, { sample: "Größe".normalize("NFD"), big: 2n ** 70n, nested: { big: 2n ** 60n + 1n } });
    make(2, { sample: "Größe", big: 2 ** 40 });
    const runs = openRuns(dir);
    const ids = (query: Parameters<typeof runs.find>[0]) => runs.find(query).map(({ scanId }) => scanId);
    expect(ids({ big: 2n ** 70n })).to.deep.equal([1]);
    expect(ids({ big: 2n ** 40n })).to.deep.equal([2]);
    expect(ids({ "nested.big": 2n ** 60n + 1n })).to.deep.equal([1]);
    expect(ids({ sample: "Größe" })).to.deep.equal([2, 1]);
    expect(ids({ text: "größe".normalize("NFD") })).to.deep.equal([2, 1]);
    expect(ids({ sort: "big" })).to.deep.equal([2, 1]);
    expect(() => ids({ sort: "newst" })).to.throw("no run found has newst: sort by newest, oldest or a key");
    expect(() => ids({ status: "sucess" })).to.throw('no run ends with "sucess" (success?): use success, abort, fail');
    expect(() => runs.get("")).to.throw("no run with an empty uid among the 2");
  });

  it("say in the display of an empty list which key no run has, and which one was probably meant", () => {
    const empty = openRuns(dir).find({ sampel: "A" });
    expect(String(empty[$display]()["text/plain"])).to.contain("no run fits");
    make(1, { sample: { name: "Pt(111)" }, temperature: 7 });
    make(2);
    const runs = openRuns(dir);
    const shown = (query: Parameters<typeof runs.find>[0]) => {
      const found = runs.find(query);
      expect(found).to.have.lengthOf(0);
      return String(found[$display]()["text/plain"]).split("\n").at(-1);
    };
    expect(shown({ sampel: "A" })).to.equal("no run has the key sampel; did you mean sample?");
    expect(shown({ plan: "scan", temprature: 7 })).to.equal("no run has the key temprature; did you mean temperature?");
    expect(shown({ "sampel.name": /Pt/ })).to.equal("no run has the key sampel.name; did you mean sample.name?");
    expect(shown({ proposal_number: 5 })).to.equal("no run has the key proposal_number");
    expect(shown({ sample: "A" })).to.equal("no run fits");
    expect(shown({ temperature: 8, plan: undefined })).to.equal("no run fits");
    expect(String(runs.find({ plan: "scan" })[$display]()["text/plain"])).to.not.contain("no run");
  });

  it("are counted from the end, and appear while a list is open", () => {
    const runs = openRuns(dir);
    expect(() => runs.latest()).to.throw("there are no runs in");
    make(1);
    expect(runs.latest().scanId).to.equal(1);
    make(2);
    expect(runs.get(-1).scanId).to.equal(2);
    expect(runs.get(-2).scanId).to.equal(1);
    expect(runs.get(1).scanId).to.equal(1);
    expect(() => runs.get(-3)).to.throw(`no run at -3 among the 2 in ${dir}`);
    const open = testRun(keys, { scan_id: 3, time: now });
    files.receive("start", open.start);
    const run = runs.get(-1);
    expect([run.scanId, run.stop]).to.deep.equal([3, undefined]);
    files.receive("stop", open.stop());
    expect(run.stop?.exit_status).to.equal("success");
    expect(runs.get(-1).stop?.exit_status).to.equal("success");
    rmSync(run.path);
    expect(runs.get(-1).scanId).to.equal(2);
  });

  it("have an index that is made again by itself when it does not fit", () => {
    for (const scan_id of [1, 2, 3]) make(scan_id);
    const again = () => new RunFolder(dir).runs().map(({ start: { scan_id } }) => scan_id);
    expect(again()).to.deep.equal([3, 2, 1]);
    const path = join(dir, ".index.jsonl");
    const good = readFileSync(path, "utf8");
    expect(good.trimEnd().split("\n")).to.have.length(3);
    for (const text of ["", "garbage\n", good.slice(0, -20), good.replaceAll('"v":1', '"v":99'), `${good}{"v":1}\n`]) {
      writeFileSync(path, text);
      expect(again()).to.deep.equal([3, 2, 1]);
      expect(readFileSync(path, "utf8").trimEnd().split("\n").sort()).to.deep.equal(good.trimEnd().split("\n").sort());
    }
    rmSync(path);
    expect(again()).to.deep.equal([3, 2, 1]);
    const run = openRuns(dir).get(2);
    appendFileSync(run.path, "more\n");
    rmSync(openRuns(dir).get(1).path);
    expect(again()).to.deep.equal([3, 2]);
  });

  it("are followed when folders are renamed or deleted", () => {
    make(1);
    mkdirSync(join(dir, "deep", "er"), { recursive: true });
    const deep = new RunFiles(join(dir, "deep", "er"), { fileName: "{scan_id}" });
    void play(deep.receive, testRun(keys, { scan_id: 9, time: now }), peakRows());
    const runs = openRuns(dir);
    expect(runs.find().map(({ scanId }) => scanId)).to.deep.equal([9, 1]);
    rmSync(join(dir, "deep"), { recursive: true });
    expect(runs.find().map(({ scanId }) => scanId)).to.deep.equal([1]);
  });

  it("number themselves over restarts and over processes that run at the same time", async () => {
    const ids = () => new ScanIds(dir, () => 41);
    const first = ids();
    expect([first.next({}), first.next({ scan_id: 42 })]).to.deep.equal([42, 43]);
    expect(ids().next({})).to.equal(44);
    const chosen = ids();
    expect(chosen.next({ scan_id: 100 })).to.equal(101);
    expect(chosen.next({ scan_id: 6 })).to.equal(7);
    expect(chosen.next({ scan_id: 7 })).to.equal(8);
    const script = `
      const { ScanIds } = require("./lib/store/files/scanIds.ts");
      const ids = new ScanIds(process.argv[1], () => 0);
      let md = {};
      const all = [];
      for (let i = 0; i < 200; i++) { md = { scan_id: ids.next(md) }; all.push(md.scan_id); }
      console.log(JSON.stringify(all));`;
    const child = () => runProgram(process.execPath, ["--import", "tsx", "-e", script, dir], { cwd: repository });
    const results = await Promise.all([child(), child()]);
    const all = results.flatMap(({ stdout }) => JSON.parse(stdout) as number[]);
    expect(new Set(all).size).to.equal(400);
    // A process that stood still for more than 64 runs of the other one skips a number rather than give one
    // twice.
    expect(Math.max(...all)).to.be.within(408, 428);
  }).timeout(30_000);
});

describe("words for times", () => {
  it("are understood", () => {
    const midnight = new Date().setHours(0, 0, 0, 0) / 1000;
    const close = (text: string, ago: number) =>
      expect(secondsOf(text, false)).to.be.closeTo(Date.now() / 1000 - ago, 2);
    expect(secondsOf("today", false)).to.equal(midnight);
    expect(secondsOf("Yesterday", false)).to.be.closeTo(midnight - DAY, 3700);
    close("2 h ago", 7200);
    close("90 minutes", 5400);
    close("3 days ago", 3 * DAY);
    close("10s", 10);
    close("1 week ago", 7 * DAY);
    expect(secondsOf("2026-09-01", false)).to.equal(new Date(2026, 8, 1).getTime() / 1000);
    expect(secondsOf("2026-09-01", true)).to.equal(new Date(2026, 8, 1).getTime() / 1000 + DAY - 0.001);
    expect(secondsOf("2026-09-01 14:30", true)).to.equal(new Date(2026, 8, 1, 14, 30).getTime() / 1000);
    expect(secondsOf("2026-09-01T14:30:00Z", false)).to.equal(Date.UTC(2026, 8, 1, 14, 30) / 1000);
    expect(secondsOf(1795000000, false)).to.equal(1795000000);
    for (const wrong of ["", "soon", null, {}, Number.NaN, "5 parsecs"])
      expect(() => secondsOf(wrong, false)).to.throw("is not a time");
  });
});
