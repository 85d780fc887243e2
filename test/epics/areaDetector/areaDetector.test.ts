/**
 * Tests of an areaDetector camera that writes files, against an IOC of caproto; h5py and bluesky read the
 * files.
 */

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  AreaDetector,
  type AreaDetectorOptions,
  bps,
  count,
  disposeDevices,
  epicsSignalR,
  epicsSignalRw,
  initDevices,
} from "../../../lib/index";
import { type Ioc, startIoc } from "../../peers/epics";
import { peersPython, runProgram } from "../../peers/peers";
import { failureText } from "../../support/failure";
import { quietEngine } from "../../support/quietEngine";

/** Reads the frames of a run from the files that its documents name, as bluesky does. */
const READ = `
import json, sys
from bluesky.consolidators import HDF5Consolidator, TIFFConsolidator
from urllib.parse import urlparse
import h5py
import numpy as np
from PIL import Image
docs = json.load(sys.stdin)
descriptor = next(d for n, d in docs if n == "descriptor")
resource = next(d for n, d in docs if n == "stream_resource")
hdf = resource["mimetype"] == "application/x-hdf5"
one = (HDF5Consolidator if hdf else TIFFConsolidator)(resource, descriptor)
for n, d in docs:
    if n == "stream_datum":
        one.consume_stream_datum(d)
path = urlparse(resource["uri"]).path
frames = list(h5py.File(path)["entry/data/data"]) if hdf else [np.asarray(Image.open(urlparse(a.data_uri).path)) for a in one.assets]
print(json.dumps({"shape": list(one.shape), "frames": [[list(f.shape), str(f.dtype), int(f.min()), int(f.max())] for f in frames]}))
`;

/** Reads the values of each frame by the consolidators of bluesky. */
const READ_VALUES = `
import json, sys
from bluesky.consolidators import HDF5Consolidator
from urllib.parse import urlparse
import h5py
docs = json.load(sys.stdin)
descriptor = next(d for n, d in docs if n == "descriptor")
found = {}
for resource in [d for n, d in docs if n == "stream_resource"]:
    if resource["data_key"] == "camera-image":
        continue
    one = HDF5Consolidator(resource, descriptor)
    for n, d in docs:
        if n == "stream_datum" and d["stream_resource"] == resource["uid"]:
            one.consume_stream_datum(d)
    values = h5py.File(urlparse(resource["uri"]).path)[resource["parameters"]["dataset"]]
    assert tuple(one.shape) == values.shape, (one.shape, values.shape)
    found[resource["data_key"]] = [v.decode() if isinstance(v, bytes) else v for v in values[()].tolist()]
print(json.dumps(found))
`;

describe("a camera of areaDetector", function () {
  this.timeout(30_000);
  let ioc: Ioc;
  let folder: string;
  before(async () => {
    ioc = await startIoc("camera");
    folder = mkdtempSync(join(tmpdir(), "camera-"));
  });
  after(async () => {
    await ioc.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const withCamera = async (
    format: "hdf5" | "tiff" | "jpeg",
    work: (camera: AreaDetector) => Promise<void>,
    dir = folder,
    options: Partial<AreaDetectorOptions> = {},
  ) => {
    const camera = new AreaDetector("LAB:CAM:", { dir: join(dir, format), format, ...options });
    await initDevices({ camera });
    try {
      await work(camera);
    } finally {
      await disposeDevices({ camera });
    }
  };

  const measured = async (format: "hdf5" | "tiff" | "jpeg", camera: AreaDetector, frames: number) => {
    const { RE } = quietEngine();
    const documents: [string, Record<string, unknown>][] = [];
    RE.subscribe((name, doc) => documents.push([name, doc as Record<string, unknown>]));
    const run = await RE(function* () {
      yield* bps.stage(camera);
      yield* bps.prepare(camera, { frames, exposure: 0.02 }, { wait: true });
      yield* count([camera], 3);
    });
    expect(run.exitStatus, format).to.equal("success");
    return documents;
  };

  /** What bluesky finds in the files that the documents name. */
  const measuredFrames = async (documents: readonly unknown[]) => {
    const { stdout, stderr } = await runProgram(peersPython(), ["-c", READ], { input: JSON.stringify(documents) });
    expect(stdout, stderr).not.to.equal("");
    return JSON.parse(stdout) as { shape: number[]; frames: [number[], string, number, number][] };
  };

  for (const format of ["hdf5", "tiff"] as const) {
    it(`takes a frame a point, which bluesky finds in ${format} files`, () =>
      withCamera(format, async (camera) => {
        const documents = await measured(format, camera, 1);
        const [key] = documents.flatMap(([name, doc]) => (name === "descriptor" ? [doc.data_keys] : []));
        expect(key).to.deep.include({
          "camera-image": {
            source: `ca://LAB:CAM:${format === "hdf5" ? "HDF1" : "TIFF1"}:NumCaptured_RBV`,
            dtype: "array",
            dtype_numpy: "<u2",
            shape: [1, 6, 8],
            external: "STREAM:",
            object_name: "camera",
          },
        });
        const { shape, frames } = await measuredFrames(documents);
        expect(shape).to.deep.equal([3, 6, 8]);
        // The camera numbers its frames by the value of their pixels.
        const first = frames[0]?.[2] ?? Number.NaN;
        expect(frames).to.deep.equal([0, 1, 2].map((i) => [[6, 8], "uint16", first + i, first + i]));
        const configuration = await camera.readConfiguration();
        expect(configuration["camera-driver-acquireTime"]?.value).to.equal(0.02);
      }));
  }

  it("records values with each frame, of which bluesky finds the datasets", () =>
    withCamera(
      "hdf5",
      async (camera) => {
        const documents = await measured("hdf5", camera, 1);
        const of = (kind: string) => documents.flatMap(([name, doc]) => (name === kind ? [doc] : []));
        const [descriptor] = of("descriptor");
        const keys = descriptor?.data_keys as Record<string, object>;
        const written = "ca://LAB:CAM:HDF1:NumCaptured_RBV";
        const common = { shape: [1], external: "STREAM:", object_name: "camera" };
        expect(keys.temperature).to.deep.equal({
          ...{ source: "ca://LAB:T", dtype: "number", dtype_numpy: "<f8" },
          ...common,
        });
        expect(keys.mode).to.deep.equal({ source: written, dtype: "string", dtype_numpy: "|S40", ...common });
        expect(keys.total).to.deep.equal({ source: written, dtype: "integer", dtype_numpy: "<i4", ...common });
        expect(descriptor?.hints).to.deep.include({ camera: { fields: ["camera-image"] } });
        expect(of("stream_resource").map(({ data_key, parameters }) => [data_key, parameters])).to.deep.include([
          "total",
          { dataset: "/entry/instrument/NDAttributes/total", chunk_shape: [16_384] },
        ]);
        expect(of("stream_datum")).to.have.length(12);
        const { stdout, stderr } = await runProgram(peersPython(), ["-c", READ_VALUES], {
          input: JSON.stringify(documents),
        });
        expect(stdout, stderr).not.to.equal("");
        const { total = [], ...others } = JSON.parse(stdout) as Record<string, number[]>;
        const first = total[0] ?? Number.NaN;
        expect(total).to.deep.equal([first, first + 1, first + 2]);
        expect(others).to.deep.equal({
          temperature: total.map((i) => i / 2),
          mode: total.map((i) => `frame ${i}`),
        });
      },
      folder,
      {
        attributes: [
          { name: "temperature", pv: "ca://LAB:T", description: "of <the> \"sample\" & 'more'" },
          { name: "mode", parameter: "MODE", type: "string" },
          { name: "total", parameter: "TOTAL", type: "integer", plugin: "Stats1:" },
        ],
      },
    ));

  it("describes the values that its IOC has set already, unless their type is not known", async () => {
    const file = await initDevices({ set: epicsSignalRw(String, "LAB:CAM:cam1:NDAttributesFile") });
    const described = (xml: string) =>
      withCamera(
        "hdf5",
        async (camera) => {
          await file.set.set(xml);
          expect(Object.keys(await camera.describe())).to.include("a&b");
        },
        folder,
        { attributes: true },
      );
    try {
      const param = `<?xml version='1.0'?><Attributes><!-- <Attribute name="c"/> -->\n<Attribute\n name='a&amp;b' type="PARAM" source="X" datatype="DOUBLE"/></Attributes>`;
      await described(param);
      expect(await failureText(described('<Attributes><Attribute name="t" source="LAB:T"/></Attributes>'))).to.contain(
        "the value t of a frame has the type DBR_NATIVE, which documents cannot describe",
      );
    } finally {
      await file.set.set("<Attributes/>");
      await disposeDevices(file);
    }
  });

  it("names its files by another address where their readers see them elsewhere, in JPEG as well", () =>
    withCamera(
      "jpeg",
      async (camera) => {
        const documents = await measured("jpeg", camera, 1);
        const [resource] = documents.flatMap(([name, doc]) => (name === "stream_resource" ? [doc] : []));
        expect(resource).to.deep.include({
          uri: "file://nfs-host/share/today/",
          mimetype: "multipart/related;type=image/jpeg",
        });
        const files = readdirSync(join(folder, "jpeg")).sort();
        expect(files.map((name) => name.replace(/_[0-9a-f]{8}_/, "_x_"))).to.deep.equal([
          "camera_x_000000.jpeg",
          "camera_x_000001.jpeg",
          "camera_x_000002.jpeg",
        ]);
      },
      folder,
      { uri: () => "file://nfs-host/share/today" },
    ));

  it("refuses values of frames that it cannot record", () => {
    const made = (options: Partial<AreaDetectorOptions>) => () =>
      new AreaDetector("LAB:CAM:", { dir: "/data", ...options });
    expect(made({ attributes: [{ name: "t" }] })).to.throw("the value t of a frame needs either a pv or a parameter");
    expect(made({ attributes: [{ name: "a b", pv: "X" }] })).to.throw('a value of a frame cannot be named "a b"');
    expect(made({ attributes: true, format: "tiff" })).to.throw("values of each frame are in HDF5 files only");
    expect(made({ format: "bmp" as never })).to.throw('an areaDetector writes "hdf5" or "tiff" or "jpeg", not "bmp"');
  });

  it("says so if its IOC has no such folder, or the trigger is unknown", async () => {
    await withCamera(
      "hdf5",
      async (camera) => {
        expect(await failureText(camera.prepare({}))).to.contain(
          "camera cannot write: its IOC has no folder /nowhere/hdf5, and could not make it",
        );
        expect(await failureText(camera.driver.prepare({ trigger: "edge" }))).to.contain("no trigger mode for edge");
      },
      "/nowhere",
    );
    await withCamera(
      "hdf5",
      async (camera) => {
        expect(await failureText(camera.prepare({}))).to.contain("the IOC needs an absolute path");
      },
      "relative",
    );
  });

  it("sets what ophyd-async sets, in an order in which the plugin begins", () =>
    withCamera("hdf5", async (camera) => {
      // The camera lists what was set since this was read last.
      const puts = epicsSignalR(Array, "LAB:CAM:Puts");
      await puts.connect();
      await puts.getValue();
      await measured("hdf5", camera, 1);
      const listed = (await puts.getValue()).map((name) => `${name}`.replace("LAB:CAM:", ""));
      await puts.dispose();
      const at = (name: string) => listed.indexOf(name);
      const begins = "HDF1:Capture";
      for (const name of [
        ..."ChunkSizeAuto NumExtraDims LazyOpen SWMRMode XMLFileName EnableCallbacks".split(" "),
        ..."CreateDirectory FilePath FileName FileTemplate AutoIncrement FileNumber FileWriteMode NumCapture".split(
          " ",
        ),
      ])
        expect(at(`HDF1:${name}`), name).to.be.within(0, at(begins));
      expect(at("HDF1:CreateDirectory")).to.be.below(at("HDF1:FilePath"));
      expect(at("HDF1:FilePath")).to.be.below(at("HDF1:NumCapture"));
      expect(at("cam1:ImageMode")).to.be.within(0, at("cam1:Acquire"));
      expect(at("cam1:NumImages")).to.be.within(0, at("cam1:Acquire"));
      // The frames of each point are on the disk before its documents name them.
      expect(listed.slice(at("cam1:Acquire")).filter((name) => /Acquire|FlushNow/.test(name))).to.deep.equal([
        ...["cam1:Acquire", "HDF1:FlushNow", "cam1:Acquire", "HDF1:FlushNow", "cam1:Acquire", "HDF1:FlushNow"],
        "cam1:Acquire",
      ]);
    }));

  it("describes frames in colours, volumes and chunks as they are in the file", () =>
    withCamera("tiff", async (camera) => {
      const settings = { color: epicsSignalRw(Number, "LAB:CAM:cam1:ColorMode_RBV") };
      const depth = { depth: epicsSignalRw(Number, "LAB:CAM:cam1:ArraySizeZ_RBV") };
      const devices = await initDevices({ ...settings, ...depth });
      const shape = async () => {
        const keys = await camera.describe();
        await camera.unstage();
        return keys["camera-image"]?.shape;
      };
      try {
        expect(await shape()).to.deep.equal([1, 6, 8]);
        for (const [color, expected] of [
          [2, [1, 6, 8, 3]],
          [3, [1, 6, 3, 8]],
          [4, [1, 3, 6, 8]],
          [1, [1, 6, 8]],
        ] as const) {
          await devices.color.set(color);
          expect(await shape()).to.deep.equal(expected);
        }
        await devices.color.set(5);
        expect(await failureText(shape)).to.equal(
          "camera-driver takes frames with the colours YUV444: set its ColorMode to one of Mono, Bayer, RGB1, RGB2, RGB3",
        );
        await camera.unstage();
        await devices.color.set(0);
        await devices.depth.set(10);
        expect(await shape()).to.deep.equal([1, 10, 6, 8]);
      } finally {
        await devices.color.set(0);
        await devices.depth.set(0);
        await disposeDevices(devices);
      }
    }));

  for (const format of ["hdf5", "tiff"] as const) {
    it(`stops taking frames when its plan is aborted, closes its ${format} file, and measures afterwards`, () =>
      withCamera(format, async (camera) => {
        const { RE } = quietEngine();
        const handle = RE(function* () {
          yield* bps.stage(camera);
          yield* bps.prepare(camera, { frames: 1000, exposure: 0.02 }, { wait: true });
          yield* bps.openRun();
          yield* bps.trigger(camera, { wait: true });
        });
        while ((await camera.file.written.getValue()) < 2) await new Promise((resolve) => setTimeout(resolve, 20));
        await RE.abort("enough");
        expect((await handle).exitStatus).to.equal("abort");
        expect(await camera.driver.state.getValue({ cached: false })).to.equal(0);
        expect(await camera.file.capture.getValue({ cached: false })).to.equal(0);
        expect((await measuredFrames(await measured(format, camera, 1))).shape).to.deep.equal([3, 6, 8]);
      }));
  }

  it("fails when its IOC was restarted during the run, since the plugin then writes no frames", async () => {
    let own = await startIoc("camera");
    const camera = new AreaDetector("LAB:CAM:", { dir: join(folder, "hdf5") });
    await initDevices({ camera });
    try {
      const { RE } = quietEngine();
      const restarted = async () => {
        await own.stop();
        own = await startIoc("camera", { port: own.port });
      };
      const reason = await failureText(
        RE(function* () {
          yield* bps.stage(camera);
          yield* count([camera], 1);
          yield* bps.openRun();
          yield* bps.trigger(camera, { wait: true });
          yield* bps.waitFor([restarted]);
          yield* bps.trigger(camera, { wait: true });
        }),
      );
      expect(reason).to.contain("camera-file writes no frames any more: its IOC was restarted, or it has stopped");
      expect(RE.state).to.equal("idle");
    } finally {
      await disposeDevices({ camera });
      await own.stop();
      ioc.use();
    }
  }).timeout(60_000);
});
