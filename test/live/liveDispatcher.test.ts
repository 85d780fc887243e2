/** Consumers that make another run of the documents of a run, as those of bluesky's own tests. */

import { expect } from "chai";
import {
  bp,
  bpp,
  bps,
  type Document,
  type Event,
  type EventDescriptor,
  LiveDispatcher,
  LiveTable,
  type RunStart,
} from "../../lib/index";
import { runPython } from "../peers/peers";
import { eventsOf, expectRightDocuments, expectValid } from "../support/documentChecks";
import { failure } from "../support/failure";
import { quietEngine } from "../support/quietEngine";
import { testRun } from "../support/runDocuments";
import { softDevices } from "../support/softDevices";

/** Makes every value negative, under a name of its own. */
class Negative extends LiveDispatcher {
  override start(doc: RunStart) {
    return super.start(doc, { stream_level: "boring" });
  }

  override event(doc: Event) {
    const modified = Object.entries(doc.data).map(([key, value]) => [`modified_${key}`, -Math.abs(Number(value))]);
    return super.event({ ...doc, data: Object.fromEntries(modified) });
  }
}

/** The mean of each `size` events; the start document may say another size. */
class Average extends LiveDispatcher {
  #size: number;
  #events: Event[] = [];

  constructor(size: number) {
    super();
    this.#size = size;
  }

  override start(doc: RunStart) {
    this.#size = Number(doc.average ?? this.#size);
    this.#events = [];
    return super.start(doc);
  }

  override event(doc: Event) {
    this.#events.push(doc);
    if (this.#events.length < this.#size) return;
    const events = this.#events.splice(0);
    const numbers = Object.entries(this.rawDescriptors.get(doc.descriptor)?.data_keys ?? {}).filter(
      ([, { dtype }]) => dtype === "number",
    );
    const mean = (key: string) => events.reduce((sum, { data }) => sum + Number(data[key]), 0) / events.length;
    this.processEvent({
      descriptor: doc.descriptor,
      data: Object.fromEntries(numbers.map(([key]) => [key, mean(key)])),
    });
  }
}

function collected(dispatcher: LiveDispatcher): Document[] {
  const documents: Document[] = [];
  dispatcher.subscribe((name, doc) => void documents.push({ name, doc } as Document));
  return documents;
}

const startOf = (documents: readonly Document[]) => documents.find(({ name }) => name === "start")?.doc as RunStart;
const descriptorsOf = (documents: readonly Document[]) =>
  documents.flatMap(({ name, doc }) => (name === "descriptor" ? [doc] : []));

describe("a LiveDispatcher", () => {
  const d = softDevices();

  it("passes every event on with what a subclass makes of it", async () => {
    const { RE } = quietEngine();
    const negative = new Negative();
    const documents = collected(negative);
    const run = await RE(bp.scan([d.det], d.m, -5, 4, 10), negative);
    expect(documents).to.have.length(10 + 1 + 2);
    expect(startOf(documents)).to.include({
      stream_level: "boring",
      original_run_uid: run.runStartUids[0],
      num_points: 10,
    });
    expect(startOf(documents).uid).to.not.equal(run.runStartUids[0]);
    const events = eventsOf(documents, "primary");
    expect(events.map(({ seq_num }) => seq_num)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(events.map(({ data }) => data[`modified_${d.m.name}`])).to.deep.equal([
      -5, -4, -3, -2, -1, -0, -1, -2, -3, -4,
    ]);
    const [descriptor] = descriptorsOf(documents) as [EventDescriptor];
    expect(Object.keys(descriptor.data_keys)).to.deep.equal(Object.keys(events[0]?.data ?? {}));
    expect(descriptor.hints).to.deep.equal({ stream: { fields: Object.keys(descriptor.data_keys) } });
    expectRightDocuments(documents);
    await expectValid(documents);
  });

  it("makes fewer events, of means, and counts them at the end", async () => {
    const { RE } = quietEngine();
    const average = new Average(10);
    const documents = collected(average);
    await RE(bp.scan([d.det], d.m, -5, 4, 10), average);
    expect(documents).to.have.length(1 + 1 + 2);
    expect(eventsOf(documents, "primary").map(({ data, seq_num }) => [data[d.m.name], seq_num])).to.deep.equal([
      [-0.5, 1],
    ]);
    const key = descriptorsOf(documents)[0]?.data_keys[d.m.name];
    expect(key).to.deep.include({ dtype: "number", source: "Stream" });
    expect(documents.at(-1)?.doc).to.deep.include({ num_events: { primary: 1 }, exit_status: "success" });
    documents.splice(0);
    await RE(bp.scan([d.det], d.m, 0, 5, 6), average, { average: 3 });
    expect(eventsOf(documents, "primary").map(({ data }) => data[d.m.name])).to.deep.equal([1, 4]);
    await expectValid(documents);
  });

  it("gives views what they show, also through a second dispatcher", async () => {
    const { RE } = quietEngine();
    const [negative, twice] = [new Negative(), new Negative()];
    const field = `modified_modified_${d.m.name}`;
    const table = new LiveTable([field]);
    negative.subscribe(twice);
    twice.subscribe(table);
    const token = RE.subscribe(negative);
    await RE(bp.scan([d.det], d.m, 1, 2, 2));
    RE.unsubscribe(token);
    expect(table.rows).to.deep.equal([{ [field]: -1 }, { [field]: -2 }]);
  });

  it("keeps nested runs and streams apart, and begins a descriptor for other keys and other configurations", async () => {
    class Sorted extends LiveDispatcher {
      override event(doc: Event) {
        const { seq_num, data } = doc;
        const streamName = seq_num % 2 === 0 ? "even" : "odd";
        this.processEvent({ ...doc, data: seq_num > 2 ? { ...data, late: "yes" } : data }, { streamName, idArgs: [1] });
      }
    }
    const { RE } = quietEngine();
    const sorted = new Sorted();
    const documents = collected(sorted);
    function* nested() {
      yield* bps.openRun({ which: "outer" });
      yield* bps.triggerAndRead([d.det]);
      yield* bpp.setRunKeyWrapper(bp.count([d.det], 4), "inner");
      yield* bps.triggerAndRead([d.det]);
      yield* bps.closeRun();
    }
    await RE(nested(), sorted);
    const runs = documents.flatMap(({ name, doc }) => (name === "start" ? [doc] : []));
    expect(runs).to.have.length(2);
    for (const [i, counts] of [
      { odd: 1, even: 1 },
      { odd: 2, even: 2 },
    ].entries()) {
      const stop = documents.find(({ name, doc }) => name === "stop" && doc.run_start === runs[i]?.uid);
      expect(stop?.doc).to.deep.include({ num_events: counts });
      const descriptors = descriptorsOf(documents).filter(({ run_start }) => run_start === runs[i]?.uid);
      expect(descriptors.map(({ name }) => name)).to.deep.equal(
        i === 0 ? ["odd", "even"] : ["odd", "even", "odd", "even"],
      );
    }
    const late = descriptorsOf(documents).flatMap(({ data_keys }) => data_keys.late ?? []);
    expect(late).to.have.length(2);
    expect(late[0]).to.deep.include({ dtype: "string", shape: [] });
    await expectValid(documents);
  });

  it("takes pages, ignores what began before it, and refuses an event of no run", () => {
    const { start, descriptor, event, stop } = testRun({ det: {} });
    const late = new LiveDispatcher();
    const documents = collected(late);
    late("descriptor", descriptor);
    late("event", event(1, { det: 1 }));
    late("stop", stop());
    expect(documents).to.deep.equal([]);
    expect(() => late.processEvent(event(1, { det: 1 }))).to.throw(
      "not the descriptor of an event of a run that goes on",
    );
    late("start", start);
    late("descriptor", descriptor);
    late("event_page", {
      uid: ["a", "b"],
      time: [1, 2],
      seq_num: [1, 2],
      descriptor: descriptor.uid,
      data: { det: [3, 4] },
      timestamps: { det: [1, 2] },
      filled: {},
    });
    expect(eventsOf(documents, "primary").map(({ data }) => data.det)).to.deep.equal([3, 4]);
  });

  it("rejects if an event is taken later and fails, also one of a page or of an older layout", async () => {
    class Failing extends LiveDispatcher {
      override async event(): Promise<void> {
        await Promise.resolve();
        throw new Error("too late");
      }
    }
    const { descriptor, event } = testRun({ det: {} });
    const one = event(1, { det: 1 });
    const page = {
      ...one,
      uid: ["a"],
      time: [1],
      seq_num: [1],
      data: { det: [1] },
      timestamps: { det: [1] },
      filled: {},
    };
    const failing = new Failing() as (name: string, doc: unknown) => Promise<void>;
    expect((await failure(failing("event", one))).message).to.equal("too late");
    expect((await failure(failing("event_page", page))).message).to.equal("too late");
    expect((await failure(failing("bulk_events", { [descriptor.uid]: [one] }))).message).to.equal("too late");
  });

  it("describes new values by their kind: lists, structs, large integers, and a number that is missing", () => {
    const { start, descriptor, event } = testRun({ det: {} });
    const dispatcher = new LiveDispatcher();
    const documents = collected(dispatcher);
    dispatcher("start", start);
    dispatcher("descriptor", descriptor);
    const data = { image: [[1, 2, 3]], struct: { x: 1, y: 2 }, big: 5n, gone: null };
    dispatcher("event", event(1, data));
    const kinds = Object.entries(descriptorsOf(documents)[0]?.data_keys ?? {}).map(([key, { dtype, shape }]) => [
      key,
      dtype,
      shape,
    ]);
    expect(kinds).to.deep.equal([
      ["image", "array", [1, 3]],
      ["struct", "array", []],
      ["big", "integer", []],
      ["gone", "number", []],
    ]);
  });

  it("makes the same documents as bluesky's, except for uids and times", async () => {
    const { start, descriptor, event, stop } = testRun({ det: { units: "K" }, name: { dtype: "string" } });
    const negative = new LiveDispatcher();
    const documents = collected(negative);
    const events = [
      event(1, { det: 1, name: "a" }),
      event(2, { det: 2, name: "b" }),
      event(3, { det: 3, image: [[1, 2, 3]] }),
    ];
    const input: [string, object][] = [
      ["start", start],
      ["descriptor", descriptor],
      ...events.map((doc) => ["event", doc] as [string, object]),
      ["stop", stop()],
    ];
    for (const [name, doc] of input) negative(name as "start", doc as RunStart);
    const theirs = JSON.parse(
      await runPython("test/peers/bluesky/liveDispatcher.py", [], { input: JSON.stringify(input) }),
    );
    expect(documents.map(tidy)).to.deep.equal(
      theirs.map(([name, doc]: [string, object]) => tidy({ name, doc } as Document)),
    );
  });
});

/**
 * What differs each time, and what bluesky does not mean: it counts the descriptors of a stream as its events, and
 * keeps hints and configuration of objects that the descriptor does not have.
 */
const LEFT_OUT = ["uid", "time", "timestamps", "descriptor", "run_start", "num_events"].concat([
  "hints",
  "configuration",
  "object_name",
  "original_run_uid",
]);

const tidy = (document: Document): unknown =>
  JSON.parse(JSON.stringify(document, (key, value) => (LEFT_OUT.includes(key) ? undefined : value)));
