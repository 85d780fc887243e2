import { expect } from "chai";
import fc from "fast-check";
import type { Event, RunStart } from "../../lib/engine/documents";
import { documentLine, parseDocumentLine } from "../../lib/store/documentLine";
import { testRun } from "../live/runDocuments";

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
    expect(documentLine("event", event)).to.equal(`${JSON.stringify({ name: "event", doc: event })}\n`);
  });

  it("writes numbers which JSON does not know as Python does, and reads them again", () => {
    expect(lineOf(Number.NaN)).to.contain('"det":NaN');
    expect(lineOf(Number.NEGATIVE_INFINITY)).to.contain('"det":-Infinity');
    expect(readBack(Number.NaN)).to.deep.equal(Number.NaN);
    expect(readBack([1, Number.POSITIVE_INFINITY, "NaN and -Infinity", { a: Number.NEGATIVE_INFINITY }])).to.deep.equal(
      [1, Number.POSITIVE_INFINITY, "NaN and -Infinity", { a: Number.NEGATIVE_INFINITY }],
    );
  });

  it("writes typed arrays, bytes and big integers as numbers", () => {
    expect(readBack(Float64Array.of(1.5, Number.NaN))).to.deep.equal([1.5, Number.NaN]);
    expect(readBack(Uint8Array.of(0, 255))).to.deep.equal([0, 255]);
    expect(lineOf(2n ** 60n)).to.contain('"det":1152921504606846976');
    expect(lineOf(BigInt64Array.of(-1n))).to.contain('"det":[-1]');
    expect(readBack({ nested: [Float32Array.of(0.5)] })).to.deep.equal({ nested: [[0.5]] });
  });

  it("leaves out what is undefined or a function, as JSON does", () => {
    const start = { ...run.start, none: undefined, fn: () => 1, list: [undefined] } as unknown as RunStart;
    expect(parseDocumentLine(documentLine("start", start))?.doc).to.deep.equal({ ...run.start, list: [null] });
  });

  it("refuses what refers to itself", () => {
    const start: Record<string, unknown> = { ...run.start };
    start.self = start;
    expect(() => documentLine("start", start as unknown as RunStart)).to.throw(/refers to itself/);
  });

  it("reads back whatever JSON can hold", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(readBack(value)).to.deep.equal(
          JSON.parse(JSON.stringify(value).replace(/(?<=[[,:])-0(?=[,\]}])/g, "-0")),
        );
      }),
    );
  }).timeout(20_000);

  it("stays on one line whatever text is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = lineOf([text, Number.NaN]);
        expect(line.indexOf("\n")).to.equal(line.length - 1);
        expect(readBack([text, Number.NaN])).to.deep.equal([text, Number.NaN]);
      }),
    );
  }).timeout(20_000);

  it("reads nothing from what is no document", () => {
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
