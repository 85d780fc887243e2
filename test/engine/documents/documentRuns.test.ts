import { expect } from "chai";
import { DocumentRuns } from "../../../lib/engine/documents/documentRuns";

const start = { uid: "run", time: 1 };
const descriptor = {
  uid: "stream",
  run_start: "run",
  time: 1,
  name: "primary",
  data_keys: {},
  hints: {},
  configuration: {},
  object_keys: {},
};
const event = { uid: "e", descriptor: "stream", seq_num: 1, time: 1, data: {}, timestamps: {}, filled: {} };
const resource = { uid: "file", run_start: "run", spec: "TIFF", root: "/", resource_path: "a", resource_kwargs: {} };
const streamResource = { uid: "frames", run_start: "run", data_key: "cam", mimetype: "", uri: "", parameters: {} };
const range = { start: 0, stop: 1 };
// A detector may leave the descriptor to the engine.
const streamDatum = { uid: "f/1", stream_resource: "frames", descriptor: "", indices: range, seq_nums: range };
const datum = { datum_id: "file/1", resource: "file", datum_kwargs: {} };

describe("the run of a document", () => {
  it("is known of an event by its descriptor, and of data in files by their resource", () => {
    const runs = new DocumentRuns();
    expect(runs.of("start", start)).to.equal("run");
    expect(runs.of("descriptor", descriptor)).to.equal("run");
    expect(runs.of("event", event)).to.equal("run");
    expect(runs.of("resource", resource)).to.equal("run");
    expect(runs.of("datum", datum)).to.equal("run");
    expect(runs.of("stream_resource", streamResource)).to.equal("run");
    expect(runs.of("stream_datum", streamDatum)).to.equal("run");
  });

  it("is not known before the descriptor came, nor after the run was forgotten", () => {
    const runs = new DocumentRuns();
    expect(runs.of("event", event)).to.equal(undefined);
    runs.of("descriptor", descriptor);
    runs.forget("run");
    expect(runs.of("event", event)).to.equal(undefined);
  });
});
