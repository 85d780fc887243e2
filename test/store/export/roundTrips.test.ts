import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import fc from "fast-check";
import type { DataKey, Document } from "../../../lib/engine/documents/documents";
import type { Pixels } from "../../../lib/engine/result/runExports";
import { parseJson } from "../../../lib/json";
import { tableNames } from "../../../lib/store/export/columnKind";
import { Hdf5Writer } from "../../../lib/store/export/nexus/hdf5Writer";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { openRuns } from "../../../lib/store/openRuns";
import type { StoredRun } from "../../../lib/store/runs/storedRun";
import { columnNames } from "../../../lib/store/tiled/portable";
import { tiled } from "../../../lib/store/tiled/tiledClient";
import { uploadRuns } from "../../../lib/store/tiled/uploadRun";
import { runPython } from "../../peers/peers";
import { startTiled, type TiledServer } from "../../peers/tiled";
import { type RandomRun, randomRun } from "../../support/randomRuns";

/** Random runs; more with `ROUND_TRIPS=200`. */
const RUNS = Number(process.env.ROUND_TRIPS ?? 6);

type Columns = Record<string, unknown[]>;
interface ReadStream {
  readonly columns: Columns;
  readonly units?: Record<string, string>;
  readonly kinds?: Record<string, string>;
  readonly positive?: number;
}
interface ReadRun {
  readonly parquet: Record<string, ReadStream>;
  readonly csv: Record<string, ReadStream>;
  readonly nexus: { readonly streams: Record<string, ReadStream>; readonly image: unknown };
  readonly copied: unknown;
  readonly tiled: Record<string, ReadStream>;
}

/** Pixels of all types that detectors have, by the names of numpy. */
const PIXELS: Readonly<Record<string, (values: readonly number[]) => Pixels>> = {
  uint8: Uint8Array.from.bind(Uint8Array),
  uint16: Uint16Array.from.bind(Uint16Array),
  uint32: Uint32Array.from.bind(Uint32Array),
  int8: Int8Array.from.bind(Int8Array),
  int16: Int16Array.from.bind(Int16Array),
  int32: Int32Array.from.bind(Int32Array),
  float32: Float32Array.from.bind(Float32Array),
  float64: Float64Array.from.bind(Float64Array),
};

/** A text without NUL and without halves of characters, which most formats cannot hold. */
const TEXT = (text: string) => WHOLE(text.replaceAll("\0", "\ufffd"));
const WHOLE = (text: string) => text.replace(/\p{Surrogate}/gu, "\ufffd");
const isNone = (value: unknown) => value === undefined || value === null;
/** An integer as it is read from JSON. */
const plain = (value: unknown): unknown => {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
};
/** A value in UTF-8, which has no halves of characters. */
const whole = (value: unknown): unknown => (typeof value === "string" ? WHOLE(value) : value);
/** A value that a reader got as JSON text if no column of its format has room for it. */
const unpacked = (value: unknown, described: DataKey): unknown =>
  typeof value === "string" && described.dtype !== "string" && value !== "" ? parseJson(value) : value;

describe("random runs", function () {
  this.timeout(150_000 + RUNS * 20_000);
  let dir: string;
  let server: TiledServer;

  before(async () => {
    server = await startTiled();
    process.env.TILED_API_KEY = server.key;
    dir = mkdtempSync(join(tmpdir(), "trips-"));
  });

  after(async () => {
    delete process.env.TILED_API_KEY;
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  /** The images of a detector in an HDF5 file, and the documents that name them. */
  const imagesOf = async (folder: string, run: RandomRun, kind: string, frames: readonly number[][]) => {
    const path = join(folder, "images", "img.h5");
    mkdirSync(join(folder, "images"), { recursive: true });
    const file = await Hdf5Writer.open(path);
    const entry = file.group(file.group(file.root, "entry", "NXentry"), "data", "NXdata");
    const add = file.frames(entry, "data");
    for (const pixels of frames) add({ shape: [2, 3], data: PIXELS[kind]?.(pixels) as Pixels });
    file.close();
    const resource = { uid: "r", data_key: "img", mimetype: "application/x-hdf5", run_start: run.uid };
    const indices = { start: 0, stop: frames.length };
    const parameters = { dataset: "/entry/data/data" };
    return [
      { name: "stream_resource", doc: { ...resource, uri: pathToFileURL(path).href, parameters } },
      { name: "stream_datum", doc: { uid: "d", stream_resource: "r", descriptor: "", indices, seq_nums: indices } },
    ] as Document[];
  };

  const kept = async (run: RandomRun, name: string, kind: string, frames: readonly number[][]): Promise<StoredRun> => {
    const folder = join(dir, name);
    const files = new RunFiles(join(folder, "runs"));
    const images = await imagesOf(folder, run, kind, frames);
    const [stop] = run.documents.slice(-1);
    for (const { name: of, doc } of [...run.documents.slice(0, -1), ...images, stop as Document])
      files.receive(of as "event", doc as never);
    writeFileSync(join(folder, "uid"), run.uid);
    const stored = openRuns(join(folder, "runs")).latest();
    await stored.export(join(folder, "run.parquet"));
    await stored.export(join(folder, "run.csv"));
    await stored.export(join(folder, "run.nxs"));
    await stored.export(join(folder, "copied.nxs"), { images: "copy" });
    return stored;
  };

  it("with values of every kind are read by Python from Parquet, CSV, NeXus and Tiled as they were measured", async () => {
    const image = fc.record({
      kind: fc.constantFrom(...Object.keys(PIXELS)),
      frames: fc.array(fc.array(fc.integer({ min: 0, max: 127 }), { minLength: 6, maxLength: 6 }), {
        minLength: 1,
        maxLength: 4,
      }),
    });
    const samples = fc.sample(fc.tuple(randomRun, image), { numRuns: RUNS, seed: Number(process.env.SEED ?? 13) });
    const stored: StoredRun[] = [];
    for (const [i, [run, { kind, frames }]] of samples.entries()) stored.push(await kept(run, `${i}`, kind, frames));
    expect(await uploadRuns(tiled(server.uri), stored)).to.equal(RUNS);
    const output = await runPython("test/peers/keeping/readRoundTrips.py", [dir, server.uri, server.key]);
    const read = parseJson(output) as Record<string, ReadRun>;
    for (const [i, [run, { kind, frames }]] of samples.entries()) {
      const found = read[i] as ReadRun;
      for (const [stream, measured] of Object.entries(run.streams)) {
        checkTable(found.parquet[stream] as ReadStream, stream, measured);
        checkCsv(found.csv[stream]?.columns ?? {}, stream, measured);
        checkNexus(found.nexus.streams[stream] as ReadStream, stream, measured);
        checkTiled(found.tiled[stream] as ReadStream, stream, measured);
      }
      const values = frames.map((pixels) => [pixels.slice(0, 3), pixels.slice(3)]);
      expect(found.nexus.image, "linked").to.deep.equal({ values, dtype: kind });
      expect(found.copied, "copied").to.deep.equal({ values, dtype: kind });
      const again = await openRuns(tiled(server.uri)).get(run.uid);
      for (const [stream, { keys, rows }] of Object.entries(run.streams))
        for (const source of [stored[i] as StoredRun, again]) {
          const events = [];
          for await (const { data } of source.events(stream)) events.push(data);
          for (const key of Object.keys(keys))
            expect(
              events.map((data) => data[key] ?? Number.NaN),
              `${stream} ${key} of ${source.constructor.name}`,
            ).to.deep.equal(rows.map((row) => onServer(row[key], source === again)));
        }
    }
  });

  /** A database has no NUL in texts, and NaN for a number that is missing. */
  const onServer = (value: unknown, isServer: boolean): unknown => {
    if (value === undefined) return Number.NaN;
    if (!isServer) return value;
    return Array.isArray(value)
      ? value.map((item) => onServer(item, true))
      : typeof value === "string"
        ? TEXT(value)
        : value;
  };

  type Measured = RandomRun["streams"][string];

  const checkTable = (found: ReadStream, stream: string, { keys, rows }: Measured) => {
    for (const [key, name] of tableNames(Object.keys(keys))) {
      const described = keys[key] as DataKey;
      const values = found.columns[name]?.map((value) => plain(unpacked(value, described)));
      expect(values, `${stream} ${key} in Parquet`).to.deep.equal(rows.map((row) => whole(row[key] ?? null)));
    }
    expect(found.units?.T).to.equal(keys.T?.units);
    const positive = rows.filter(({ T }) => Number.isNaN(T) || (T as number) > 0);
    expect(found.positive, "found by DuckDB").to.equal(positive.length);
  };

  const checkCsv = (columns: Columns, stream: string, { keys, rows }: Measured) => {
    for (const [key, name] of tableNames(Object.keys(keys))) {
      const values = columns[name]?.map((text) => csvValue(String(text), keys[key] as DataKey));
      const expected = rows.map((row) => (isNone(row[key]) ? "" : whole(row[key])));
      expect(values, `${stream} ${key} in CSV`).to.deep.equal(expected);
    }
  };

  const csvValue = (text: string, { dtype }: DataKey): unknown => {
    if (dtype === "string") return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
    if (dtype === "boolean") return text === "true";
    if (text === "") return "";
    return parseJson(text.replace("inf", "Infinity"));
  };

  const checkNexus = (found: ReadStream, stream: string, { keys, rows }: Measured) => {
    for (const [key, described] of Object.entries(keys)) {
      const [name = ""] = Object.keys(found.columns).filter((each) => each.endsWith(`|${key}`));
      const values = found.columns[name]?.map((value) => plain(unpacked(value, described)));
      // Lists of different lengths are JSON texts, in which booleans stay what they are.
      const isText = new Set(rows.map((row) => (Array.isArray(row[key]) ? row[key].length : 0))).size > 1;
      const bare = (value: unknown): unknown => {
        if (isNone(value)) return Number.NaN;
        if (typeof value === "boolean") return isText ? value : Number(value);
        return Array.isArray(value)
          ? value.map(bare)
          : typeof value === "string" && described.dtype === "string"
            ? TEXT(value)
            : value;
      };
      expect(values, `${stream} ${key} in NeXus`).to.deep.equal(rows.map((row) => bare(row[key])));
    }
  };

  const checkTiled = (found: ReadStream, stream: string, { keys, rows }: Measured) => {
    const names = columnNames(Object.keys(keys));
    for (const [key, described] of Object.entries(keys)) {
      const name = key in found.columns && found.kinds?.[key] !== undefined ? key : (names.get(key) ?? key);
      const values = found.columns[name]?.map((value) => plain(unpacked(value, described)) ?? Number.NaN);
      expect(values, `${stream} ${key} in Tiled`).to.deep.equal(rows.map((row) => onServer(row[key], true)));
    }
    if (found.kinds?.bytes !== undefined) expect(found.kinds.bytes).to.equal("uint8");
  };
});
