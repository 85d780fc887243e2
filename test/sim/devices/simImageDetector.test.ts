import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Plan } from "../../../lib/core/protocols/msg";
import { datedPath, numberedPath } from "../../../lib/core/standard/pathProvider";
import type { StreamAsset } from "../../../lib/core/standard/standardDetector";
import type { Document } from "../../../lib/engine/documents/documents";
import { makeRunEngine } from "../../../lib/engine/runEngine";
import { bps, count } from "../../../lib/plans";
import { SimImageDetector } from "../../../lib/sim/devices/simImageDetector";
import { SimMotor } from "../../../lib/sim/devices/simMotor";
import { peersPython, repository, runProgram } from "../../peers/peers";
import { failureText } from "../../support/failure";

interface Pictures {
  readonly brightest: readonly [row: number, column: number];
  readonly sums: readonly number[];
}

/** The data that bluesky finds in the files by the documents. */
async function framesOf(documents: readonly Document[]): Promise<Pictures> {
  const input = documents.map(({ name, doc }) => JSON.stringify([name, doc])).join("\n");
  const { stdout, stderr } = await runProgram(peersPython(), [join(repository, "test/sim/devices/frames.py")], {
    input,
  });
  expect(stderr).to.equal("");
  return JSON.parse(stdout) as Pictures;
}

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

  it("writes images that bluesky finds by the documents of a run", async () => {
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
    const { brightest, ...pictures } = await framesOf(documents);
    expect(pictures).to.deep.equal({
      key: "camera-image",
      shape: [3, 80, 120],
      dtype: "uint16",
      frame: [80, 120, "uint16"],
      sums: events.map(({ data }) => data["camera-sum"]),
    });
    expect(brightest[1]).to.be.closeTo(90, 2);
  });

  it("writes images where a path provider says, separately for each run", async () => {
    const numbered = new SimImageDetector("camera", { dir: numberedPath(dir), size: [8, 8] });
    const dated = new SimImageDetector("camera", { dir: datedPath(dir), size: [8, 8] });
    const engine = makeRunEngine();
    for (const camera of [numbered, numbered, dated]) await engine(count([camera], 1));
    const year = String(new Date().getFullYear());
    expect(readdirSync(dir)).to.have.members(["camera_00001", "camera_00002", year]);
    const files = (readdirSync(dir, { recursive: true }) as string[]).filter((name) => name.endsWith(".tif"));
    expect(files).to.have.length(3);
    expect(files.find((name) => name.startsWith(year))).to.match(/^\d{4}.\d\d.\d\d.[0-9a-f-]+.frame_000000\.tif$/);
  });

  it("takes many frames on the fly, and reports them as they are written", async () => {
    const camera = new SimImageDetector("camera", { dir, size: [8, 8] });
    void camera.stage();
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

  it("flies in a plan, is collected meanwhile, and bluesky reads all its frames", async () => {
    const camera = new SimImageDetector("camera", { dir, size: [8, 6], exposure: 0.002 });
    const engine = makeRunEngine();
    const documents: Document[] = [];
    engine.subscribe((name, doc) => void documents.push({ name, doc } as Document));
    function* plan(): Plan<void> {
      yield* bps.stage(camera);
      yield* bps.prepare(camera, { frames: 20 }, { wait: true });
      yield* bps.openRun();
      yield* bps.declareStream(camera, { name: "primary", collect: true });
      yield* bps.kickoff(camera, { wait: true });
      yield* bps.collectWhileCompleting([camera], [camera], { flushPeriod: 0.01, streamName: "primary" });
      yield* bps.closeRun();
      yield* bps.unstage(camera);
    }
    expect((await engine(plan())).exitStatus).to.equal("success");
    const data = documents.flatMap((d) => (d.name === "stream_datum" ? [d.doc.indices] : []));
    expect(data[0]?.start).to.equal(0);
    expect(data.at(-1)?.stop).to.equal(20);
    for (const [i, { start }] of data.entries()) if (i > 0) expect(start).to.equal(data[i - 1]?.stop);
    const pictures = await framesOf(documents);
    expect(pictures).to.deep.include({ key: "camera-image", shape: [20, 6, 8], frame: [6, 8, "uint16"] });
    expect(pictures.sums).to.have.length(20);
    expect(pictures.sums.at(-1)).to.equal(await camera.sum.getValue());
  });

  it("refuses what it cannot do, and can be stopped", async () => {
    const camera = new SimImageDetector("camera", { dir, size: [8, 8], exposure: 100 });
    expect(await failureText(camera.kickoff())).to.equal("camera is not prepared: use prepare before kickoff");
    expect(await failureText(camera.prepare({ frames: 0 }))).to.contain("cannot take 0 frames");
    expect(await failureText(camera.prepare({ trigger: "edge" }))).to.contain("has no trigger input");
    await camera.prepare({});
    await camera.kickoff();
    const status = camera.complete();
    await camera.stop();
    expect(await failureText(status)).to.equal("the detector was stopped");
    await camera.unstage();
  });
});
