import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { documentLine, floatKeys } from "../../../lib/store/files/documentLine";
import { fastColumn } from "../../../lib/store/reading/fastColumn";
import { StoredRun } from "../../../lib/store/runs/storedRun";
import { randomRun } from "../../support/randomRuns";
import { documentsOf, testRun } from "../../support/runDocuments";

describe("one column of a run file", () => {
  let dir: string;
  let path: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "column-"));
    path = join(dir, "run.jsonl");
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const write = (run: ReturnType<typeof testRun>, rows: readonly Record<string, unknown>[]): string[] => {
    const floats = floatKeys(run.descriptor);
    const lines = documentsOf(run, rows).map(({ name, doc }) => documentLine(name, doc as never, floats));
    writeFileSync(path, lines.join(""));
    return lines;
  };
  const column = async (key: string) => Array.from((await fastColumn(path, "primary", key)) ?? []);

  it("is the same as in the table for random runs", async () => {
    await fc.assert(
      fc.asyncProperty(randomRun, async ({ documents, streams }) => {
        writeFileSync(path, documents.map(({ name, doc }) => documentLine(name, doc as never)).join(""));
        for (const [stream, { keys, rows }] of Object.entries(streams))
          for (const key of Object.keys(keys)) {
            const numbers = rows.map((row) => (/number|bigint/.test(typeof row[key]) ? Number(row[key]) : Number.NaN));
            const found = await fastColumn(path, stream, key);
            expect(Array.from(found ?? []), `${stream} ${key}`).to.deep.equal(numbers);
          }
      }),
      { numRuns: 10 },
    );
  }).timeout(60_000);

  it("is not taken from texts, other keys, or timestamps that look like it", async () => {
    const keys = {
      'x"det': {},
      'x,"det': {},
      note: { dtype: "string" },
      det: {},
      "det\\": {},
      seq_num: { dtype: "integer" },
      descriptor: { dtype: "string" },
    } as const;
    const run = testRun(keys);
    const texts = ['"det":7,', '\\"det\\":7', '},"timestamps":{"det":8}', '"seq_num":99', "é\u2028\u{1f600}", "\\", ""];
    const rows = texts.map((note, i) => ({
      ...{ 'x"det': -1, 'x,"det': -2, note, det: i + 0.5, "det\\": -3, seq_num: 50 + i },
      descriptor: '"descriptor":"other"',
    }));
    write(run, rows);
    expect(await column("det")).to.deep.equal(rows.map(({ det }) => det));
    expect(await column('x"det')).to.deep.equal(rows.map(() => -1));
    expect(await column("det\\")).to.deep.equal(rows.map(() => -3));
    expect(await column("seq_num")).to.deep.equal(rows.map((_, i) => 50 + i));
    write(run, [{ det: 1 }, { det: 2 }]);
    const one = run.event(3, { note: "only a note" });
    appendFileSync(path, documentLine("event", { ...one, timestamps: { det: 5, note: 5 } }));
    expect(await column("det")).to.deep.equal([1, 2, Number.NaN]);
  });

  it("has the last of duplicate keys, and of events with one number, as the table has", async () => {
    const run = testRun({ det: {} });
    const lines = write(run, [{ det: 1 }, { det: 2 }, { det: 3 }]);
    const twice = (lines[3] as string).replace('"data":{"det":2.0}', '"data":{"det":2.0,"det":20}');
    const again = documentLine("event", run.event(1, { det: 10 }), floatKeys(run.descriptor));
    writeFileSync(path, [...lines.slice(0, 3), twice, lines[4], again].join(""));
    expect(await column("det")).to.deep.equal([10, 20, 3]);
    expect((await StoredRun.open(path)?.table())?.column("det")).to.deep.equal([10, 20, 3]);
  });

  it("leaves out exactly the lines that the table leaves out", async () => {
    const run = testRun({ det: {}, other: {}, word: { dtype: "string" } });
    const rows = Array.from({ length: 40 }, (_, i) => ({ det: i, other: i / 3, word: `w${i}` }));
    write(run, rows);
    const text = readFileSync(path, "latin1");
    const from = text.indexOf('"seq_num":2,');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: from, max: text.length - 1 }),
        fc.constantFrom("", "}", "{", '"', ",", "\n", "\0", "x", "5", "-", '{"name":"event"'),
        fc.nat({ max: 30 }),
        async (at, inserted, removed) => {
          writeFileSync(path, text.slice(0, at) + inserted + text.slice(at + removed), "latin1");
          const table = await StoredRun.open(path)?.table();
          for (const key of ["det", "other"]) {
            const expected = table?.column(key).map((value) => (typeof value === "number" ? value : Number.NaN));
            expect(await column(key), key).to.deep.equal(expected);
          }
        },
      ),
      { numRuns: 150 },
    );
  }).timeout(120_000);

  it("leaves out a line whose number lost its first digits, so that it begins with zeros", async () => {
    const run = testRun({ det: {} });
    const lines = write(run, [{ det: 1 }, { det: 2.5 }, { det: 1000.5 }, { det: 4 }]);
    writeFileSync(path, lines.join("").replace('"data":{"det":1000.5}', '"data":{"det":000.5}'));
    expect(await column("det")).to.deep.equal([1, 2.5, 4]);
    expect((await StoredRun.open(path)?.table())?.column("det")).to.deep.equal([1, 2.5, 4]);
  });

  it("is read from a page of 200,000 events on one line", async () => {
    const run = testRun({ det: {} });
    const numbers = Array.from({ length: 200_000 }, (_, i) => i + 1);
    const [start, descriptor, stop] = documentsOf(run, []);
    const page = {
      ...{ uid: numbers.map(String), time: numbers, seq_num: numbers, descriptor: run.descriptor.uid, filled: {} },
      data: { det: numbers },
      timestamps: { det: numbers },
    };
    const documents = [start, descriptor, { name: "event_page", doc: page }, stop] as ReturnType<typeof documentsOf>;
    writeFileSync(path, documents.map(({ name, doc }) => documentLine(name, doc as never)).join(""));
    expect(await column("det")).to.deep.equal(numbers);
    const events = [];
    for await (const { data } of StoredRun.open(path)?.events() ?? []) events.push(data.det);
    expect(events).to.deep.equal(numbers);
  }).timeout(60_000);
});
