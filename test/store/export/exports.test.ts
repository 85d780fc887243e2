import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import fc from "fast-check";
import { createRunEngine } from "../../../lib/index";
import { baselineWrapper, runWrapper, scan, sleep } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { SimImageDetector } from "../../../lib/sim/devices/simImageDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { Hdf5Writer } from "../../../lib/store/export/nexus/hdf5Writer";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { openRuns } from "../../../lib/store/openRuns";
import { loadLibrary } from "../../../lib/store/reading/loadLibrary";
import type { StoredRun } from "../../../lib/store/runs/storedRun";
import { runPython } from "../../peers/peers";
import { peakRows, play, testRun } from "../../support/runDocuments";

type Columns = Record<string, unknown[]>;
type Found = Record<string, Record<string, unknown> & { columns: Columns }>;

/** What Python prints for a value: words for numbers that JSON does not know. */
const asRead = (value: unknown): unknown => {
  if (typeof value === "number" && !Number.isFinite(value))
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return Array.from(value as unknown[], asRead);
  return value;
};

describe("exports", () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "exports-"));
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const ENDINGS = ["parquet", "arrow", "csv", "json", "nxs"] as const;

  const found = async (run: StoredRun): Promise<Found> => {
    for (const ending of ENDINGS) await run.export(join(dir, `run.${ending}`), { images: "copy" });
    return JSON.parse(await runPython("test/peers/keeping/readExports.py", [dir])) as Found;
  };

  it("of random values of all types are read by pyarrow, pandas, DuckDB and h5py as they were measured", async () => {
    const row = fc.record({
      // Parquet and Python take -0 for 0, which is equal.
      T: fc.double().map((value) => value + 0),
      n: fc.maxSafeInteger(),
      on: fc.boolean(),
      // A comma-separated text that looks like a formula is changed on purpose, and pandas takes some words
      // for no value.
      mode: fc.string({ unit: "grapheme" }).map((text) => `x${text.replace(/[\0\r]/g, "")}`),
      spectrum: fc.array(
        fc.double().map((value) => value + 0),
        { minLength: 3, maxLength: 3 },
      ),
      counts: fc.array(fc.integer(), { minLength: 2, maxLength: 2 }),
      typed: fc.float64Array({ minLength: 2, maxLength: 2 }).map((values) => values.map((value) => value + 0)),
    });
    const rows = fc.sample(row, { numRuns: 200, seed: 13 });
    const array = { dtype: "array" } as const;
    const run = testRun(
      {
        T: { units: "K" },
        n: { dtype: "integer" },
        on: { dtype: "boolean" },
        mode: { dtype: "string" },
        spectrum: { ...array, shape: [3], dtype_numpy: "<f8" },
        counts: { ...array, shape: [2], dtype_numpy: "<i4" },
        typed: { ...array, shape: [2] },
      },
      { sample: "Pt", motors: ["T"] },
    );
    const files = new RunFiles(join(dir, "runs"));
    void play(files.receive, run, rows);
    const { parquet, arrow, csv, json, nexus } = await found(openRuns(join(dir, "runs")).latest());
    const measured = (key: string) => rows.map((row) => asRead(row[key as keyof typeof row]));
    for (const key of ["T", "n", "on", "mode", "spectrum", "counts", "typed"]) {
      expect(parquet?.columns[key], key).to.deep.equal(measured(key));
      expect(arrow?.columns[key], key).to.deep.equal(measured(key));
    }
    for (const key of ["T", "n", "on", "mode"]) expect(csv?.columns[key], key).to.deep.equal(measured(key));
    expect(csv?.columns.seq_num).to.deep.equal(rows.map((_, i) => i + 1));
    for (const key of ["T", "n", "mode", "spectrum", "typed"])
      expect(nexus?.columns[key], key).to.deep.equal(measured(key));
    expect(nexus?.columns.on).to.deep.equal(rows.map(({ on }) => Number(on)));
    expect((json?.streams as Record<string, Columns> | undefined)?.primary?.mode).to.deep.equal(measured("mode"));
    expect(parquet?.types).to.deep.include({ T: "double", n: "int64", on: "bool", mode: "string" });
    for (const read of [parquet, csv]) expect(read?.units).to.deep.include({ T: "K", time: "s" });
    expect(parquet?.attrs).to.deep.include({ uid: run.start.uid, scan_id: 12, units: { T: "K" } });
    expect([parquet?.duckdb, csv?.duckdb]).to.deep.equal([[200, 200], [200]]);
  }).timeout(120_000);

  it("of a scan with images are valid NeXus files with a default plot", async () => {
    const motor = new SimMotor("motor");
    const det = new SimDetector("det", { motor, center: 3 });
    const img = new SimImageDetector("img", { dir: join(dir, "images") });
    const RE = createRunEngine({ live: false, dir: join(dir, "runs") });
    const sample = { name: "YBCO", formula: "YBa2Cu3O7" };
    await RE(scan([det, img], motor, 0, 5, 6), { sample, user: "Ada" });
    const run = openRuns(join(dir, "runs")).latest();
    const { nexus } = await found(run);
    expect(nexus).to.deep.include({ signal: "det", axes: "motor", plot: "det", uid: run.uid, check_code: 0 });
    expect(nexus?.sample).to.deep.equal({ name: "YBCO", chemical_formula: "YBa2Cu3O7" });
    expect(nexus?.columns.motor).to.deep.equal([0, 1, 2, 3, 4, 5]);
    let sum = 0;
    const shapes: unknown[] = [];
    for await (const frame of run.images()) {
      shapes.push(frame.shape);
      for (const pixel of frame.data) sum += pixel;
    }
    expect(shapes).to.deep.equal(Array(6).fill([240, 320]));
    expect(nexus?.image).to.deep.equal({ shape: [6, 240, 320], dtype: "uint16", sum });
    expect(String(nexus?.check)).to.contain("errors: 0");
    expect(nexus?.pynx).to.contain("is valid according to the `NXsensor_scan` application definition");
  }).timeout(120_000);

  it("of the result of a plan are those of its file, with images, configuration, baseline and the times of single values", async () => {
    const motor = new SimMotor("motor");
    const img = new SimImageDetector("img", { dir: join(dir, "images"), size: [8, 6] });
    const RE = createRunEngine({ live: false, dir: join(dir, "runs") });
    const measured = scan([new SimDetector("det", { motor }), img], motor, 0, 5, 6);
    const result = await RE(baselineWrapper(measured, [motor]));
    const kept = openRuns(join(dir, "runs")).latest();
    for (const name of ["run.json", "run.csv", "run.parquet"]) {
      const paths = [await kept.export(join(dir, "kept", name), { timestamps: true })];
      paths.push(await result.export(join(dir, "result", name), { timestamps: true }));
      const [first = [], second = []] = paths.map((all) => all.map((path) => readFileSync(path, "latin1")));
      expect(second, name).to.deep.equal(first);
    }
    const [head, row] = readFileSync(join(dir, "result", "run.csv"), "utf8").split("\n");
    expect(head).to.equal("seq_num,time,det,img-sum,motor,motor-setpoint,ts_det,ts_img-sum,ts_motor,ts_motor-setpoint");
    for await (const { timestamps } of kept.events()) {
      expect(row?.split(",").slice(-4).map(Number)).to.deep.equal(
        ["det", "img-sum", "motor", "motor-setpoint"].map((key) => timestamps[key]),
      );
      break;
    }
    const frames = async (run: Pick<typeof kept, "images">) => {
      const all: unknown[] = [];
      for await (const frame of run.images()) all.push(frame);
      return all;
    };
    expect(await frames(result))
      .to.have.length(6)
      .and.to.deep.equal(await frames(kept));
    expect(result.config())
      .to.deep.equal(await kept.config())
      .and.to.have.property("motor");
    expect(result.baseline()?.rows())
      .to.deep.equal((await kept.baseline())?.rows())
      .and.to.have.length(2);
    rmSync(kept.path);
    const [json = ""] = await result.export(join(dir, "memory.json"));
    expect(readFileSync(json, "utf8")).to.contain(kept.uid);
    const message = await result
      .images()
      .next()
      .then(String, (error: Error) => error.message);
    expect(message).to.contain("not kept in a folder");
  }).timeout(60_000);

  it("have the plot of a run as a picture, and say if there is nothing to draw", async () => {
    const motor = new SimMotor("motor");
    const RE = createRunEngine({ live: false, store: false });
    const result = await RE(scan([new SimDetector("det", { motor, center: 3 })], motor, 0, 5, 11));
    const path = join(dir, "scan.png");
    expect(await result.export(path)).to.deep.equal([path]);
    const png = readFileSync(path);
    expect(png.toString("latin1", 1, 4)).to.equal("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)].every((size) => size > 200)).to.equal(true);
    const empty = await RE(runWrapper(sleep(0)));
    const message = await empty.export(path).then(String, (error: Error) => error.message);
    expect(message).to.equal("there is nothing to plot: no number in the runs");
    expect(readFileSync(path).equals(png)).to.equal(true);
  }).timeout(60_000);

  it("link the images that a detector wrote into an HDF5 file, also after both were moved, and are readable without them", async () => {
    const motor = new SimMotor("motor");
    const RE = createRunEngine({ live: false, dir: join(dir, "runs") });
    const images = join(dir, "images");
    mkdirSync(images);
    const file = await Hdf5Writer.open(join(images, "cam one.h5"));
    const add = file.frames(file.group(file.group(file.root, "entry", "NXentry"), "data", "NXdata"), "data");
    for (const level of [1, 2, 3]) add({ shape: [2, 2], data: Uint8Array.of(level, 0, 0, 255) });
    file.close();
    const resource = {
      uid: "r",
      data_key: "cam",
      mimetype: "application/x-hdf5",
      parameters: { dataset: "/entry/data/data" },
    };
    const indices = { start: 0, stop: 3 };
    await RE(scan([new SimDetector("det", { motor, center: 1 })], motor, 0, 2, 3));
    const path = openRuns(join(dir, "runs")).latest().path;
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    const more = [
      { name: "stream_resource", doc: { ...resource, uri: pathToFileURL(join(images, "cam one.h5")).href } },
      { name: "stream_datum", doc: { uid: "d", stream_resource: "r", descriptor: "x", indices, seq_nums: indices } },
    ].map((line) => JSON.stringify(line));
    writeFileSync(path, `${[...lines.slice(0, -1), ...more, lines.at(-1)].join("\n")}\n`);
    const read = async (folder: string) =>
      (JSON.parse(await runPython("test/peers/keeping/readExports.py", [folder, "nexus"])) as Found).nexus;
    await openRuns(join(dir, "runs")).latest().export(join(dir, "run.nxs"));
    const image = { shape: [3, 2, 2], dtype: "uint8", sum: 3 * 255 + 6 };
    const linked = await read(dir);
    expect(linked?.image).to.deep.equal(image);
    expect(linked?.pynx).to.contain("is valid according to the `NXsensor_scan` application definition");
    const moved = join(dir, "moved");
    mkdirSync(moved);
    for (const name of ["run.nxs", "images"]) renameSync(join(dir, name), join(moved, name));
    expect((await read(moved))?.image).to.deep.equal(image);
    rmSync(join(moved, "images"), { recursive: true });
    const lost = await read(moved);
    expect(lost).to.not.have.property("image");
    expect(lost?.columns.motor).to.deep.equal([0, 1, 2]);
    for (const found of [linked, lost]) {
      expect(found?.check_code).to.equal(0);
      expect(String(found?.check)).to.contain("errors: 0");
    }
  }).timeout(180_000);

  it("have a file for each stream of a table, and are named by a template for several runs", async () => {
    const files = new RunFiles(join(dir, "runs"));
    for (const scan_id of [1, 2]) void play(files.receive, testRun({ det: {} }, { scan_id }), [{ det: 1 }]);
    const runs = openRuns(join(dir, "runs"));
    const out = join(dir, "out");
    expect(await runs.find({}).export(join(out, "{plan}-{scan_id}.json"))).to.have.members([
      join(out, "scan-2.json"),
      join(out, "scan-1.json"),
    ]);
    const several = await runs.find({}).export(join(out, "all.csv"));
    expect(several.map((path) => path.slice(out.length + 1).replace(/-\w{8}\./, "-UID.")).sort()).to.deep.equal([
      "all-1-UID.csv",
      "all-1-UID.csv-metadata.json",
      "all-2-UID.csv",
      "all-2-UID.csv-metadata.json",
    ]);
    const [csv = ""] = await runs.get(1).export(join(out, "units.csv"), { units: true });
    expect(readFileSync(csv, "utf8").split("\n")[0]).to.equal("seq_num,time (s),det");
  });

  it("say what is wrong in one line, and leave no half file behind", async () => {
    const files = new RunFiles(join(dir, "runs"));
    void play(files.receive, testRun({ det: {} }), peakRows());
    const run = openRuns(join(dir, "runs")).latest();
    const message = (work: Promise<unknown>) => work.then(String, (error: Error) => error.message);
    expect(await message(run.export("x.xlsx"))).to.match(
      /^the ending of "x.xlsx" names no format \(Excel opens \.csv\): use/,
    );
    expect(await message(run.export("x.nxt"))).to.match(/^the ending of "x.nxt" names no format \(\.nxs\?\): use/);
    expect(await message(run.export(""))).to.contain("export takes a path");
    expect(await message(run.export("x", { format: "hdf" as "csv" }))).to.contain('no format "hdf"');
    expect(await message(run.export("x.csv", { steam: "a" } as object))).to.contain("no option steam (stream?)");
    expect(await message(run.export(join(dir, "x.csv"), { stream: "baseline" }))).to.contain('no stream "baseline"');
    expect(await message(run.export(join(run.path, "x.csv")))).to.match(
      /(EEXIST|ENOTDIR), a file stands where a folder should be/,
    );
    expect(await message(loadLibrary("not-there/sub", "Such files"))).to.equal(
      "Such files need the library not-there, which is not installed: npm install not-there",
    );
    expect(readdirSync(dir)).to.deep.equal(["runs"]);
  });
});
