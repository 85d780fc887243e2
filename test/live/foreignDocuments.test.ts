import { expect } from "chai";
import type { Document, DocumentName, DocumentTypes } from "../../lib/engine/documents/documents";
import { documentsWithin } from "../../lib/engine/documents/olderDocuments";
import { BestEffortCallback, LiveDispatcher, LiveTable, PeakStats } from "../../lib/live";
import { RecordingHost } from "../support/recordingHost";
import { type TestRun, testRun } from "../support/runDocuments";

const VEGA_LITE = "application/vnd.vegalite.v5+json";

/** The documents of older programs have names that ours do not have. */
type Taker = (name: DocumentName, doc: DocumentTypes[DocumentName]) => unknown;

/** A run of three points, whose events come in one document of this name. */
function show(view: Taker, run: TestRun, name: "event_page" | "bulk_events"): unknown {
  const events = [1, 2, 3].map((i) => run.event(i, { motor: i, det: i === 2 ? 9 : 1 }));
  const column = (key: string) => events.map(({ data }) => data[key]);
  const page = {
    descriptor: run.descriptor.uid,
    seq_num: [1, 2, 3],
    time: events.map(({ time }) => time),
    data: { motor: column("motor"), det: column("det") },
  };
  view("start", run.start);
  view("descriptor", run.descriptor);
  view(name as DocumentName, (name === "event_page" ? page : { [run.descriptor.uid]: events }) as never);
  return view("stop", run.stop());
}

describe("documents of other programs", () => {
  let host: RecordingHost;

  beforeEach(() => {
    host = new RecordingHost(true);
  });
  afterEach(() => host.release());

  for (const name of ["event_page", "bulk_events"] as const) {
    it(`are shown by all views, although their events come as ${name}`, async () => {
      const run = testRun({ motor: {}, det: {} }, { motors: ["motor"], num_points: 3 });
      const table = new LiveTable(["motor", "det"]);
      const stats = new PeakStats("motor", "det");
      const dispatcher = new LiveDispatcher();
      const passed: unknown[] = [];
      dispatcher.subscribe((kind, doc) => void passed.push(kind === "event" ? doc.data : kind));
      for (const view of [table, stats, dispatcher, new BestEffortCallback()]) await show(view as Taker, run, name);
      const rows = [1, 2, 3].map((i) => ({ motor: i, det: i === 2 ? 9 : 1 }));
      expect(table.rows).to.deep.equal(rows);
      expect(stats.max).to.deep.equal([2, 9]);
      expect(passed).to.deep.equal(["start", "descriptor", ...rows, "stop"]);
      const specs = host.outputs.flatMap((output) => output[VEGA_LITE] ?? []);
      expect(JSON.stringify(specs)).to.contain('"values":[{"x":1,"y":1,"line":"scan 12"},{"x":2,"y":9,');
    });
  }

  it("name what is in files once, and have no empty line for it", async () => {
    const external = { external: "FILESTORE:", dtype: "number", shape: [] } as const;
    const run = testRun({ motor: {}, camera: external, det: {} }, { motors: ["motor"], num_points: 2 });
    const view = new BestEffortCallback() as Taker;
    const datum_page = { resource: "file", datum_id: ["file/0", "file/1"], datum_kwargs: { point: [0, 1] } };
    view("start", run.start);
    view("resource", { uid: "file", spec: "AD_TIFF", root: "/", resource_path: "a", resource_kwargs: {} });
    view("datum_page" as DocumentName, datum_page as never);
    view("descriptor", run.descriptor);
    view("descriptor", { ...run.descriptor, uid: "anew" });
    for (const i of [1, 2]) view("event", run.event(i, { motor: i, camera: `file/${i - 1}`, det: i }));
    await view("stop", run.stop());
    expect(
      host.outputs
        .map((output) => output["text/plain"])
        .join("\n")
        .match(/In files.*/g),
    ).to.deep.equal(["In files of the detector: camera."]);
    const specs = host.outputs.flatMap((output) => output[VEGA_LITE] ?? []);
    expect(specs).to.have.length(1);
    expect(JSON.stringify(specs)).not.to.contain("camera");
  });

  it("are those of today within the layouts of yesterday", () => {
    const datums: Document[] = [0, 1].map((i) => ({
      name: "datum",
      doc: { datum_id: `file/${i}`, resource: "file", datum_kwargs: { point: i } },
    }));
    const page = { resource: "file", datum_id: ["file/0", "file/1"], datum_kwargs: { point: [0, 1] } };
    const bulk = { resource: "file", datum_ids: ["file/0", "file/1"], datum_kwarg_list: [{ point: 0 }, { point: 1 }] };
    expect(documentsWithin("datum_page", page)).to.deep.equal(datums);
    expect(documentsWithin("bulk_datum", bulk)).to.deep.equal(datums);
    for (const odd of [null, 1, "text", {}, { a: 1 }, []]) {
      for (const name of ["bulk_events", "datum_page", "bulk_datum", "resource", "constructor"])
        expect(documentsWithin(name, odd)).to.deep.equal([]);
    }
  });
});
