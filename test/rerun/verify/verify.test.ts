/**
 * `secop-lab verify`: the same notebook is the same; an edited one, and one with a changed node, differ with
 * the reason.
 */

import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { descriptionDifferences, readRecording, runDifferences, verifyHtml, verifyText } from "../../../lib/rerun";
import { noiseOf } from "../../../lib/rerun/format/noise";
import { columnTolerance } from "../../../lib/rerun/verify/tolerance";
import { simulate } from "../../../lib/sim/simulate";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { repository, runProgram } from "../../peers/peers";
import { freePort } from "../../support/freePort";
import { documentsIn } from "../sameDocuments";

const MAIN = join(repository, "dist/kernel/main.js");

describe("secop-lab verify", function () {
  this.timeout(300_000);
  let folder: string;
  let port: number;

  const secopLab = (...args: string[]) => runProgram(process.execPath, [MAIN, ...args], { cwd: folder, timeout: 200 });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "verify-"));
    port = await freePort();
    const notebook = readFileSync(join(repository, "notebooks/06-again.ipynb"), "utf8");
    writeFileSync(join(folder, "again.ipynb"), notebook.replace("localhost:10767", `localhost:${port}`));
    const node = await startSimNode({ port, speed: 100 });
    try {
      const { code, stdout, stderr } = await secopLab("run", "again.ipynb", "--record");
      expect(code, stdout + stderr).to.equal(0);
    } finally {
      await node.close();
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  it("has the marks of cells, runs, events and pauses at their places in the recording", () => {
    const { lines, start } = readRecording(join(folder, "again.rec"));
    const marks = lines.filter(({ sign }) => sign === "*").map(({ text }) => text);
    const { cells } = JSON.parse(readFileSync(join(folder, "again.ipynb"), "utf8"));
    const code = cells.filter(({ cell_type }: { cell_type: string }) => cell_type === "code");
    const hashes = code.map(({ source }: { source: string[] }) =>
      createHash("sha256").update(source.join("")).digest("hex").slice(0, 8),
    );
    expect(marks.filter((text) => /^(?:cell|end) /.test(text))).to.deep.equal(
      hashes.flatMap((hash: string, i: number) => [`cell ${i + 1} ${hash}`, `end ${i + 1}`]),
    );
    // The times of runs and events in the recording are those of their documents.
    const documents = documentsIn(join(folder, "runs"));
    for (const kind of ["start", "event", "stop"]) {
      const times = documents.filter(([name]) => name === kind).map(([, doc]) => (doc as { time: number }).time);
      const marked = marks.filter((text) => text.startsWith(`${kind} `)).map((text) => Number(text.split(" @ ")[1]));
      expect(times.length).to.be.at.least(2);
      expect(marked.map((at) => Math.round(1000 * (start + at)))).to.deep.equal(
        times.map((time) => Math.round(1000 * time)),
      );
    }
    const scan = lines.findIndex(({ text }) => text.startsWith("start @ "));
    const cell = lines.findIndex(({ text }) => text === `cell 3 ${hashes[2]}`);
    expect(cell).to.be.within(0, scan);
    expect(marks.filter((text) => text === "woke").length).to.be.greaterThan(3);
  });

  it("finds the data of a replay equal to those that were measured", async () => {
    const { code, stdout } = await secopLab("verify", "again.ipynb");
    expect(stdout).to.equal("SAME: cells, nodes and runs\n");
    expect(code).to.equal(0);
  });

  it("reads a packed recording beside the notebook, and says which file is missing", async () => {
    cpSync(join(folder, "again.ipynb"), join(folder, "packed.ipynb"));
    const missing = await secopLab("verify", "packed.ipynb");
    expect(missing.stderr).to.contain(`there is no recording ${join(folder, "packed.rec")}: make one by`);
    expect(missing.code).to.equal(2);
    const run = await secopLab("run", "packed.ipynb", "--replay");
    expect([run.stderr, run.code]).to.deep.equal([
      `secop-lab: there is no recording ${join(folder, "packed.rec")}: make one by  secop-lab run packed.ipynb --record  or name it: --replay FILE\n`,
      1,
    ]);
    writeFileSync(join(folder, "packed.rec.gz"), gzipSync(readFileSync(join(folder, "again.rec"))));
    const { code, stdout } = await secopLab("verify", "packed.ipynb");
    expect([stdout, code]).to.deep.equal(["SAME: cells, nodes and runs\n", 0]);
    const { stderr } = await secopLab("replay", "nosuch.rec");
    expect(stderr).to.equal("secop-lab: cannot read the recording nosuch.rec: there is no such file\n");
  });

  it("ends secop-lab replay if the port of a later node is taken", async () => {
    const lines = readFileSync(join(folder, "again.rec"), "utf8").split("\n");
    const first = lines.findIndex((line) => /^ +[\d.]+ 1 \+ /.test(line));
    lines.splice(first + 1, 0, `${(lines[first] ?? "").split(" 1 + ")[0]} 99 + another:10767`);
    writeFileSync(join(folder, "two.rec"), lines.join("\n"));
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port: second } = taken.address() as AddressInfo;
    try {
      const { code, stderr } = await secopLab("replay", "two.rec", "--port", String(second - 1));
      expect([code, stderr]).to.deep.equal([1, `secop-lab: port ${second} is taken by another program\n`]);
    } finally {
      taken.close();
    }
  });

  it("names outputs that changed because a module did, versions, and other streams and columns of the runs", async () => {
    const notebook = JSON.parse(readFileSync(join(folder, "again.ipynb"), "utf8"));
    const cell = (source: string) => ({
      cell_type: "code",
      id: `c${source.length}`,
      metadata: {},
      outputs: [],
      execution_count: null,
      source,
    });
    const cells = [
      `%connect localhost:${port} as lab`,
      'import { createRunEngine, count } from "secop-lab";\nimport { scaled } from "./scale";\nconst RE = createRunEngine({ live: false, store: "runs" });',
      "const run = await RE(count([lab.cryo], 2)); console.log(`run ${run.start.uid.slice(0, 8)}`);",
      "scaled(run.table().length)",
    ];
    writeFileSync(join(folder, "module.ipynb"), JSON.stringify({ ...notebook, cells: cells.map(cell) }));
    const scale = (factor: number) =>
      writeFileSync(join(folder, "scale.ts"), `export const scaled = (n: number) => \`\${${factor} * n} points\`;\n`);
    scale(1);
    const node = await startSimNode({ port, speed: 100 });
    const measured = await secopLab("run", "module.ipynb", "--record").finally(() => node.close());
    expect(measured.code, measured.stdout + measured.stderr).to.equal(0);
    expect((await secopLab("verify", "module.ipynb")).stdout).to.equal("SAME: cells, nodes and runs\n");
    scale(3);
    const { code, stdout } = await secopLab(
      "verify",
      "module.ipynb",
      "--json",
      "outputs.json",
      "--html",
      "outputs.html",
    );
    expect([code, stdout]).to.deep.equal([
      1,
      "DIFFERS: the outputs differ\n  cell 4: \"'2 points'\" then, \"'6 points'\" now\n",
    ]);
    expect(JSON.parse(readFileSync(join(folder, "outputs.json"), "utf8"))).to.deep.equal({
      same: false,
      cells: [],
      nodes: [],
      failures: [],
      runs: [],
      outputs: ["cell 4: \"'2 points'\" then, \"'6 points'\" now"],
      versions: [],
    });
    // A measurement with another version of Node, of which the columns and the streams were others.
    scale(1);
    const file = readdirSync(join(folder, "runs"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => join(folder, "runs", name))
      .find((name) => readFileSync(name, "utf8").includes('"plan_name":"count"')) as string;
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      text
        .replace(/"node":"[\d.]+"/, '"node":"18.0.0"')
        .replace('"units":"K"', '"units":"mK"')
        .replace('"name":"primary"', '"name":"first"'),
    );
    const structure = await secopLab("verify", "module.ipynb");
    writeFileSync(file, text);
    expect(structure.code).to.equal(1);
    expect(structure.stdout).to.match(
      /^DIFFERS: the data differ\n {2}run 1 \(count\), first: is gone\n {2}run 1 \(count\), primary: is new\n {2}node 18\.0\.0 then, [\d.]+ now\n$/,
    );
    const unit = text.replace('"units":"K"', '"units":"mK"').replace(/("lab-cryo-value":)(\d)/, "$19$2");
    writeFileSync(file, unit);
    const column = await secopLab("verify", "module.ipynb", "--tolerance", "lab-cryo-value=0.5");
    writeFileSync(file, text);
    expect(column.stdout).to.match(
      /^DIFFERS: the data differ\n {2}run 1 \(count\), primary, lab-cryo-value: units "mK" then, "K" now\n.*lab-cryo-value: 1 of 2 points is off by more than 0\.5 mK; the worst is point 1: /,
    );
  });

  it("names the cell that was edited, and what the recording cannot answer", async () => {
    const notebook = readFileSync(join(folder, "again.ipynb"), "utf8");
    writeFileSync(join(folder, "edited.ipynb"), notebook.replace("lab.cryo, 6, 10, 5", "lab.cryo, 6, 12, 4"));
    const { code, stdout } = await secopLab("verify", "edited.ipynb", "--replay", "again.rec");
    expect(code).to.equal(1);
    const [first, second] = stdout.split("\n");
    expect(first).to.equal("DIFFERS: the notebook was edited");
    expect(second).to.match(/^ {2}cell 3 was edited: const run = await RE\(scan/);
    expect(stdout).to.contain('no "change cryo:target 12" was recorded: 6, 7, 8, 9, 10, 14 were');
  });

  it("tells a changed node before the failure that it causes", async () => {
    const recorded = await startSimNode({ speed: 100 });
    const description = structuredClone(recorded.description) as {
      modules: Record<string, { accessibles: Record<string, { datainfo: Record<string, unknown> }> }>;
    };
    await recorded.close();
    const target = description.modules.cryo?.accessibles.target?.datainfo as Record<string, unknown>;
    target.max = 9;
    const node = await simulate(description, { port, speed: 20 });
    try {
      const { code, stdout } = await secopLab("verify", "again.ipynb", "--live", "--json", "report.json");
      expect(code, stdout).to.equal(1);
      const run = await secopLab("run", "again.ipynb");
      expect(run.stderr).to.match(
        /^lab is not as it was locked on .* \(again\.lock\/lab\.json\), what the notebook uses has changed: cryo:target has other limits or resolution: max 9, had 325; accept it: secop-lab run again\.ipynb --accept\nagain\.rec was recorded with another description of lab: /,
      );
      expect(run.stdout).to.match(/RangeError: .*9 K/);
      expect(stdout).to.match(/^DIFFERS: the node is not the same\n {2}cryo:target: max 325 then, 9 now\n/);
      expect(stdout).to.match(/cell 3: RangeError: .*9 K/);
      expect(JSON.parse(readFileSync(join(folder, "report.json"), "utf8"))).to.deep.include({ same: false });
    } finally {
      await node.close();
    }
  });

  it("refuses a tolerance for a column that there is not, and a report without a folder, before it measures", async () => {
    const { code, stderr } = await secopLab("verify", "again.ipynb", "--live", "--tolerance", "lab-crio-value=0.1");
    expect([code, stderr]).to.deep.equal([
      2,
      "secop-lab: cannot be compared: no run has a column lab-crio-value for a tolerance: did you mean lab-cryo-value?\n",
    ]);
    const html = await secopLab("verify", "again.ipynb", "--html", "nowhere/report.html");
    expect([html.code, html.stderr]).to.deep.equal([
      2,
      "secop-lab: cannot be compared: cannot write the report nowhere/report.html: there is no folder nowhere\n",
    ]);
    expect((await secopLab("verify", "nosuch.ipynb")).stderr).to.contain("there is no notebook nosuch.ipynb");
    writeFileSync(join(folder, "script.ts"), "import 'secop-lab';");
    expect((await secopLab("verify", "script.ts")).stderr).to.match(
      /script\.ts: it is not a notebook, whose name ends with \.ipynb\n$/,
    );
    const { stderr: speed } = await secopLab("replay", "again.rec", "--speed", "fast");
    expect(speed).to.equal("secop-lab: --speed fast is not a positive number, nor max\n");
  });

  it("refuses to compare what was recorded with a twin", async () => {
    cpSync(join(folder, "again.ipynb"), join(folder, "twin.ipynb"));
    await using twin = await simulate(join(folder, "again.rec"), { port, speed: 20 });
    const { code, stdout, stderr } = await secopLab("run", "twin.ipynb", "--record");
    expect(code, stdout + stderr).to.equal(0);
    const verified = await secopLab("verify", "twin.ipynb");
    expect(verified.code).to.equal(2);
    expect(verified.stderr).to.equal(
      "secop-lab: cannot be compared: twin.rec was simulated (demo like again.rec): it says nothing about a " +
        "measurement. Run the notebook with its nodes, or replay a recording of them\n",
    );
    const live = await secopLab("verify", "again.ipynb", "--live");
    expect([live.code, twin.uri]).to.deep.equal([2, `127.0.0.1:${port}`]);
    expect(live.stderr).to.contain("live.rec was simulated (demo like again.rec)");
  });

  it("says with exit code 2 that there is nothing to compare with", async () => {
    cpSync(join(folder, "again.ipynb"), join(folder, "new.ipynb"));
    const { code, stderr } = await secopLab("verify", "new.ipynb");
    expect(code).to.equal(2);
    expect(stderr).to.match(/there is no recording .*new\.rec: make one by {2}secop-lab run new\.ipynb --record/);
  });
});

describe("the comparison of two sessions", () => {
  it("names what changed in a description, texts last", () => {
    const before = {
      modules: {
        oven: { description: "a", accessibles: { target: { datainfo: { max: 100, unit: "K" } }, _heater: {} } },
      },
    };
    const after = {
      modules: {
        oven: { description: "b", accessibles: { target: { datainfo: { max: 21.5, unit: "K" } }, _power: {} } },
      },
    };
    expect(descriptionDifferences(JSON.stringify(before), JSON.stringify(after))).to.deep.equal([
      "oven:target: max 100 then, 21.5 now",
      "oven:_heater is gone",
      "oven:_power is new",
      'oven: description "a" then, "b" now',
    ]);
  });

  it("allows what two honest measurements differ by, and no more", () => {
    const wave = (noise: number) => Array.from({ length: 200 }, (_, i) => 21 + noise * Math.sin(i * i));
    expect(noiseOf(wave(0.01))).to.be.within(0.004, 0.02);
    expect(columnTolerance(undefined, [20, 20, 20])).to.be.closeTo(0.02, 1e-12);
    expect(columnTolerance({ precision: 1 } as never, [20])).to.equal(0.1);
    const withMissing = wave(0.1).flatMap((value, i) => (i % 50 === 0 ? [value, null, Number.NaN] : [value]));
    expect(columnTolerance(undefined, withMissing)).to.equal(columnTolerance(undefined, wave(0.1)));
    expect(columnTolerance(undefined, withMissing)).to.be.within(0.2, 1);
    const run = (value: number) =>
      [
        ["start", { uid: "a", time: 1, plan_name: "scan" }],
        [
          "descriptor",
          {
            uid: "b",
            run_start: "a",
            name: "primary",
            configuration: {},
            data_keys: { t: { dtype: "number", units: "K" } },
          },
        ],
        ["event", { descriptor: "b", seq_num: 1, data: { t: value } }],
        ["stop", { run_start: "a", exit_status: "success" }],
      ] as const;
    expect(runDifferences(run(20), run(20.01), { exact: false })).to.deep.equal([]);
    expect(runDifferences(run(20), run(20.5), { exact: false })).to.deep.equal([
      "run 1 (scan), primary, t: 1 of 1 point is off by more than 0.02 K; the worst is point 1: 20 then, 20.5 now",
    ]);
    expect(runDifferences(run(20), run(20.5), { exact: false, tolerances: { t: 1 } })).to.deep.equal([]);
    expect(runDifferences(run(20), run(20 + 1e-12), { exact: true }).length).to.equal(1);
  });

  it("compares arrays element by element, by their noise and by the tolerance of their column", () => {
    const run = (spectra: readonly (readonly number[])[]) => [
      ["start", { uid: "a", time: 1, plan_name: "count" }] as const,
      [
        "descriptor",
        { uid: "b", run_start: "a", name: "primary", configuration: {}, data_keys: { s: { dtype: "array" } } },
      ] as const,
      ...spectra.map((s, i) => ["event", { descriptor: "b", seq_num: i + 1, data: { s } }] as const),
      ["stop", { run_start: "a", exit_status: "success" }] as const,
    ];
    const spectra = (shift: number) =>
      Array.from({ length: 40 }, (_, i) => [100, 50 + shift, 20].map((v, k) => v + Math.sin(7 * i * i + k + shift)));
    expect(runDifferences(run(spectra(0)), run(spectra(0.5)), { exact: false })).to.deep.equal([]);
    expect(runDifferences(run(spectra(0)), run(spectra(30)), { exact: false })[0]).to.match(
      /^run 1 \(count\), primary, s: 40 of 40 points are off by more than /,
    );
    expect(runDifferences(run([[1, 2]]), run([[1, 2.5]]), { exact: true }).length).to.equal(1);
    expect(runDifferences(run([[1, 2]]), run([[1, 2.5]]), { exact: true, tolerances: { s: 0.5 } })).to.deep.equal([]);
    expect(runDifferences(run([[1, 2]]), run([[1, 2, 3]]), { exact: false, tolerances: { s: 9 } }).length).to.equal(1);
    expect(() => runDifferences(run([[1]]), run([[1]]), { exact: true, tolerances: { z: 1 } })).to.throw(
      "no run has a column z for a tolerance: did you mean s?",
    );
  });

  it("shows names of properties without their control characters", () => {
    const node = (evil: object) =>
      JSON.stringify({ modules: { m: { ...evil, accessibles: { p: { datainfo: evil } } } }, ...evil });
    const lines = descriptionDifferences(node({}), node({ "a\u001b[2Jb\r": 1 }));
    expect(lines).to.deep.equal([
      "m:p has a\\x1b[2Jb  now: 1",
      "m has a\\x1b[2Jb  now: 1",
      "the node has a\\x1b[2Jb  now: 1",
    ]);
  });

  it("writes words of a node as text, never as markup", () => {
    const findings = {
      cells: [],
      nodes: ["<img src=x onerror=alert(1)>"],
      failures: [],
      runs: [],
      outputs: [],
      versions: [],
    };
    expect(verifyHtml("a", findings)).to.contain("&lt;img").and.not.contain("<img");
    expect(verifyHtml("a", findings)).to.contain('<span class="differs">differs</span>');
    expect(verifyHtml("a", { ...findings, nodes: [] })).to.contain("<p>Cells, nodes and runs are the same.</p>");
    expect(verifyText(findings)).to.match(/^DIFFERS: the node is not the same\n/);
  });
});
