/** Tests of the encoding of pvAccess: values survive it, and malformed messages are refused. */

import { expect } from "chai";
import fc from "fast-check";
import { BitSet } from "../../../lib/epics/pva/bitSet";
import { encodePvaMessage, type PvaMessage, PvaMessageSplitter } from "../../../lib/epics/pva/pvaMessage";
import { PvaReader } from "../../../lib/epics/pva/pvaReader";
import { PvaWriter } from "../../../lib/epics/pva/pvaWriter";
import { fieldFor, readChanges, readValue, unsetStructure, writeValue } from "../../../lib/epics/pva/pvData";
import { bitsOf, type PvField, type StructureField, structure } from "../../../lib/epics/pva/pvField";
import { readField, readPvType, writeField } from "../../../lib/epics/pva/pvFieldCodec";
import { CASES_TIMEOUT_MS, cases } from "../../support/fuzz";

const scalar = (code: 0x22 | 0x23 | 0x43 | 0x60 | 0x00): PvField => ({ kind: "scalar", code });
const inner = structure(
  "lab:Inner",
  new Map([
    ["x", scalar(0x43)],
    ["text", scalar(0x60)],
  ]),
);
const everything: StructureField = structure(
  "lab:Everything",
  new Map<string, PvField>([
    ["flag", scalar(0x00)],
    ["count", scalar(0x22)],
    ["long", scalar(0x23)],
    ["inner", inner],
    ["numbers", { kind: "array", code: 0x43 }],
    ["three", { kind: "array", code: 0x21, fixed: 3 }],
    ["texts", { kind: "array", code: 0x60 }],
    ["list", { kind: "list", of: inner }],
    [
      "choice",
      {
        kind: "union",
        id: "",
        fields: new Map<string, PvField>([
          ["a", scalar(0x43)],
          ["b", scalar(0x60)],
        ]),
      },
    ],
    ["any", { kind: "any" }],
  ]),
);
const innerValue = fc.record({ x: fc.double({ noNaN: true }), text: fc.string() });
const value = fc.record({
  flag: fc.boolean(),
  count: fc.integer(),
  long: fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .map((big) => (Number.isSafeInteger(Number(big)) ? Number(big) : big)),
  inner: innerValue,
  numbers: fc.float64Array({ noNaN: true }),
  three: fc.int16Array({ minLength: 3, maxLength: 3 }),
  texts: fc.array(fc.string()),
  list: fc.array(fc.option(innerValue, { nil: undefined })),
  choice: fc.oneof(fc.double({ noNaN: true }), fc.string(), fc.constant(undefined)),
  any: fc.oneof(
    fc.double({ noNaN: true }),
    fc.string(),
    fc.boolean(),
    fc.float64Array({ noNaN: true }),
    fc.constant(undefined),
  ),
});

function encoded(bigEndian: boolean, write: (to: PvaWriter) => void): PvaReader {
  const to = new PvaWriter(bigEndian);
  write(to);
  return new PvaReader(Buffer.from(to.bytes), bigEndian);
}

describe("the encoding of pvAccess", () => {
  it("keeps types and values, in both byte orders", () => {
    fc.assert(
      fc.property(value, fc.boolean(), (sent, bigEndian) => {
        const from = encoded(bigEndian, (to) => {
          writeField(to, everything);
          writeValue(to, everything, sent);
        });
        const type = readField(from) as StructureField;
        expect(type).to.deep.equal(everything);
        expect(readValue(from, type)).to.deep.equal(sent);
        expect(from.remaining).to.equal(0);
      }),
      cases(500),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("changes only the fields that a message has, and leaves the value before as it was", () => {
    fc.assert(
      fc.property(
        value,
        value,
        fc.uniqueArray(fc.nat({ max: everything.size - 1 })),
        fc.boolean(),
        (before, after, bits, big) => {
          const changed = new BitSet();
          for (const bit of bits) changed.add(bit);
          const kept = structuredClone(before);
          const from = encoded(big, (to) => {
            changed.write(to);
            writeChanged(to, everything, after, changed, 0);
          });
          expect(readChanges(from, everything, BitSet.read(from), before)).to.deep.equal(
            merged(everything, before, after, changed, 0),
          );
          expect(before).to.deep.equal(kept);
        },
      ),
      cases(500),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("refuses random bytes with a RangeError, quickly and without large arrays", () => {
    const code = fc.constantFrom(
      0x80,
      0x81,
      0x82,
      0x83,
      0x88,
      0x89,
      0x8a,
      0xfd,
      0xfe,
      0xfc,
      0xff,
      0x43,
      0x4b,
      0x5b,
      0x60,
      0x68,
      1,
      2,
      254,
      255,
      0,
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(code, fc.nat({ max: 255 })), { maxLength: 200 }), fc.boolean(), (bytes, big) => {
        const from = new PvaReader(Buffer.from(bytes), big);
        try {
          const type = readField(from);
          if (type) readValue(from, type);
        } catch (error) {
          expect(error).to.be.instanceOf(RangeError);
        }
      }),
      cases(5000),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("refuses sizes beyond the message, types without end and structures without bytes", () => {
    const refusal = (...bytes: number[]) => {
      const from = new PvaReader(Buffer.from(bytes), false);
      return () => {
        const type = readField(from);
        if (type) readValue(from, type);
      };
    };
    expect(refusal(0x4b, 254, 255, 255, 255, 0x0f)).to.throw(RangeError, "shorter than its content");
    expect(refusal(0x68, 254, 255, 255, 255, 0x0f)).to.throw(RangeError, "announced 268435455 elements");
    expect(refusal(...Array.from({ length: 100 }, () => [0xfd, 1, 0]).flat())).to.throw(RangeError, "nested more than");
    expect(refusal(0xfe, 7, 0)).to.throw(RangeError, "a type 7 that it has not described");
    // Each type has two fields of the type before, so that the last one has 2^40 fields.
    const doubling = [0xfd, 0, 0, 0x80, 0, 0];
    const types = Array.from({ length: 40 }, (_, i) => [
      0xfd,
      i + 1,
      0,
      0x80,
      0,
      2,
      1,
      97,
      0xfe,
      i,
      0,
      1,
      98,
      0xfe,
      i,
      0,
    ]);
    const from = new PvaReader(Buffer.from([doubling, ...types].flat()), false);
    expect(() => {
      while (from.remaining > 0) readField(from);
    }).to.throw(RangeError, "more than 65536 fields");
  });

  it("splits a stream into messages wherever it is cut, and joins segments", () => {
    const message = (text: string) => encodePvaMessage(10, false, (to) => to.text(text));
    const segments = ["ab", "cd", "ef"].map((part, i) => {
      const bytes = encodePvaMessage(13, false, (to) => to.raw(Buffer.from(part)));
      bytes[2] = [0x10, 0x30, 0x20][i] ?? 0;
      return bytes;
    });
    const stream = Buffer.concat([message("first"), ...segments, message("last")]);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: stream.length }), { maxLength: 10 }), (cuts) => {
        const splitter = new PvaMessageSplitter();
        const seen: PvaMessage[] = [];
        const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        for (const [i, start] of places.slice(0, -1).entries())
          splitter.push(stream.subarray(start, places[i + 1]), (each) => seen.push(each));
        expect(
          seen.map(({ command, payload }) => `${command} ${payload.toString("latin1").replace(/^[^a-z]/, "")}`),
        ).to.deep.equal(["10 first", "13 abcdef", "10 last"]);
      }),
      cases(200),
    );
  });
});

it("a value without a type is sent as what it looks like", () => {
  expect(fieldFor({ a: 1, b: "x", c: undefined, d: [1, "x"] })).to.deep.equal(
    structure(
      "",
      new Map<string, PvField>([
        ["a", scalar(0x43)],
        ["b", scalar(0x60)],
        ["d", { kind: "list", of: { kind: "any" } }],
      ]),
    ),
  );
});

/** Writes the fields that are in the set, as a server does. */
function writeChanged(to: PvaWriter, field: PvField, sent: unknown, changed: BitSet, bit: number): void {
  if (changed.has(bit)) writeValue(to, field, sent);
  else if (field.kind === "structure") {
    let next = bit + 1;
    for (const [name, member] of field.fields) {
      writeChanged(to, member, (sent as Record<string, unknown>)[name], changed, next);
      next += bitsOf(member);
    }
  }
}

function merged(field: PvField, before: unknown, after: unknown, changed: BitSet, bit: number): unknown {
  if (changed.has(bit)) return after;
  if (field.kind !== "structure") return before;
  let next = bit + 1;
  const result: Record<string, unknown> = {};
  for (const [name, member] of field.fields) {
    result[name] = merged(member, (before as typeof result)[name], (after as typeof result)[name], changed, next);
    next += bitsOf(member);
  }
  return result;
}

it("types that are described in the same bytes are one type, and others are not", () => {
  const description = (name: string) => {
    const to = new PvaWriter(false);
    writeField(to, structure("lab:T", new Map([[name, { kind: "scalar", code: 0x43 }]])));
    return Buffer.concat([to.bytes, Buffer.from([7])]);
  };
  const read = (name: string) => {
    const from = new PvaReader(description(name), false);
    const type = readPvType(from);
    // What follows the description is read next.
    expect(from.u8()).to.equal(7);
    return type;
  };
  expect(read("value")).to.equal(read("value"));
  expect(read("value")).not.to.equal(read("other"));
  expect(unsetStructure(read("value") as StructureField)).to.deep.equal({ value: 0 });
});
