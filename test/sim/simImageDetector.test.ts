import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { StreamAsset } from "../../lib/core/standardDetector";
import type { Document } from "../../lib/engine/documents";
import { makeRunEngine } from "../../lib/engine/runEngine";
import { count } from "../../lib/plans/bp";
import { SimImageDetector } from "../../lib/sim/simImageDetector";
import { SimMotor } from "../../lib/sim/simMotor";
import { failure } from "../faults/wait";
import { peersPython, runProgram } from "../peers/peers";

const READ = `
import json, sys
import numpy
from PIL import Image
image = numpy.asarray(Image.open(sys.argv[1]))
print(json.dumps({"shape": image.shape, "dtype": str(image.dtype), "sum": int(image.sum(dtype=numpy.uint64)), "max": [int(i) for i in numpy.unravel_index(image.argmax(), image.shape)]}))
`;

describe("SimImageDetector", () => {
  let dir = "";

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "images-"));
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  const collected = async (camera: SimImageDetector, index?: number) => {
    const assets: StreamAsset[] = [];
    for await (const asset of camera.collectAssetDocs(index)) assets.push(asset);
    return assets;
  };

  it("writes pictures that others read, described by documents of a run", async () => {
    const x = new SimMotor("x", { initial: 30 });
    const camera = new SimImageDetector("camera", { dir, size: [120, 80], sigma: 4, x });
    const documents: Document[] = [];
    const engine = makeRunEngine();
    engine.subscribe((name, doc) => void documents.push({ name, doc } as Document));
    await engine(count([camera], 3));
    const names = documents.map(({ name }) => name);
    expect(names.filter((name) => name === "stream_resource")).to.have.length(1);
    const data = documents.flatMap((d) => (d.name === "stream_datum" ? [d.doc] : []));
    expect(data.map(({ indices }) => indices)).to.deep.equal([
      { start: 0, stop: 1 },
      { start: 1, stop: 2 },
      { start: 2, stop: 3 },
    ]);
    expect(data.map(({ seq_nums }) => seq_nums.start)).to.deep.equal([1, 2, 3]);
    const events = documents.flatMap((d) => (d.name === "event" ? [d.doc] : []));
    expect(Object.keys(events[0]?.data ?? {})).to.deep.equal(["camera-sum"]);
    const [resource] = documents.flatMap((d) => (d.name === "stream_resource" ? [d.doc] : []));
    const name = String(resource?.parameters.template).replace("{:06d}", "000002");
    const file = `${resource?.uri.replace("file://localhost", "file://")}${name}`;
    const { stdout, stderr } = await runProgram(peersPython(), ["-c", READ, fileURLToPath(file)]);
    expect(stderr).to.equal("");
    const picture = JSON.parse(stdout) as { shape: number[]; dtype: string; sum: number; max: number[] };
    expect([picture.shape, picture.dtype]).to.deep.equal([[80, 120], "uint16"]);
    expect(picture.sum).to.equal(events[2]?.data["camera-sum"]);
    expect(picture.max[1]).to.be.closeTo(90, 2);
  });

  it("takes many frames on the fly, and tells of them as they are written", async () => {
    const camera = new SimImageDetector("camera", { dir, size: [8, 8] });
    camera.stage();
    await camera.prepare({ frames: 5, exposure: 0.001 });
    await camera.kickoff();
    const counts: number[] = [];
    const status = camera.complete();
    status.watch(({ current }) => counts.push(current));
    await status;
    expect(counts.at(-1)).to.equal(5);
    const first = await collected(camera, 2);
    expect(first.map(([name]) => name)).to.deep.equal(["stream_resource", "stream_datum"]);
    const rest = await collected(camera);
    expect(rest.map(([, doc]) => (doc as { indices?: unknown }).indices)).to.deep.equal([{ start: 2, stop: 5 }]);
    expect(await collected(camera)).to.deep.equal([]);
    expect(await camera.getIndex()).to.equal(5);
    await camera.unstage();
  });

  it("says what it lacks, and stops", async () => {
    const camera = new SimImageDetector("camera", { dir, size: [8, 8], exposure: 100 });
    const words = async (work: PromiseLike<unknown>) => (await failure(Promise.resolve(work))).message;
    expect(await words(camera.kickoff())).to.equal("camera is not prepared: use prepare before kickoff");
    expect(await words(camera.prepare({ frames: 0 }))).to.contain("cannot take 0 frames");
    expect(await words(camera.prepare({ trigger: "edge" }))).to.contain("has no trigger input");
    await camera.prepare({});
    await camera.kickoff();
    const status = camera.complete();
    await camera.stop();
    expect(await words(status)).to.equal("the detector was stopped");
    await camera.unstage();
  });
});
