import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { Msg, type Plan } from "../../../lib/core/protocols/msg";
import { type Metadata, makeRunEngine, persistentMetadata } from "../../../lib/engine";
import type { RunStart } from "../../../lib/engine/documents/documents";
import { plain } from "../../../lib/engine/documents/metadata";
import { UsageError } from "../../../lib/errors";
import { bpp, bps, count, plan } from "../../../lib/plans";
import { failure } from "../../support/failure";
import { softDevices } from "../../support/softDevices";

describe("Metadata", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "md-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it("refuses generators, of which nothing would be left", () => {
    function* values() {
      yield 1;
    }
    expect(() => plain({ sample: { plan: values() } })).to.throw(
      'the metadata "sample.plan" is a generator, such as a plan is: record its name, or [...sample.plan]',
    );
  });

  it("is refused if it contains itself, and may contain one object twice", async () => {
    const { det } = softDevices();
    const RE = makeRunEngine();
    const sample: Record<string, unknown> = { name: "Ni" };
    expect((await RE(count([det]), { sample, before: [sample] })).exitStatus).to.equal("success");
    sample.parts = [{ of: sample }];
    const { message } = await failure(Promise.resolve(RE(count([det]), { sample })));
    expect(message).to.contain("metadata cannot contain itself");
    expect(RE.state).to.equal("idle");
  });

  it("can be kept in a file, together with the scan number", async () => {
    const file = join(dir, "deep", "md.json");
    const { det } = softDevices();
    const first = makeRunEngine({ md: persistentMetadata(file) });
    first.md.project = "X";
    await first(count([det]));
    delete first.md.project;
    const second = makeRunEngine({ md: persistentMetadata(file) });
    await second(count([det]));
    expect(JSON.parse(readFileSync(file, "utf8")))
      .to.include({ scan_id: 2 })
      .and.not.have.property("project");
  });

  it("is kept in a file as documents hold it, and refused where a run would refuse it", () => {
    const file = join(dir, "md.json");
    const md = persistentMetadata(file);
    md.offsets = new Float64Array([1.5, 2]);
    md.big = 12n;
    md.detector = softDevices().det;
    expect(() => {
      md.late = Promise.resolve(1);
    }).to.throw('the metadata "late" is a promise: await it before it is recorded');
    expect(JSON.parse(readFileSync(file, "utf8"))).to.deep.equal({ offsets: [1.5, 2], big: "12", detector: "det" });
    expect(md).to.not.have.property("late");
  });

  it("is read from a file that an editor on Windows has written, with its byte order mark", () => {
    const file = join(dir, "md.json");
    writeFileSync(file, '\ufeff{"sample": "Ni"}\r\n');
    expect({ ...persistentMetadata(file) }).to.deep.equal({ sample: "Ni" });
  });

  it("is not read from a broken file", () => {
    const file = join(dir, "md.json");
    writeFileSync(file, "{");
    expect(() => persistentMetadata(file)).to.throw(`${file} is not valid JSON: repair it`);
    writeFileSync(file, "[]");
    expect(() => persistentMetadata(file)).to.throw(`${file} does not contain a JSON object`);
  });

  it("contains the name of the plan's function, if it is known, and the versions", async () => {
    const RE = makeRunEngine();
    const starts: RunStart[] = [];
    RE.subscribe((_, doc) => starts.push(doc), "start");
    function* mine(): Plan<void> {
      yield Msg("open_run");
      yield Msg("close_run");
    }
    const wrapped = plan("wrapped", function* (): Plan<void> {
      yield* mine();
    });
    await RE(mine);
    await RE(wrapped());
    await RE(mine());
    expect(starts.map((start) => start.plan_name)).to.deep.equal(["mine", "wrapped", "mine"]);
    expect(starts[0]?.versions).to.have.keys("secop-lab", "node");
  });
});

describe("Metadata of any kind", () => {
  it("becomes what JSON can hold, also from another realm", async () => {
    const RE = makeRunEngine();
    const { det } = softDevices();
    let start: Readonly<Record<string, unknown>> = {};
    RE.subscribe((_, doc) => {
      start = doc;
    }, "start");
    const foreign = runInNewContext("({ when: new Date(0), list: [1, { a: undefined }], map: new Map([['k', 1]]) })");
    const hostile = JSON.parse('{"__proto__": {"polluted": true}, "fine": 1}') as Record<string, unknown>;
    await RE(count([det]), { foreign, hostile, det, fn: count, array: new Float64Array([1, 2]), big: 3n });
    expect(start).to.deep.include({
      foreign: { when: "1970-01-01T00:00:00.000Z", list: [1, {}], map: { k: 1 } },
      hostile: { fine: 1 },
      det: "det",
      array: [1, 2],
      big: "3",
    });
    expect(({} as { polluted?: boolean }).polluted).to.equal(undefined);
  });

  it("is refused with keys that event-model's schemas do not allow, unless the normaliser mends them", async () => {
    const RE = makeRunEngine();
    const { det } = softDevices();
    const refused: readonly Metadata[] = [{ "a.b": 1 }, { sample: { "a/b": 1 } }, { list: [{ "": 1 }] }];
    for (const md of refused)
      expect((await failure(Promise.resolve(RE(count([det]), md)))).message).to.match(
        /^metadata cannot have the key "(a\.b|a\/b|)": keys in documents/,
      );
    RE.mdNormalizer = ({ "a.b": ab, ...md }) => ({ ...md, ab });
    expect((await RE(count([det]), { "a.b": 1 })).exitStatus).to.equal("success");
  });

  it("is not confused with consumers of documents, which come before it", async () => {
    const RE = makeRunEngine();
    let documents = 0;
    const consumer = () => {
      documents += 1;
    };
    for (const subs of [consumer, [consumer], { all: consumer }, { all: [consumer] }])
      await RE(count([]), subs as () => void, { sample: "Ni" });
    expect(documents).to.equal(4 * 2);
    const mixed = { sample: "Ni", start: consumer };
    expect(() => RE(count([]), mixed as never)).to.throw(UsageError, "RE(plan, subscriptions, md)");
    expect(RE.state).to.equal("idle");
  });

  it("takes no place of what the engine writes, and no type that event-model's schema refuses", async () => {
    const { det } = softDevices();
    for (const [md, words] of [
      [{ uid: "mine" }, 'metadata cannot have the key "uid": each run gets its own, so choose another key'],
      [{ time: 5 }, 'metadata cannot have the key "time": each run gets its own, so choose another key'],
      [{ scan_id: "a" }, "the metadata \"scan_id\" is a whole number in a start document, not 'a'"],
      [{ owner: 5 }, 'the metadata "owner" is a text in a start document, not 5'],
      [{ data_groups: "all" }, "the metadata \"data_groups\" is a list of texts in a start document, not 'all'"],
      [{ hints: [1] }, 'the metadata "hints" is an object in a start document, not [ 1 ]'],
    ] as const) {
      expect((await failure(Promise.resolve(makeRunEngine()(count([det]), md)))).message).to.equal(words);
    }
    const md = { scan_id: 7, owner: "Ada", group: "g", project: "p", data_session: "s", data_groups: ["a"] };
    expect((await makeRunEngine()(count([det]), md)).exitStatus).to.equal("success");
  });

  it("must be an object", () => {
    const RE = makeRunEngine();
    for (const md of ["Ni foil", ["Ni"], 3, null])
      expect(() => RE(count([]), md as never)).to.throw('metadata is an object, like {sample: "Ni foil"}, not ');
    expect(RE.state).to.equal("idle");
  });
});

describe("Readings that fail", () => {
  it("become NaN if the plan wants that, and the other readings stay", async () => {
    const notices: string[] = [];
    const RE = makeRunEngine({ notify: (notice) => notices.push(notice.text) });
    const { det, sensor } = softDevices();
    const read = sensor.read.bind(sensor);
    let reads = 0;
    sensor.read = () => {
      reads += 1;
      if (reads === 2) throw new Error("open circuit");
      return read();
    };
    const run = await RE(bpp.tolerantReadWrapper(count([det, sensor], 3), [sensor]));
    expect(run.table().numbers("sensor")).to.deep.equal(new Float64Array([4.2, Number.NaN, 4.2]));
    expect(run.table().numbers("det")).to.deep.equal(
      new Float64Array([1, 1, 1].map(() => run.table().row(0).det as number)),
    );
    expect(notices).to.deep.equal(["could not read sensor, it counts as NaN: open circuit"]);
    await RE(bps.null_());
  });
});
