/** Twins of real frappy nodes: they move, fail and answer as was recorded. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { generateClasses } from "../../lib/codegen/generateClasses";
import { type DynamicNode, SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import { createRunEngine } from "../../lib/index";
import { count } from "../../lib/plans";
import { runDifferences, startRecording } from "../../lib/rerun";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { simulate } from "../../lib/sim/simulate";
import { twinParts } from "../../lib/sim/twin";
import { loadClassFile } from "../codegen/loadClassFile";
import { realDescription, realDescriptions } from "../descriptions/descriptions";
import { startFrappy } from "../peers/frappy";
import { runPython } from "../peers/peers";
import { measureCryostat } from "../rerun/measurement";
import { failure } from "../support/failure";
import { LineClient } from "./server/lineClient";

describe("a twin of a recorded frappy node", function () {
  this.timeout(180_000);
  let folder: string;
  let recording: string;
  let measured: Awaited<ReturnType<typeof measureCryostat>>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "twin-"));
    recording = join(folder, "cryo.rec");
    const frappy = await startFrappy("quickCryo");
    const running = startRecording(recording);
    try {
      measured = await measureCryostat(frappy.uri);
    } finally {
      running.close();
      await frappy.stop();
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  it("runs the same plans, prints the same words, and moves at the rate that was recorded", async () => {
    await using twin = await simulate(recording);
    const again = startRecording(join(folder, "again.rec"));
    const simulated = await measureCryostat(twin.uri);
    again.close();
    const withoutNumbers = (text: string) => text.replace(/at [\d.]+ K/, "at x K");
    expect(simulated.printed.map(withoutNumbers)).to.deep.equal(measured.printed.map(withoutNumbers));
    const names = ({ documents }: typeof measured) =>
      documents.map(([name]) => name).filter((name) => name !== "event");
    expect(names(simulated)).to.deep.equal(names(measured));
    const [then, now] = await Promise.all([recording, join(folder, "again.rec")].map(moveOf));
    expect(now?.rate).to.be.closeTo(then?.rate as number, 0.2 * (then?.rate as number));
    expect(now?.busy).to.deep.equal(then?.busy);
    const [noise, again2] = (await Promise.all([recording, join(folder, "again.rec")].map(behaviourOf))).map((found) =>
      found?.noise.get("value"),
    );
    expect(again2).to.be.within(0.4 * (noise as number), 2.5 * (noise as number));
    expect((await behaviourOf(join(folder, "again.rec")))?.pollPeriod).to.be.closeTo(0.1, 0.05);
  });

  it("runs a notebook that was changed", async () => {
    await using twin = await simulate(realDescription("cryo"), { like: recording, speed: 5 });
    const { documents } = await measureCryostat(twin.uri, [25, 28]);
    const stops = documents.filter(([name]) => name === "stop").map(([, doc]) => doc as { exit_status: string });
    expect(stops.map(({ exit_status }) => exit_status)).to.deep.equal(["success", "success"]);
  });

  it("is a node for secop-ophyd, which scans with it", async () => {
    await using twin = await simulate(recording, { speed: 5 });
    const output = await runPython("test/rerun/follow/secopOphydScan.py", [twin.uri.replace("127.0.0.1", "localhost")]);
    const documents = JSON.parse(output.trim().split("\n").at(-1) ?? "") as [string, Record<string, unknown>][];
    const values = documents.flatMap(([name, doc]) => {
      const columns = name === "event" ? Object.entries(doc.data as object) : [];
      return columns.filter(([key]) => key.endsWith("-cryo")).map(([, value]) => value as number);
    });
    expect(values.length).to.equal(2);
    expect(values[0]).to.be.closeTo(24, 0.5);
    expect(values[1]).to.be.closeTo(25, 0.5);
    expect(documents.at(-1)?.[1].exit_status).to.equal("success");
  });

  it("begins in the state that was recorded, and reads a packed recording", async () => {
    writeFileSync(join(folder, "packed.rec.gz"), gzipSync(readFileSync(recording)));
    await using twin = await simulate(join(folder, "packed.rec.gz"));
    const client = await LineClient.open(twin.port);
    const [target] = JSON.parse((await client.ask("read cryo:ramp")).slice("reply cryo:ramp ".length));
    expect(target).to.equal(1000);
    const description = JSON.parse((await client.ask("describe")).slice("describing . ".length));
    expect(description._simulated).to.equal("like packed.rec.gz");
    client.close();
  });

  it("marks its runs, which are not compared with measured ones", async () => {
    await using twin = await simulate(recording, { speed: 20 });
    const node: DynamicNode = new SecopNodeDevice(twin.uri, { name: "lab" });
    await node.connect();
    const documents: [string, object][] = [];
    const RE = createRunEngine({ live: false, store: false });
    RE.subscribe((name, doc) => void documents.push([name, doc]));
    await RE(count([node.cryo], 1));
    await node.dispose();
    const start = documents[0]?.[1] as { provenance: { sec_nodes: { lab: { simulated: string } } } };
    expect(start.provenance.sec_nodes.lab.simulated).to.equal("like cryo.rec");
    expect(() => runDifferences(documents, documents, { exact: true })).to.throw(
      "the run count was simulated (lab like cryo.rec): it says nothing about a measurement",
    );
  });

  it("is found in files with the byte order mark that editors on Windows write, whatever their names", async () => {
    writeFileSync(join(folder, "marked.txt"), `\ufeff${readFileSync(recording, "utf8")}`);
    await using twin = await simulate(join(folder, "marked.txt"));
    await using plain = await simulate(recording);
    expect({ ...twin.description, _simulated: 0 }).to.deep.equal({ ...plain.description, _simulated: 0 });
    writeFileSync(join(folder, "marked.json"), `\ufeff${JSON.stringify(realDescription("cryo"))}`);
    await using described = await simulate(join(folder, "marked.json"));
    expect(described.description.modules).to.deep.equal(realDescription("cryo").modules);
  });

  it("is refused in words where the source is none", async () => {
    expect((await failure(simulate(join(folder, "nothing.rec")))).message).to.match(
      /cannot read the recording .*: there is no such file/,
    );
    writeFileSync(join(folder, "plain.txt"), "hello");
    expect((await failure(simulate(join(folder, "plain.txt")))).message).to.match(
      /is neither a description of a SEC node, nor its class file, nor a recording/,
    );
    expect((await failure(simulate(recording, { node: "other:1" }))).message).to.match(
      /^cryo\.rec holds no other:1: it holds 127\.0\.0\.1:\d+$/,
    );
  });

  const behaviourOf = async (path: string) => (await twinParts(path)).behaviour?.modules.get("cryo");
  const moveOf = async (path: string) => (await behaviourOf(path))?.move;
});

describe("a twin of a frappy node with a late BUSY, commands and refusals", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "twin-"));
  const path = join(folder, "probe.rec");
  after(() => rmSync(folder, { recursive: true }));

  /** What a client finds with the node: results, errors, and how the module moves. */
  async function session(uri: string) {
    const node: DynamicNode = new SecopNodeDevice(uri, { name: "lab" });
    await node.connect();
    const { p, late } = node;
    const said: unknown[] = [];
    const words = (error: Error) => said.push(error.message);
    try {
      said.push(await p.echo.execute(new Uint8Array([1, 2, 3])));
      await p.refuse.execute().catch(words);
      await p.profile.set([1, 2]);
      said.push(await p.profile.getValue());
      for (const target of [10, 40, 20]) await late.set(target);
      said.push(await late.value.getValue());
      await late.target.set(101).catch(words);
    } finally {
      await node.dispose();
    }
    return said;
  }

  it("answers and moves as the node did", async () => {
    const frappy = await startFrappy("probe");
    const recording = startRecording(path);
    const measured = await session(frappy.uri).finally(() => {
      recording.close();
      return frappy.stop();
    });
    const move = (await twinParts(path)).behaviour?.modules.get("late")?.move;
    expect(move?.busyAfter).to.be.within(0.1, 0.3);
    expect(move?.busy).to.deep.equal([300, "moving"]);
    await using twin = await simulate(path);
    const again = startRecording(join(folder, "again.rec"));
    expect(await session(twin.uri).finally(() => again.close())).to.deep.equal(measured);
    const moved = (await twinParts(join(folder, "again.rec"))).behaviour?.modules.get("late")?.move;
    expect(moved?.busyAfter).to.be.within(0.1, 0.3);
    expect(moved?.busy).to.deep.equal(move?.busy);
  });

  it("answers a command whose result was redacted with the plainest result", async () => {
    const ask = { description: "", datainfo: { type: "command", result: { type: "double", min: 3 } } };
    const description = { modules: { m: { description: "", interface_classes: [], accessibles: { ask } } } };
    const redacted = join(folder, "redacted.rec");
    const recording = startRecording(redacted, { redact: ["m:ask"] });
    const original = await simulate(description);
    const node: DynamicNode = new SecopNodeDevice(original.uri, { name: "lab" });
    await node.connect();
    await node.m.ask.execute();
    await node.dispose();
    recording.close();
    await original.close();
    await using twin = await simulate(redacted);
    const client = await LineClient.open(twin.port);
    expect(await client.ask("do m:ask")).to.match(/^done m:ask \[3,/);
    client.close();
  });

  it("holds limits that are parameters", async () => {
    const limited = {
      modules: {
        m: {
          interface_classes: ["Writable"],
          accessibles: {
            value: { datainfo: { type: "double" }, readonly: true },
            target: { datainfo: { type: "double", min: 0, max: 100 }, readonly: false },
            target_max: { datainfo: { type: "double", min: 0, max: 100 }, readonly: false },
            target_limits: {
              datainfo: { type: "tuple", members: [{ type: "double" }, { type: "double" }] },
              readonly: false,
            },
          },
        },
      },
    };
    await using twin = await simulate(limited);
    const client = await LineClient.open(twin.port);
    expect(await client.ask("change m:target 90")).to.match(/^changed m:target \[90,/);
    expect(await client.ask("change m:target_max 50")).to.match(/^changed/);
    expect(await client.ask("change m:target_limits [10, 60]")).to.match(/^changed/);
    expect(await client.ask("change m:target 55")).to.contain("55 is above the limit 50");
    expect(await client.ask("change m:target 5")).to.contain("5 is below the limit 10");
    expect(await client.ask("change m:target 20")).to.match(/^changed m:target \[20,/);
    expect(await client.ask("read m:value")).to.match(/^reply m:value \[20,/);
    client.close();
  });
});

describe("a twin of a class file", () => {
  for (const [name, description] of realDescriptions) {
    it(`has the modules, types and limits of the frappy node "${name}"`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "twin-"));
      const real = parseDescription(description);
      const path = await generateClasses(real, { dir: folder, file: "node.ts" });
      await using twin = await simulate(path);
      const copy = parseDescription(twin.description);
      expect([...copy.modules.keys()]).to.deep.equal([...real.modules.keys()]);
      expect(copy.equipment_id).to.equal(real.equipment_id);
      for (const [module, { accessibles, interface_classes }] of real.modules) {
        const other = copy.modules.get(module);
        expect(other?.interface_classes).to.deep.equal(interface_classes);
        for (const [accessible, described] of accessibles) {
          const twinned = other?.accessibles.get(accessible);
          expect(twinned?.kind).to.equal(described.kind);
          if (described.kind === "parameter" && twinned?.kind === "parameter") {
            expect(twinned.datainfo, `${module}:${accessible}`).to.deep.equal(described.datainfo);
            expect(twinned.readonly).to.equal(described.readonly);
          }
        }
      }
      rmSync(folder, { recursive: true });
    });
  }

  it("is that of the class itself, too", async () => {
    const folder = mkdtempSync(join(tmpdir(), "twin-"));
    const path = await generateClasses(parseDescription(realDescription("cryo")), { dir: folder, file: "node.ts" });
    const { NodeNode } = loadClassFile(path);
    const [fromClass, fromFile] = [await simulate(NodeNode), await simulate(path)];
    expect({ ...fromClass.description, _simulated: 0 }).to.deep.equal({ ...fromFile.description, _simulated: 0 });
    expect(fromClass.description._simulated).to.equal("of the class of cryo_7.frappy.demo");
    await Promise.all([fromClass.close(), fromFile.close()]);
    rmSync(folder, { recursive: true });
  });

  it("has each meaning as the node described it: a pair, or what no pair can hold as an object", async () => {
    const folder = mkdtempSync(join(tmpdir(), "twin-"));
    const meanings = {
      pair: ["temperature", 20],
      alone: { function: "temperature" },
      part: { function: "temperature", importance: 10, belongs_to: "sample" },
      linked: { link: "https://example.org/quantity", key: "T" },
    };
    const modules = Object.entries(meanings).map(([name, meaning]) => [
      name,
      { description: "", interface_classes: ["Readable"], accessibles: {}, meaning },
    ]);
    const description = { equipment_id: "meant", description: "", modules: Object.fromEntries(modules) };
    const path = await generateClasses(description, { dir: folder, file: "node.ts" });
    await using twin = await simulate(path);
    const twinned = Object.entries(twin.description.modules as Record<string, { meaning: unknown }>);
    expect(Object.fromEntries(twinned.map(([name, { meaning }]) => [name, meaning]))).to.deep.equal(meanings);
    rmSync(folder, { recursive: true });
  });

  it("is not made from an edited or foreign file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "twin-"));
    const path = await generateClasses(parseDescription(realDescription("cryo")), { dir: folder, file: "node.ts" });
    writeFileSync(path, readFileSync(path, "utf8").replace('"datainfo":{', '"datainfo":['));
    expect((await failure(simulate(path))).message).to.match(
      /no description can be read from the class file .*: its generated part was edited/,
    );
    writeFileSync(path, "process.exit(1)");
    expect((await failure(simulate(path))).message).to.match(/is not a class file of a node: it has no generated part/);
    rmSync(folder, { recursive: true });
  });
});
