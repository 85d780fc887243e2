import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect } from "chai";
import { softSignalRw, watch } from "../../lib/core";
import { $display, type MimeBundle } from "../../lib/display/mimeBundle";
import type { Document } from "../../lib/engine/documents/documents";
import { BestEffortCallback, plot } from "../../lib/live";
import { createRunEngine } from "../../lib/notebook";
import { closeAll, connectTo } from "../devices/connect";
import { CASES } from "../peers/views/cases";
import { RecordingHost } from "../support/recordingHost";
import { ScriptedNode } from "../support/scriptedNode";
import { goldenBundle, shortened } from "./goldenText";

const streams = join(__dirname, "streams");
const golden = join(__dirname, "golden");

/**
 * Compares with a golden file. `UPDATE_GOLDEN=1` writes it anew: look at the difference before you commit it.
 */
function expectGolden(name: string, value: unknown): void {
  const file = join(golden, `${name}.txt`);
  const text = `${JSON.stringify(value, null, 1)}\n`;
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(JSON.parse(text)).to.deep.equal(JSON.parse(readFileSync(file, "utf8")));
}

/** The documents of a recorded stream; JSON has no word for NaN, so it stands there as a string. */
function documentsOf(file: string): Document[] {
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => {
    const [name, doc] = JSON.parse(line.replace(/([:,[])NaN\b/g, '$1"NaN"'), (_, value: unknown) =>
      value === "NaN" ? Number.NaN : value,
    ) as [Document["name"], unknown];
    return { name, doc } as Document;
  });
}

/** What a user sees of a stream in the end, with the first frame of each output. */
async function shown(documents: readonly Document[], rich: boolean): Promise<RecordingHost> {
  const host = new RecordingHost(rich);
  try {
    const view = new BestEffortCallback();
    for (const { name, doc } of documents) await view(name, doc as never);
    return host;
  } finally {
    host.release();
  }
}

/**
 * JupyterLab, Notebook 7 and VS Code draw these types; each of them takes scripts out of HTML or refuses it, and
 * a page that loads something from elsewhere is empty in a beamline's network.
 */
function expectPortable(bundle: MimeBundle): void {
  const { "text/plain": text, "text/html": page, ...pictures } = bundle;
  expect(text).to.be.a("string");
  const types = Object.keys(pictures);
  expect([[], ["application/vnd.vegalite.v5+json", "image/png"]]).to.deep.include(types);
  if (types.length > 0) expect(page, "HTML would be drawn in the place of the plot").to.equal(undefined);
  expect(String(page ?? "")).to.not.match(/<(script|iframe|object|link|svg)\b|\son[a-z]+=|javascript:|https?:\/\//i);
}

describe("all views of recorded streams", () => {
  const { TZ } = process.env;
  before(() => {
    process.env.TZ = "UTC";
  });
  after(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });

  // Those of bluesky and of our engine, recorded by test/peers/views/recordStreams.ts.
  for (const recorder of ["bluesky", "ours"]) {
    for (const file of readdirSync(join(streams, recorder))) {
      const name = `${recorder}/${basename(file, ".jsonl")}`;
      it(`are those that were looked at last: ${name}`, async () => {
        const documents = documentsOf(join(streams, recorder, file));
        const host = await shown(documents, true);
        const begun = host.frames.filter(({ update }) => !update).map(({ bundle }) => goldenBundle(bundle));
        const ended = host.outputs.map(goldenBundle);
        const { text } = await shown(documents, false);
        expectGolden(name, { begun, ended, terminal: text.split("\n") });
        for (const { bundle } of host.frames) expectPortable(bundle);
      }).timeout(60_000);
    }
  }
});

/** A node with a module in error, groups, long descriptions, and values that do not change. */
async function nodeWithAnError(): Promise<ScriptedNode> {
  const status = {
    type: "tuple",
    members: [{ type: "enum", members: { IDLE: 100, BUSY: 300, ERROR: 400 } }, { type: "string" }],
  };
  const module = (description: string, unit: string, group?: string) => ({
    description,
    interface_classes: ["Readable"],
    ...(group ? { group } : {}),
    accessibles: {
      value: { description: "what is measured", datainfo: { type: "double", unit, fmtstr: "%.2f" }, readonly: true },
      status: { description: "the state", datainfo: status, readonly: true },
      _mode: { description: "how", datainfo: { type: "enum", members: { off: 0, on: 1 } }, readonly: false },
      _go: { description: "starts it", datainfo: { type: "command" } },
    },
  });
  const node = await ScriptedNode.start();
  const modules = {
    pump: module("turbo pump", "mbar", "gas"),
    flow: module(`flow of gas\n${"which is said at length ".repeat(100)}`, "ml/min", "gas:lines"),
    sensor: module("thermometer at the sample", "K"),
  };
  node.description = { equipment_id: "golden.test", description: "a node\nwith a second line", modules };
  node.answer = (line) => {
    if (line !== "activate") return undefined;
    const updates = Object.keys(modules).flatMap((name, i) => [
      `update ${name}:value [${1.5 + 100 * i}, {"t": 1000}]`,
      `update ${name}:status ${JSON.stringify([i === 0 ? [400, "over temperature"] : [100, ""], { t: 1000 }])}`,
      `update ${name}:_mode [1, {"t": 1000}]`,
    ]);
    return [...updates, "active"];
  };
  return node;
}

/** A display without what is different at each run: the port, times, and pictures. */
function steady(bundle: MimeBundle): unknown {
  const text = JSON.stringify(goldenBundle(bundle))
    .replace(/127\.0\.0\.1:\d+/g, "node:10767")
    .replace(/data:image\/png;base64,[A-Za-z0-9+/=]+/g, "picture")
    .replace(/(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d/g, "time")
    .replace(/\b\d+(\.\d+)? m?s\b/g, "age")
    // The column of ages is as wide as the longest of them.
    .replace(/ +age"/g, '  age"')
    .replace(/ -+"/g, ' ---"');
  return JSON.parse(text);
}

describe("the panels of a node, a module and signals", () => {
  it("are those that were looked at last", async () => {
    const scripted = await nodeWithAnError();
    const host = new RecordingHost(true);
    const device = await connectTo(scripted.uri);
    const { pump, sensor, flow } = device;
    const panels: Record<string, unknown> = {};
    const objects = { node: device, error: pump, module: flow, signal: sensor.value };
    for (const [name, object] of Object.entries(objects)) panels[name] = steady(await object[$display]());
    const mode = softSignalRw("off", { name: "mode", choices: ["off", "on"] });
    const watched = await watch(sensor.value, pump.value, pump.status, mode);
    watched.stop();
    panels.watch = steady(host.outputs.at(-1) as MimeBundle);
    host.release();
    await closeAll();
    await scripted.close();
    expectGolden("panels", panels);
  });
});

describe("the specifications of larger runs", () => {
  it("are those that were looked at last", async () => {
    const RE = createRunEngine({ live: false, store: false, scanIdSource: () => 1 });
    const specs: Record<string, unknown> = {};
    for (const { name, plan } of CASES) {
      // Times are never the same.
      if (name === "time") continue;
      const run = await RE(plan() as never);
      specs[name] = shortened(await plot(run).spec());
    }
    expectGolden("specs", specs);
  }).timeout(60_000);
});
