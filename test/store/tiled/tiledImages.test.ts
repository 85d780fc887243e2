/** Tests of the files of detectors on a Tiled server, against Python's TiledWriter and its client. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { DataKey } from "../../../lib/engine/documents/documents";
import { UsageError } from "../../../lib/errors";
import { createRunEngine } from "../../../lib/notebook";
import { count, scan } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { SimImageDetector } from "../../../lib/sim/devices/simImageDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { Hdf5Writer } from "../../../lib/store/export/nexus/hdf5Writer";
import { openRuns } from "../../../lib/store/openRuns";
import { pathOfUri } from "../../../lib/store/reading/imageFiles";
import { RegisteredFiles } from "../../../lib/store/tiled/registeredFiles";
import { TiledClient, tiled } from "../../../lib/store/tiled/tiledClient";
import { uploadRuns } from "../../../lib/store/tiled/uploadRun";
import { runPython } from "../../peers/peers";
import { startTiled, type TiledServer } from "../../peers/tiled";
import { until } from "../../support/until";

interface Seen {
  readonly source: object;
  readonly keys: string[];
  readonly shape: number[];
  readonly dtype: string;
  readonly sums: number[];
  readonly variables: string[];
  readonly notes: unknown;
}

describe("the files of a detector", () => {
  it("have paths also where an address has a percent sign that encodes nothing", () => {
    expect(pathOfUri("file://localhost/data/50%/a%20b/x.h5")).to.equal("/data/50%/a b/x.h5");
    expect(pathOfUri("file:///data/%C3%A9.tif")).to.equal("/data/é.tif");
    expect(() => pathOfUri("s3://bucket/x.h5")).to.throw(UsageError, "s3://bucket/x.h5 is not the address of a file");
    expect(() => pathOfUri("file:///a%2Fb.h5")).to.throw(UsageError, "file:///a%2Fb.h5 is not the address of a file");
  });

  it("are left out with the reason where their documents do not tell where and what they are", () => {
    const reasonFor = (uri: string, described: Partial<DataKey>) => {
      const files = new RegisteredFiles(new TiledClient(tiled("http://localhost:1")));
      const [uid, data_key, mimetype] = ["r", "img", "application/x-hdf5"];
      files.resource({ uid, data_key, mimetype, uri, parameters: { dataset: "/data" }, run_start: "u" });
      const keys = {
        img: { source: "", dtype: "array", shape: [1, 2, 2], dtype_numpy: "|u1", ...described } as DataKey,
      };
      const indices = { start: 0, stop: 1 };
      const datum = { uid: "d", descriptor: "e", stream_resource: uid, indices, seq_nums: { start: 1, stop: 2 } };
      files.datum(datum, { name: "primary", path: "raw/u/primary", keys });
      files.datum(datum, { name: "primary", path: "raw/u/primary", keys });
      return files
        .notes()
        .map((note) => note.replace("The files of 'img' in stream 'primary' are not registered: ", ""));
    };
    expect(reasonFor("file:///data/50%/x.h5", {})).to.deep.equal([]);
    expect(reasonFor("file:///a%2Fb.h5", {})).to.deep.equal(["file:///a%2Fb.h5 is not the address of a file."]);
    expect(reasonFor("file:///x.h5", { shape: undefined as never })).to.deep.equal(["their size is not described."]);
    expect(reasonFor("file:///x.h5", { shape: [1, null] })).to.deep.equal(["their size varies."]);
    expect(reasonFor("file:///x.h5", { dtype_numpy: "<U8" })).to.deep.equal(["their pixels are not numbers."]);
  });
});

describe("the images of a detector on a Tiled server", function () {
  this.timeout(180_000);
  let server: TiledServer;
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "runs-"));
  });

  afterEach(async () => {
    delete process.env.TILED_API_KEY;
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const start = async (readable?: string) => {
    server = await startTiled(readable === undefined ? {} : { readable });
    process.env.TILED_API_KEY = server.key;
  };
  const isSent = () =>
    readdirSync(join(dir, ".pending"), { recursive: true, encoding: "utf8" }).every((name) => !/\/[^.]+$/.test(name));
  const compared = async (path: string, key: string) =>
    JSON.parse(await runPython("test/peers/keeping/compareImages.py", [server.uri, server.key, path, key])) as {
      readonly ours: Seen;
      readonly theirs: Seen;
    };
  /** The sums of the pixels of the frames. */
  const sumsOf = async (frames: AsyncIterable<{ readonly data: ArrayLike<number> }>) => {
    const sums: number[] = [];
    for await (const { data } of frames) sums.push(Array.from(data).reduce((sum, pixel) => sum + pixel, 0));
    return sums;
  };

  it("are read by Python's client as those that TiledWriter has registered, from TIFF files", async () => {
    await start(dir);
    const motor = new SimMotor("motor");
    const img = new SimImageDetector("img", { dir: join(dir, "images") });
    const RE = createRunEngine({ live: false, store: [dir, tiled(server.uri)] });
    await RE(scan([img, new SimDetector("det", { motor })], motor, 0, 3, 4));
    await until(isSent);
    const run = openRuns(dir).latest();
    const { ours, theirs } = await compared(run.path, "img-image");
    expect(ours).to.deep.equal(theirs);
    expect(ours.shape).to.deep.equal([4, 1, 240, 320]);
    expect(ours.dtype).to.equal("uint16");
    expect(ours.sums).to.deep.equal(await sumsOf(run.images()));
    expect(ours.variables).to.include.members(["det", "img-image", "motor"]);
    const stored = await openRuns(tiled(server.uri)).latest();
    expect(await sumsOf(stored.images())).to.deep.equal(ours.sums);
    expect(await sumsOf(stored.images("img-image"))).to.deep.equal(ours.sums);
    const message = await stored
      .images("cam")
      .next()
      .then(String, (error: Error) => error.message);
    expect(message).to.equal('no images "cam" in this run: it has img-image');
  });

  it("are read by Python's client from a folder whose name an address has to encode, where those of TiledWriter are not", async () => {
    await start(dir);
    const img = new SimImageDetector("img", { dir: join(dir, "50 % of images") });
    const RE = createRunEngine({ live: false, store: [dir, tiled(server.uri)] });
    await RE(count([img], 2));
    await until(isSent);
    const stored = await openRuns(tiled(server.uri)).latest();
    expect(stored.notes).to.deep.equal([]);
    expect(await sumsOf(stored.images())).to.deep.equal(await sumsOf(openRuns(dir).latest().images()));
  });

  it("stay in their files when the run is written anew, and are read from HDF5", async () => {
    await start(dir);
    const file = await Hdf5Writer.open(join(dir, "cam.h5"));
    const add = file.frames(file.group(file.group(file.root, "entry", "NXentry"), "data", "NXdata"), "data");
    for (const level of [1, 2, 3]) add({ shape: [2, 2], data: Uint8Array.of(level, 0, 0, 255) });
    file.close();
    const motor = new SimMotor("motor");
    await createRunEngine({ live: false, dir })(scan([new SimDetector("det", { motor })], motor, 0, 2, 3));
    const { path } = openRuns(dir).latest();
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    const descriptor = JSON.parse(lines[1] ?? "") as { doc: { uid: string; data_keys: Record<string, object> } };
    descriptor.doc.data_keys.cam = {
      source: "CAM",
      dtype: "array",
      shape: [2, 2],
      dtype_numpy: "|u1",
      external: "STREAM:",
    };
    const frames = (from: number, to: number) => {
      const [indices, seq_nums] = [
        { start: from, stop: to },
        { start: from + 1, stop: to + 1 },
      ];
      return { uid: `d${from}`, stream_resource: "r", descriptor: descriptor.doc.uid, indices, seq_nums };
    };
    const resource = {
      uid: "r",
      data_key: "cam",
      mimetype: "application/x-hdf5",
      run_start: openRuns(dir).latest().uid,
    };
    const where = { uri: `file://localhost${join(dir, "cam.h5")}`, parameters: { dataset: "/entry/data/data" } };
    const more = [
      { name: "stream_resource", doc: { ...resource, ...where } },
      { name: "stream_datum", doc: frames(0, 1) },
      { name: "stream_datum", doc: frames(1, 3) },
    ].map((line) => JSON.stringify(line));
    const all = [lines[0], JSON.stringify(descriptor), ...lines.slice(2, -1), ...more];
    const store = tiled(server.uri);
    writeFileSync(path, `${all.join("\n")}\n`);
    // Without its end, the run is taken for one that was begun.
    expect(await uploadRuns(store, openRuns(dir))).to.equal(1);
    writeFileSync(path, `${[...all, lines.at(-1)].join("\n")}\n`);
    expect(await uploadRuns(store, openRuns(dir))).to.equal(1);
    expect(await uploadRuns(store, openRuns(dir))).to.equal(0);
    const { ours, theirs } = await compared(path, "cam");
    expect(ours).to.deep.equal(theirs);
    expect(ours).to.deep.include({ shape: [3, 2, 2], dtype: "uint8", sums: [256, 257, 258], notes: null });
    expect(await sumsOf(openRuns(dir).latest().images())).to.deep.equal([256, 257, 258]);
  });

  it("are left out, with a note, on a server that may not read the folder; all else is stored", async () => {
    mkdirSync(join(dir, "other"));
    await start(join(dir, "other"));
    const motor = new SimMotor("motor");
    const img = new SimImageDetector("img", { dir: join(dir, "images") });
    const RE = createRunEngine({ live: false, store: [dir, tiled(server.uri)] });
    await RE(scan([img, new SimDetector("det", { motor })], motor, 0, 3, 4));
    await until(isSent);
    const stored = await openRuns(tiled(server.uri)).latest();
    expect(stored.stop?.exit_status).to.equal("success");
    expect((await stored.table()).column("motor")).to.deep.equal([0, 1, 2, 3]);
    expect(stored.notes).to.deep.equal([
      "The files of 'img-image' in stream 'primary' are not registered: the server cannot read them (status 500).",
    ]);
  });
});
