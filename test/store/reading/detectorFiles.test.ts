/** Tests of the files of detectors that Pillow, tifffile and h5py wrote: from the folder, a copy in NeXus, and Tiled. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { DataKey, Document } from "../../../lib/engine/documents/documents";
import type { ImageFrame } from "../../../lib/engine/result/runExports";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { openRuns } from "../../../lib/store/openRuns";
import { tiled } from "../../../lib/store/tiled/tiledClient";
import { uploadRuns } from "../../../lib/store/tiled/uploadRun";
import { runPython } from "../../peers/peers";
import { startTiled } from "../../peers/tiled";
import { testRun } from "../../support/runDocuments";

/** A run whose detector wrote files, and what Python reads of these. */
interface Case {
  readonly name: string;
  readonly shape: number[];
  readonly dtype: string;
  readonly rows: number;
  readonly resources: readonly {
    readonly uid: string;
    readonly mimetype: string;
    readonly uri: string;
    readonly parameters: Record<string, unknown>;
    readonly first: number;
    readonly count: number;
  }[];
  readonly frames: readonly (readonly [shape: number[], pixels: number[]])[];
}

describe("files of detectors that Python's libraries wrote", function () {
  this.timeout(240_000);
  let dir: string;
  let cases: readonly Case[];

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "detectors-"));
    await runPython("test/peers/keeping/detectorFiles.py", ["write", join(dir, "files")]);
    cases = JSON.parse(readFileSync(join(dir, "files", "documents.json"), "utf8")) as Case[];
    const files = new RunFiles(join(dir, "runs"));
    for (const made of cases) for (const { name, doc } of documentsOf(made)) files.receive(name, doc as never);
  });

  after(() => rmSync(dir, { recursive: true, force: true }));

  /** The documents of a run with an event for each row. */
  const documentsOf = ({ name, shape, dtype, rows, resources }: Case): Document[] => {
    const cam = { source: "CAM", dtype: "array", shape, dtype_numpy: dtype, external: "STREAM:" } as DataKey;
    const run = testRun({ det: {} }, { case: name, time: Date.now() / 1000 });
    const descriptor = { ...run.descriptor, data_keys: { ...run.descriptor.data_keys, cam } };
    const events = Array.from({ length: rows }, (_, i) => run.event(i + 1, { det: i }));
    const ofFiles = resources.flatMap(({ first, count, uid: number, ...resource }) => {
      const uid = `${run.start.uid}/${number}`;
      const stream_resource = { ...resource, uid, data_key: "cam", run_start: run.start.uid };
      // In two parts, as a detector reports them.
      const parts = [first, first + 1, first + count];
      const data = parts.slice(1).map((stop, i) => {
        const start = parts[i] ?? 0;
        const indices = { start, stop };
        const seq_nums = { start: start + 1, stop: stop + 1 };
        const doc = { uid: `${uid}/${start}`, stream_resource: uid, descriptor: descriptor.uid, indices, seq_nums };
        return { name: "stream_datum", doc };
      });
      return [{ name: "stream_resource", doc: stream_resource }, ...data];
    });
    const ofEvents = events.map((doc) => ({ name: "event", doc }));
    return [
      { name: "start", doc: run.start },
      { name: "descriptor", doc: descriptor },
      ...ofFiles,
      ...ofEvents,
      { name: "stop", doc: run.stop() },
    ] as Document[];
  };

  const read = async (frames: AsyncIterable<ImageFrame>) => {
    const found: [number[], number[]][] = [];
    for await (const { shape, data } of frames) found.push([[...shape], Array.from(data)]);
    return found;
  };

  const expectFrames = (found: readonly (readonly [number[], number[]])[], { name, frames }: Case) => {
    expect(
      found.map(([shape]) => shape),
      name,
    ).to.deep.equal(frames.map(([shape]) => shape));
    for (const [i, [, pixels]] of frames.entries())
      expect(
        found[i]?.[1].every((value, k) => value === pixels[k]),
        `pixels of frame ${i} of ${name}`,
      ).to.equal(true);
  };

  it("are read as they read them: JPEG, TIFF of several pages or files a row, HDF5 with chunks, slices and joined files", async () => {
    for (const made of cases) {
      const [run] = openRuns(join(dir, "runs")).find({ case: made.name });
      expectFrames(run ? await read(run.images("cam")) : [], made);
    }
  });

  it("have the same pixels on a Tiled server, for Python's client and for ours", async () => {
    const server = await startTiled({ readable: dir });
    process.env.TILED_API_KEY = server.key;
    try {
      await uploadRuns(tiled(server.uri), openRuns(join(dir, "runs")).find({ sort: "oldest" }));
      const output = await runPython("test/peers/keeping/detectorFiles.py", ["read", server.uri, server.key]);
      const python = JSON.parse(output) as Record<string, { notes: unknown; shape: number[]; pixels: number[] }>;
      const runs = openRuns(tiled(server.uri));
      for (const made of cases) {
        const { notes, shape, pixels = [] } = python[made.name] ?? {};
        expect(notes, made.name).to.equal(null);
        const own = made.shape.length === 1 ? [] : made.shape;
        expect(shape, made.name).to.deep.equal([made.rows, ...own]);
        const measured = made.frames.flatMap(([, values]) => values);
        expect(pixels.length, made.name).to.equal(measured.length);
        expect(
          pixels.every((value, i) => value === measured[i]),
          `${made.name} in Python`,
        ).to.equal(true);
        const [run] = await runs.find({ case: made.name });
        expectFrames(run ? await read(run.images("cam")) : [], made);
      }
    } finally {
      delete process.env.TILED_API_KEY;
      await server.stop();
    }
  });
});
