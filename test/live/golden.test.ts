import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect } from "chai";
import type { Document } from "../../lib/engine/documents/documents";
import { BestEffortCallback, plot } from "../../lib/live";
import { createRunEngine } from "../../lib/notebook";
import { CASES } from "../peers/views/cases";
import { RecordingHost } from "../support/recordingHost";
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
      }).timeout(60_000);
    }
  }
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
