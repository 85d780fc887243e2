import { expect } from "chai";
import fc from "fast-check";
import type { Event, RunStart } from "../../../lib/engine/documents/documents";
import { documentLine, floatKeys, parseDocumentLine } from "../../../lib/store/files/documentLine";
import { testRun } from "../../support/runDocuments";

const run = testRun({ det: {} });

function eventWith(value: unknown): Event {
  return run.event(1, { det: value });
}

function lineOf(value: unknown): string {
  return documentLine("event", eventWith(value));
}

function readBack(value: unknown): unknown {
  return (parseDocumentLine(lineOf(value))?.doc as Event | undefined)?.data.det;
}

describe("documentLine", () => {
  it("writes one line of name and document", () => {
    const event = eventWith(1.5);
    const line = documentLine("event", event);
    expect(line).to.match(/^\{"name":"event","doc":\{.*\}\}\n$/);
    expect(JSON.parse(line)).to.deep.equal({ name: "event", doc: event });
  });

  it("writes numbers that JSON does not know as Python does, and reads them again", () => {
    expect(lineOf(Number.NaN)).to.contain('"det":NaN');
    expect(lineOf(Number.NEGATIVE_INFINITY)).to.contain('"det":-Infinity');
    expect(readBack(Number.NaN)).to.deep.equal(Number.NaN);
    expect(readBack([1, Number.POSITIVE_INFINITY, "NaN and -Infinity", { a: Number.NEGATIVE_INFINITY }])).to.deep.equal(
      [1, Number.POSITIVE_INFINITY, "NaN and -Infinity", { a: Number.NEGATIVE_INFINITY }],
    );
  });

  it("writes whole numbers of floating-point keys as Python does, so that a column keeps its type", () => {
    const key = { source: "SIM", shape: [] };
    const floats = floatKeys({
      data_keys: {
        T: { ...key, dtype: "number" },
        n: { ...key, dtype: "integer" },
        scaled: { ...key, dtype: "number", dtype_numpy: "<i8" },
        spectrum: { ...key, dtype: "array", shape: [2], dtype_numpy: "<f4" },
        counts: { ...key, dtype: "array", shape: [2], dtype_numpy: "<u4" },
        point: { ...key, dtype: "array", dtype_numpy: [["x", "<f8"]] },
      },
    });
    expect([...floats]).to.deep.equal(["T", "spectrum"]);
    const data = { T: 10, n: 3, spectrum: Float32Array.of(1, 0.5), counts: [1, 2] };
    const event = { ...run.event(1, data), timestamps: { T: 5, n: 0.5 } };
    expect(documentLine("event", event, floats)).to.contain(
      '"data":{"T":10.0,"n":3,"spectrum":[1.0,0.5],"counts":[1,2]},"timestamps":{"T":5.0,"n":0.5}',
    );
    expect(documentLine("event", { ...event, data: { T: -0 } }, floats)).to.contain('"T":-0.0}');
    expect(documentLine("event", { ...event, data: { T: 1e300 } }, floats)).to.contain('"T":1e+300}');
    const page = { ...event, data: { T: [1, 2.5], n: [1, 2] }, timestamps: { T: [1, 2], n: [1, 2] } };
    expect(documentLine("event_page", page as never, floats)).to.contain('"data":{"T":[1.0,2.5],"n":[1,2]}');
  });

  it("writes typed arrays, bytes and big integers as numbers", () => {
    expect(readBack(Float64Array.of(1.5, Number.NaN))).to.deep.equal([1.5, Number.NaN]);
    expect(readBack(Uint8Array.of(0, 255))).to.deep.equal([0, 255]);
    expect(lineOf(2n ** 60n)).to.contain('"det":1152921504606846976');
    expect(lineOf(BigInt64Array.of(-1n))).to.contain('"det":[-1]');
    expect(readBack({ nested: [Float32Array.of(0.5)] })).to.deep.equal({ nested: [[0.5]] });
  });

  it("reads integers of any size without losing a digit, and numbers as numbers", () => {
    for (const value of [
      2n ** 53n + 1n,
      -(2n ** 63n),
      2n ** 64n - 1n,
      [1, 2n ** 60n + 1n, -0, Number.NaN],
      2 ** 60,
      1e21,
    ])
      expect(readBack(value)).to.deep.equal(value);
    expect(Object.is(readBack(-0), -0)).to.equal(true);
    const late = { ...run.event(1, { det: 2n ** 60n + 1n }), time: 1e20, timestamps: { det: 1e20 } };
    expect(parseDocumentLine(documentLine("event", late))?.doc).to.deep.equal(late);
    const foreign = '{"name": "event", "doc": {"time": 12345678901234567890, "data": {"n": 12345678901234567890}}}';
    expect(parseDocumentLine(foreign)?.doc).to.deep.equal({
      time: 12345678901234567000,
      data: { n: 12345678901234567890n },
    });
    const start = '{"name":"start","doc":{"uid":"a","time":1,"limit":12345678901234567890}}';
    expect(parseDocumentLine(start)?.doc).to.deep.equal({ uid: "a", time: 1, limit: 12345678901234567000 });
  });

  it("leaves out undefined values and functions, as JSON does", () => {
    const start = { ...run.start, none: undefined, fn: () => 1, list: [undefined] } as unknown as RunStart;
    expect(parseDocumentLine(documentLine("start", start))?.doc).to.deep.equal({ ...run.start, list: [null] });
  });

  it("refuses a document that contains itself", () => {
    const start: Record<string, unknown> = { ...run.start };
    start.self = start;
    expect(() => documentLine("start", start as unknown as RunStart)).to.throw(/refers to itself/);
  });

  it("reads back whatever JSON can hold", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(readBack(value)).to.deep.equal(value);
      }),
    );
  }).timeout(20_000);

  it("stays on one line, whatever text the document has", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = lineOf([text, Number.NaN]);
        expect(line.indexOf("\n")).to.equal(line.length - 1);
        expect(readBack([text, Number.NaN])).to.deep.equal([text, Number.NaN]);
      }),
    );
  }).timeout(20_000);

  it("reads nothing from a line that is not a document", () => {
    for (const line of [
      "",
      "{",
      '{"name":"event"}',
      '{"name":"evil","doc":{}}',
      "[]",
      "null",
      "NaN",
      '{"name":"event","doc":{"uid":"1',
    ])
      expect(parseDocumentLine(line)).to.equal(undefined);
  });
});
