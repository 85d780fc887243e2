/** Tests of the images that detectors write into files, as the display of runs shows them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { $display } from "../../../lib/display/mimeBundle";
import type { StreamDatum, StreamResource } from "../../../lib/engine/documents/documents";
import { runExports } from "../../../lib/engine/result/runExports";
import { BestEffortCallback, plot } from "../../../lib/live";
import { createRunEngine } from "../../../lib/notebook";
import { count, gridScan, scan } from "../../../lib/plans";
import { SimDetector } from "../../../lib/sim/devices/simDetector";
import { SimImageDetector } from "../../../lib/sim/devices/simImageDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { encodeTiff } from "../../../lib/sim/devices/tiff";
import { openRuns } from "../../../lib/store";
import { Hdf5Writer } from "../../../lib/store/export/nexus/hdf5Writer";
import { RecordingHost } from "../../support/recordingHost";
import { testRun } from "../../support/runDocuments";

interface ImageSpec {
  readonly title: { readonly text: string; readonly subtitle: readonly string[] };
  readonly params: readonly { readonly value: readonly number[] }[];
}

const VEGA_LITE = "application/vnd.vegalite.v5+json";
const CAMERA = { dtype: "array", shape: [1, 2, 3], dtype_numpy: "<u2", external: "STREAM:" } as const;

describe("images in files of a detector", () => {
  let dir: string;
  let host: RecordingHost;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "file-images-"));
    host = new RecordingHost(true);
  });

  afterEach(() => {
    host.release();
    rmSync(dir, { recursive: true, force: true });
  });

  const specs = (): ImageSpec[] => host.outputs.flatMap((output) => (output[VEGA_LITE] as ImageSpec | undefined) ?? []);
  const wordsOf = (spec: ImageSpec | undefined): string => spec?.title.subtitle.join(" ") ?? "no plot";

  type Files = Pick<StreamResource, "mimetype" | "uri" | "parameters">;

  /** A run whose camera has written `images[i]` images after point i; with the last one it begins `further`. */
  const show = async (resource: Files, images: readonly number[], further?: Files) => {
    const run = testRun({ motor: {}, camera: CAMERA }, { motors: ["motor"] });
    const view = new BestEffortCallback();
    void view("start", run.start);
    void view("descriptor", run.descriptor);
    void view("stream_resource", { uid: "file", data_key: "camera", run_start: run.start.uid, ...resource });
    if (further)
      void view("stream_resource", { uid: "further", data_key: "camera", run_start: run.start.uid, ...further });
    for (const [i, stop] of images.entries()) {
      const indices = { start: images[i - 1] ?? 0, stop };
      const seq_nums = { start: i + 1, stop: i + 2 };
      const datum: StreamDatum = {
        uid: `file/${i}`,
        stream_resource: further && i === images.length - 1 ? "further" : "file",
        descriptor: run.descriptor.uid,
        indices,
        seq_nums,
      };
      void view("stream_datum", datum);
      void view("event", run.event(i + 1, { motor: i }));
    }
    await view("stop", run.stop());
  };

  it("are shown while the run goes on: the newest TIFF, with the values of its pixels", async () => {
    for (const number of [0, 1, 2])
      writeFileSync(join(dir, `frame_${number}.tif`), encodeTiff(Uint16Array.of(1, 2, 3, 4, 5, 60 + number), 3));
    const uri = pathToFileURL(`${dir}/`).href;
    const template = "frame_{:d}.tif";
    await show({ mimetype: "multipart/related;type=image/tiff", uri, parameters: { template } }, [1, 2, 3]);
    const [image, ...others] = specs();
    expect(others).to.have.length(0);
    expect(image?.title.text).to.equal("scan #12 · camera");
    expect(image?.params[0]?.value).to.deep.equal([1, 2, 3, 4, 5, 62]);
    expect(wordsOf(image)).to.equal("image 3, 3 × 2 · colours from 1 to 62 · values from 1 to 62");
    expect(host.text).to.contain(`scan #12 · camera: 3 images in ${uri}${template}`);
    const table = host.outputs.map((output) => String(output["text/html"] ?? "")).find((html) => html.includes("<th"));
    expect(table).to.contain("motor").and.not.contain("camera");
  }).timeout(20_000);

  it("are read out of HDF5 files, the last of several images of a point", async () => {
    const path = join(dir, "camera.h5");
    const file = await Hdf5Writer.open(path);
    const add = file.frames(file.group(file.group(file.root, "entry", "NXentry"), "data", "NXdata"), "data");
    for (const level of [1, 2, 3, 4]) add({ shape: [2, 3], data: Uint16Array.of(level, 0, 0, 0, 0, 500) });
    file.close();
    const uri = pathToFileURL(path).href;
    await show({ mimetype: "application/x-hdf5", uri, parameters: { dataset: "/entry/data/data" } }, [2, 4]);
    expect(specs()[0]?.params[0]?.value).to.deep.equal([4, 0, 0, 0, 0, 500]);
    expect(wordsOf(specs()[0])).to.contain("image 4, 3 × 2");
    expect(host.text).to.contain(`scan #12 · camera: 4 images in ${uri}`);
  }).timeout(20_000);

  it("are those of the second folder once the camera writes there, whose files are counted from 0 again", async () => {
    const written = (name: string, highest: number): Files => {
      mkdirSync(join(dir, name));
      writeFileSync(join(dir, name, "0.tif"), encodeTiff(Uint16Array.of(1, 2, 3, 4, 5, highest), 3));
      const uri = pathToFileURL(`${join(dir, name)}/`).href;
      return { mimetype: "multipart/related;type=image/tiff", uri, parameters: { template: "{:d}.tif" } };
    };
    await show(written("a", 6), [1, 2], written("b", 600));
    expect(specs()[0]?.params[0]?.value).to.deep.equal([1, 2, 3, 4, 5, 600]);
    expect(wordsOf(specs()[0])).to.contain("image 2, 3 × 2");
  }).timeout(20_000);

  it("are named with the reason if they cannot be read: another kind of file, or none", async () => {
    await show({ mimetype: "image/x-raw", uri: "file:///data/cam.raw", parameters: {} }, [1]);
    expect(wordsOf(specs()[0])).to.equal(
      "no image to show: images of camera are image/x-raw: only TIFF, JPEG and HDF5 can be read",
    );
    host.frames.length = 0;
    await show({ mimetype: "image/tiff", uri: pathToFileURL(join(dir, "gone.tif")).href, parameters: {} }, [1]);
    expect(wordsOf(specs()[0])).to.match(/^no image to show: cannot read the image .*gone\.tif: ENOENT/);
    expect(host.text).to.contain("scan #12 · camera: 1 image in file://");
  }).timeout(20_000);

  it("come after the lines, of a single point too, and of a grid below its map", async () => {
    const x = new SimMotor("x");
    const y = new SimMotor("y");
    const camera = new SimImageDetector("camera", { dir, size: [12, 8], sigma: 2, x });
    const RE = createRunEngine({ dir });
    await RE(scan([camera], x, -2, 2, 5));
    expect(specs().map(({ title }) => title.text)).to.deep.equal(["scan #1", "scan #1 · camera-image"]);
    const frames: number[][] = [];
    for await (const { data } of openRuns(dir).latest().images("camera-image")) frames.push([...data]);
    expect(frames).to.have.length(5);
    expect(specs()[1]?.params[0]?.value).to.deep.equal(frames.at(-1));
    host.frames.length = 0;
    await RE(count([camera], 1));
    expect(specs().map(({ title }) => title.text)).to.deep.equal(["count #2 · camera-image"]);
    host.frames.length = 0;
    await RE(gridScan([camera, new SimDetector("det", { motor: x })], y, 0, 1, 2, x, 0, 1, 2));
    expect(specs().map(({ title }) => title.text)).to.deep.equal([
      "grid_scan #3",
      "grid_scan #3",
      "grid_scan #3 · camera-image",
    ]);
    host.frames.length = 0;
    await RE(count([camera], 1), { live: { hide: "camera-image" } });
    expect(specs()).to.deep.equal([]);
    await RE(count([camera], 1), { live: { plots: false } });
    expect(specs()).to.deep.equal([]);
  }).timeout(60_000);

  it("are read once for the plot of a stored run, and never for its peaks", async () => {
    const camera = new SimImageDetector("camera", { dir, size: [12, 8] });
    const run = await createRunEngine({ dir, live: false })(count([camera], 3));
    const provider = runExports();
    const { image } = provider;
    const read: number[] = [];
    provider.image = (resource, index) => {
      read.push(index);
      return image(resource, index);
    };
    try {
      expect(run.peaks.max).to.deep.equal({});
      expect(read).to.deep.equal([]);
      await plot(openRuns(dir).latest(), { y: "camera-image" }).spec();
      expect(read).to.deep.equal([2]);
    } finally {
      provider.image = image;
    }
  }).timeout(20_000);

  it("are the same in the plots of a stored run and of a result", async () => {
    const camera = new SimImageDetector("camera", { dir, size: [12, 8] });
    const result = await createRunEngine({ dir })(count([camera], 2));
    const live = specs().at(-1);
    expect(wordsOf(live)).to.contain("image 2, 12 × 8");
    const pieces = [...result.documents()].flatMap(({ name, doc }) => (name === "stream_datum" ? [doc.indices] : []));
    expect(pieces).to.deep.equal([{ start: 0, stop: 2 }]);
    const stored = openRuns(dir).latest();
    const y = "camera-image";
    for (const shown of [plot(stored, { y }), stored.plot({ y }), plot(result, { y }), result.plot({ y })]) {
      const bundle = await shown[$display]();
      expect(bundle[VEGA_LITE]).to.deep.equal(live);
      expect(bundle["text/plain"]).to.match(/^count #1 · camera-image: 2 images in file:.*frame_\{:06d\}\.tif$/);
    }
  }).timeout(20_000);
});
