/**
 * Tests of `secop-lab bundle` and `open`: a measured notebook runs again elsewhere, and no secret goes with
 * it.
 */

import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import { bundleContents } from "../../../kernel/bundle/bundleContents";
import { openBundle } from "../../../kernel/bundle/openBundle";
import { writeBundle } from "../../../kernel/bundle/writeBundle";
import { openRuns } from "../../../lib/index";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { notebookOf } from "../../peers/jupyter";
import { peersPython, repository, runProgram } from "../../peers/peers";
import { freePort } from "../../support/freePort";

const MAIN = join(repository, "dist/kernel/main.js");

describe("a bundle", function () {
  this.timeout(240_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bundle-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const notebook = (...cells: string[]): string => JSON.stringify(notebookOf(...cells));
  const filesIn = (where: string): string[] =>
    readdirSync(where, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(where.length + 1))
      .sort();
  const textsIn = (where: string): string =>
    filesIn(where)
      .map((name) => readFileSync(join(where, name), "utf8"))
      .join("\n");
  const secopLab = (cwd: string, ...args: string[]) =>
    runProgram(process.execPath, [MAIN, ...args], { cwd, timeout: 120 });

  it("of notebook 06 opens in an empty folder, where a replay gives the documents that were measured", async () => {
    const port = await freePort();
    const source = readFileSync(join(repository, "notebooks/06-again.ipynb"), "utf8");
    put("lab/again.ipynb", source.replace("localhost:10767", `localhost:${port}`));
    const node = await startSimNode({ port, speed: 100 });
    try {
      const { code, stdout, stderr } = await secopLab(join(folder, "lab"), "run", "again.ipynb", "--record");
      expect(code, stdout + stderr).to.equal(0);
    } finally {
      await node.close();
    }
    const bundled = await secopLab(
      join(folder, "lab"),
      "bundle",
      "again.ipynb",
      "--license",
      "CC-BY-4.0",
      "--author",
      "Ada Lovelace",
    );
    expect([bundled.code, bundled.stderr], bundled.stdout).to.deep.equal([0, ""]);
    expect(bundled.stdout.split("\n").slice(1, 5)).to.deep.equal([
      "  notebook    again.ipynb",
      "  class files devices/lab.ts",
      "  locks       again.lock/lab.json",
      "  recordings  again.rec",
    ]);
    const opened = await secopLab(folder, "open", "lab/again.bundle.zip", "elsewhere");
    expect([opened.code, opened.stderr], opened.stdout).to.deep.equal([0, ""]);
    expect(opened.stdout).to.match(
      /^The same notebook again, without its hardware is in elsewhere \(\d+ files, \d+ kB\)\n/,
    );
    expect(opened.stdout).to.match(
      /\n {2}npx secop-lab run again\.ipynb --replay +# the same documents, without the hardware\n/,
    );
    const there = join(folder, "elsewhere");
    rmSync(join(folder, "lab"), { recursive: true });
    const replayed = await secopLab(there, "run", "again.ipynb", "--replay", "--locked");
    expect(replayed.code, replayed.stdout + replayed.stderr).to.equal(0);
    expect(replayed.stdout).to.match(
      /replayed again\.rec: \d+ requests as recorded, 0 reads from the state, 0 refused\n/,
    );
    const verified = await secopLab(there, "verify", "again.ipynb");
    expect([verified.stdout, verified.code]).to.deep.equal(["SAME: cells, nodes and runs\n", 0]);

    const again = await secopLab(folder, "open", "elsewhere/nosuch.zip");
    expect([again.code, again.stderr]).to.deep.equal([
      1,
      "secop-lab: cannot open the bundle elsewhere/nosuch.zip: there is no such file\n",
    ]);
    const judge = [join(repository, "test/peers/judgeCrate.py"), there];
    const judged = await runProgram(peersPython(), judge, { timeout: 120 });
    expect(judged.code, judged.stderr).to.equal(0);
    const crate = JSON.parse(judged.stdout);
    expect(crate.mainEntity).to.equal("again.ipynb");
    expect(crate.actions.map(([name]: [string]) => name).sort()).to.deep.equal(["ramp_scan #2", "scan #1"]);
    // What the profiles recommend about people and organizations that a notebook does not know.
    const unknown = /publisher|affiliation|have an agent/;
    for (const profile of ["ro-crate-1.1", "process-run-crate"])
      expect(
        crate[profile].filter((issue: string) => !unknown.test(issue)),
        profile,
      ).to.deep.equal([]);
  });

  it("has what the code imports, directly and by others, and what its magics name", async () => {
    put("package.json", '{"name": "x", "dependencies": {"lodash": "^4.0.0"}, "license": "MIT"}');
    put("package-lock.json", '{"packages": {"node_modules/js-tokens": {"version": "9.0.0"}}}');
    put("plans/index.ts", 'export * from "./scan.js"; import data from "../data/table.json"; export const d = data;');
    put("plans/scan.ts", 'import { readFileSync } from "node:fs"; export const f = () => import("./lazy");');
    put("plans/lazy.ts", "export {};");
    put("data/table.json", "[1]");
    put("unused.ts", "export {};");
    put("night/photo of it.png", "PNG");
    put("night/calibration.csv", "1,2");
    put("night/devices/cryo.ts", 'import { SecopNodeDevice } from "secop-lab"; export class CryoNode {}');
    put("night/classes/oven.ts", "export class OvenNode {}");
    put("night/records.db", "record(ai, x) {}");
    put("night/other.rec", "#secop-recording 1\n");
    const path = put(
      "night/scan.ipynb",
      notebook(
        "%connect localhost:1 as cryo\nimport { f } from '../plans';\nimport { chunk } from 'lodash';",
        "%%devices\noven = localhost:2 --class classes/oven.ts\nioc = ca://X: --db records.db",
        "%replay other.rec",
        "import { gone } from './gone'; import 'unlisted'; readFileSync('calibration.csv', 'utf8');",
      ).replace(
        '"cells":[',
        `"cells":[{"cell_type":"markdown","metadata":{},"source":"![it](photo%20of%20it.png) [a](http://x/y.png)"},`,
      ),
    );
    const { parts, leftOut } = await bundleContents(path);
    expect(parts.map(({ role, name }) => `${role}: ${name}`).sort()).to.deep.equal(
      [
        "class file: night/classes/oven.ts",
        "class file: night/devices/cryo.ts",
        "file: night/photo of it.png",
        "file: night/records.db",
        "module: data/table.json",
        "module: plans/index.ts",
        "module: plans/lazy.ts",
        "module: plans/scan.ts",
        "notebook: night/scan.ipynb",
        "packages: package-lock.json",
        "packages: package.json",
        "recording: night/other.rec",
      ].sort(),
    );
    const csv = relative(process.cwd(), join(folder, "night/calibration.csv"));
    expect(leftOut).to.deep.equal([
      "./gone (imported by the notebook): there is no such file",
      "the package unlisted, which is imported, but not in package.json",
      `${csv} is named in the code; add it with  --include ${csv}`,
    ]);
    const output = join(folder, "out.zip");
    await writeBundle(path, output);
    const opened = await openBundle(output, join(folder, "opened"));
    expect([opened.notebook, opened.changed]).to.deep.equal(["night/scan.ipynb", []]);
    expect(filesIn(opened.folder)).to.deep.equal([...parts.map(({ name }) => name), "ro-crate-metadata.json"].sort());
    expect(readFileSync(join(opened.folder, "package-lock.json"), "utf8")).to.equal(
      readFileSync(join(folder, "package-lock.json"), "utf8"),
    );
  });

  it("has no file outside of the workspace that was not named", async () => {
    put("outside/shared.ts", "export const shared = 1;");
    put("outside/data.csv", "1,2");
    put("ws/package.json", "{}");
    const path = put("ws/nb.ipynb", notebook('import { shared } from "../outside/shared";'));
    const alone = await bundleContents(path);
    expect(alone.parts.map(({ name }) => name)).to.deep.equal(["nb.ipynb", "package.json"]);
    expect(alone.leftOut.length).to.equal(1);
    expect(alone.leftOut[0]).to.match(
      /outside\/shared\.ts is outside of the workspace .*\/ws; add it with {2}--include /,
    );
    const include = [join(folder, "outside/shared.ts"), join(folder, "outside/data.csv")];
    const named = await bundleContents(path, { include });
    expect(named.parts.map(({ name }) => name).sort()).to.deep.equal([
      "outside/data.csv",
      "outside/shared.ts",
      "ws/nb.ipynb",
      "ws/package.json",
    ]);
    expect(named.leftOut).to.deep.equal([]);
    const missing = await bundleContents(path, { include: ["/no/such/file"] }).catch((error: Error) => error.message);
    expect(missing).to.equal("there is no file /no/such/file");
  });

  it("has no secret: files of secrets are left out, and passwords in texts become REDACTED", async () => {
    const secrets = [
      "hunter2secret",
      "tok3n-geheim",
      "querykey99",
      "literal-key-1",
      "ghp_0123456789abcdefghijABCDEFGHIJ",
      "envvalue77",
      "Pr1vate",
    ];
    put("package.json", '{"name": "x"}');
    put(
      "package-lock.json",
      '{"packages": {"node_modules/a": {"resolved": "https://me:hunter2secret@npm.lab/a.tgz"}}}',
    );
    put(".env", "LAB_PASSWORD=envvalue77\n");
    put("key.pem", "Pr1vate");
    put("priv.ts", "export const k = `-----BEGIN RSA PRIVATE KEY-----\nPr1vate`;");
    put("kernel-1.json", '{"key": "Pr1vate", "signature_scheme": "hmac-sha256"}');
    put("plans.ts", 'export const apiKey = "literal-key-1"; export const position = "cryo";');
    put("nb.rec", "#secop-recording 1\n#start 1 x\n 0.000 1 + ws://user:hunter2secret@host:1/\n");
    const cells = notebook(
      '%connect wss://user:hunter2secret@host:1 as a\nimport "./plans"; import "./priv"; import "./kernel-1.json"; import "./key.pem";',
      'const t = tiled("http://lab:8000?api_key=querykey99"); fetch(u, { headers: { Authorization: "Bearer tok3n-geheim" } })',
      'const options = { "password": "literal-key-1", name: "scan" }; // ghp_0123456789abcdefghijABCDEFGHIJ',
    );
    const json = JSON.parse(cells);
    json.cells[1].outputs = [{ output_type: "stream", name: "stdout", text: ["logged in with envvalue77\n"] }];
    json.cells[1].outputs.push({ output_type: "display_data", metadata: {}, data: { "image/png": "aGVsbG8=" } });
    const path = put("nb.ipynb", JSON.stringify(json));
    const output = join(folder, "out.zip");
    const { redacted, leftOut } = await writeBundle(path, output, { include: [join(folder, ".env")] });
    const { folder: opened } = await openBundle(output, join(folder, "opened"));
    const text = textsIn(opened);
    for (const secret of secrets) expect(text, secret).not.to.contain(secret);
    expect(filesIn(opened)).to.deep.equal([
      "nb.ipynb",
      "package-lock.json",
      "package.json",
      "plans.ts",
      "ro-crate-metadata.json",
    ]);
    expect(text).to.contain("wss://REDACTED@host:1 as a").and.to.contain('\\"password\\": \\"REDACTED\\"');
    expect(text).to.contain('position = "cryo"').and.to.contain("aGVsbG8=");
    expect([...leftOut].sort()).to.deep.equal([
      ".env: its name is that of a file with secrets",
      "kernel-1.json: its name is that of a file with secrets",
      "key.pem: its name is that of a file with secrets",
      "nb.rec: it holds a password in an address, which cannot be taken out of it: record again with --redact",
      "priv.ts: it holds a private key",
    ]);
    expect(redacted).to.include("plans.ts: a value with the name of a secret");
    expect(redacted).to.include("package-lock.json: a password in an address");
    expect(redacted).to.include("nb.ipynb: a secret of this machine's environment");
  });

  it("has no secret in its title, and keeps lists of words in a notebook that had one", async () => {
    const json = JSON.parse(notebook("const url = 'http://me:hunter2secret@lab/'"));
    json.cells[0].metadata = { tags: ["parameters", "hide-input"] };
    json.cells.push({
      cell_type: "markdown",
      id: "m",
      metadata: {},
      source: ["# Data on http://me:hunter2secret@lab/\n", "\n", "Log in at http://me:hunter2secret@lab/ first."],
    });
    put("package.json", "{}");
    const path = put("nb.ipynb", JSON.stringify(json));
    const output = join(folder, "out.zip");
    await writeBundle(path, output, { runs: false });
    const opened = await openBundle(output, join(folder, "opened"));
    expect(opened.title).to.equal("Data on http://REDACTED@lab/");
    expect(textsIn(opened.folder)).not.to.contain("hunter2secret");
    const { cells } = JSON.parse(readFileSync(join(opened.folder, "nb.ipynb"), "utf8"));
    expect(cells[0].metadata.tags).to.deep.equal(["parameters", "hide-input"]);
    expect(cells[1].source.length).to.equal(3);
  });

  it("leaves out what nobody could open: names that not every disk allows, the same name twice", async () => {
    put("package.json", "{}");
    const path = put("nb.ipynb", notebook("%%time\nimport './plans'; import './Plans';"));
    put("plans.ts", "export {};");
    put("Plans.ts", "export {};");
    writeFileSync(join(folder, "zeros.npy"), Buffer.alloc(3_000_000));
    mkdirSync(join(folder, "data"));
    const include = [
      join(folder, "zeros.npy"),
      put("10:30.csv", "1"),
      put(".hidden/a.csv", "1"),
      put("ro-crate-metadata.json", "{}"),
      join(folder, "data"),
    ];
    const output = join(folder, "out.zip");
    const { leftOut } = await writeBundle(path, output, { include });
    expect([...leftOut].sort()).to.deep.equal(
      [
        ".hidden/a.csv: hidden files are not part of a bundle",
        "10:30.csv: its name has characters that not every disk allows",
        "data cannot be read",
        "Plans.ts: another file of the bundle has the same name on some disks",
        "ro-crate-metadata.json: another file of the bundle has the same name on some disks",
      ].sort(),
    );
    const { folder: opened } = await openBundle(output, join(folder, "opened"));
    expect(filesIn(opened)).to.deep.equal([
      "nb.ipynb",
      "package.json",
      "plans.ts",
      "ro-crate-metadata.json",
      "zeros.npy",
    ]);
    expect(readFileSync(join(opened, "zeros.npy")).equals(Buffer.alloc(3_000_000))).to.equal(true);
    const odd = put("T>5K.ipynb", notebook("1"));
    const message = await writeBundle(odd, output).then(String, (error: Error) => error.message);
    expect(message).to.match(/T>5K\.ipynb cannot be bundled: its name has characters that not every disk allows$/);
  });

  it("of a script has what it imports and its recording, and opens with the commands that run it again", async () => {
    put("package.json", '{"name": "x"}');
    put("night/plan.ts", "export const points = 3;");
    put("night/scan.ts", 'import { points } from "./plan";\nconsole.log(`${points} points`);\n');
    put("night/scan.rec", "#secop-recording 1\n#start 1796054935 x\n#seed 1\n");
    const bundled = await secopLab(folder, "bundle", "night/scan.ts");
    expect([bundled.code, bundled.stderr], bundled.stdout).to.deep.equal([0, ""]);
    expect(bundled.stdout.split("\n").slice(1, 4)).to.deep.equal([
      "  script      night/scan.ts",
      "  modules     night/plan.ts",
      "  recordings  night/scan.rec",
    ]);
    const opened = await secopLab(folder, "open", "scan.bundle.zip", "elsewhere");
    expect([opened.code, opened.stderr], opened.stdout).to.deep.equal([0, ""]);
    expect(opened.stdout).to.match(/^scan is in elsewhere \(4 files, \d kB\)\n {2}night\/scan\.ts +The script\n/);
    expect(opened.stdout).to.match(
      /\n {2}npm install +# its packages\n {2}npx secop-lab run night\/scan\.ts --replay +# the same documents, without the hardware\n {2}npx secop-lab run night\/scan\.ts --simulate +#.*\n {2}npx secop-lab run night\/scan\.ts +# with its nodes\n$/,
    );
    const { code, stdout } = await secopLab(join(folder, "elsewhere/night"), "run", "scan.ts", "--replay");
    expect(code, stdout).to.equal(0);
    expect(stdout).to.match(/^3 points\n/);
    const judge = [join(repository, "test/peers/judgeCrate.py"), join(folder, "elsewhere")];
    const judged = await runProgram(peersPython(), judge, { timeout: 120 });
    expect(judged.code, judged.stderr).to.equal(0);
    expect(JSON.parse(judged.stdout).mainEntity).to.equal("night/scan.ts");
  });

  it("has a file of any size that is no text, which is refused if it is damaged", async () => {
    put("package.json", "{}");
    const path = put("nb.ipynb", notebook("1"));
    const large = join(folder, "images.h5");
    const MB = Buffer.alloc(1024 * 1024);
    for (let i = 0; i < MB.length; i += 4) MB.writeUInt32LE((i * 2_654_435_761) >>> 0, i);
    const file = openSync(large, "w");
    for (let i = 0; i < 260; i += 1) writeSync(file, MB);
    closeSync(file);
    const output = join(folder, "out.zip");
    const { leftOut, files } = await writeBundle(path, output, { include: [large] });
    expect(leftOut).to.deep.equal([]);
    expect(files.find(({ part }) => part.name === "images.h5")?.bytes).to.equal(260 * MB.length);
    const { changed, folder: opened } = await openBundle(output, join(folder, "opened"));
    expect(changed).to.deep.equal([]);
    expect(statSync(join(opened, "images.h5")).size).to.equal(260 * MB.length);
    const damaged = openSync(output, "r+");
    writeSync(damaged, "damaged", 200 * MB.length);
    closeSync(damaged);
    const message = await openBundle(output, join(folder, "again")).then(String, (error: Error) => error.message);
    expect(message).to.equal(`${output} was not opened: images.h5 is damaged: its checksum is wrong`);
    expect(existsSync(join(folder, "again"))).to.equal(false);
  });

  it("has the images that a detector wrote during its runs, which are found where the bundle was opened", async () => {
    put("package.json", "{}");
    const cells = [
      'import { count, createRunEngine, SimImageDetector } from "secop-lab";',
      'const RE = createRunEngine({ live: false, store: "runs" });\nconst cam = new SimImageDetector("cam", { dir: "images", size: [8, 6] });\nawait RE(count([cam], 3));',
    ];
    put("lab/nb.ipynb", notebook(...cells));
    const run = await secopLab(join(folder, "lab"), "run", "nb.ipynb");
    expect(run.code, run.stdout + run.stderr).to.equal(0);
    const bundled = await secopLab(join(folder, "lab"), "bundle", "nb.ipynb");
    expect([bundled.code, bundled.stderr], bundled.stdout).to.deep.equal([0, ""]);
    expect(bundled.stdout).to.match(/\n {2}images {6}lab\/images\/[\w-]+\/frame_000000\.tif .*frame_000002\.tif\n/);
    const sums = async (where: string) => {
      const found: number[] = [];
      for await (const { data } of openRuns(join(where, "runs")).latest().images())
        found.push((data as Uint16Array).reduce((sum, value) => sum + value, 0));
      return found;
    };
    const written = await sums(join(folder, "lab"));
    expect(written.length).to.equal(3);
    await openBundle(join(folder, "lab/nb.bundle.zip"), join(folder, "there"));
    rmSync(join(folder, "lab"), { recursive: true });
    expect(await sums(join(folder, "there/lab"))).to.deep.equal(written);
    // Outside of the workspace, they are in the bundle if they are named.
    renameSync(join(folder, "there/lab/images"), join(folder, "images"));
    const opened = join(folder, "there/lab/nb.ipynb");
    expect((await bundleContents(opened)).leftOut.join()).to.match(/^3 files of images in .*images/);
    const include = readdirSync(join(folder, "images"), { recursive: true })
      .map((name) => join(folder, "images", String(name)))
      .filter((path) => path.endsWith(".tif"));
    expect(include.length).to.equal(3);
    const included = await bundleContents(opened, { include });
    expect(included.leftOut).to.deep.equal([]);
    expect(included.parts.filter(({ name }) => name.endsWith(".tif")).length).to.equal(3);
    rmSync(join(folder, "images"), { recursive: true });
    const gone = await sums(join(folder, "there/lab")).then(String, (error: Error) => error.message);
    expect(gone).to.match(/^cannot read the image .*frame_000000\.tif: /);
    const { leftOut } = await bundleContents(opened);
    expect(leftOut.join()).to.match(/^3 files of images in .*: outside of the workspace .*, or gone$/);
  });

  it("leaves out a text that is too large to look for secrets in", async () => {
    put("package.json", "{}");
    const path = put("nb.ipynb", notebook("1"));
    const long = put("long.csv", "1,2,3\n");
    truncateSync(long, 257 * 1024 * 1024);
    const file = openSync(long, "r+");
    writeSync(file, "1,2,3\n".repeat(2000));
    closeSync(file);
    const { leftOut } = await writeBundle(path, join(folder, "out.zip"), { include: [long] });
    expect(leftOut).to.deep.equal([
      "long.csv: it has 257 MB of text, too much to look for secrets in: send it separately",
    ]);
  });

  it("keeps a file that is not a bundle, and says in one line what it cannot read", async () => {
    const path = put("nb.ipynb", notebook("1"));
    const message = await writeBundle(path, path).then(String, (error: Error) => error.message);
    expect(message).to.equal(`${path} exists and is not a bundle: choose another file`);
    const { code, stderr } = await secopLab(folder, "bundle", "nosuch.ipynb");
    expect([code, stderr]).to.deep.equal([1, "secop-lab: there is no file nosuch.ipynb\n"]);
    const run = await secopLab(folder, "bundle", "nb.ipynb", "--run", "7");
    expect([run.code, run.stderr]).to.deep.equal([
      1,
      `secop-lab: there is no folder ${join(folder, "runs")} with runs\n`,
    ]);
  });
});
