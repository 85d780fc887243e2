/** Tests of the messages of Channel Access, with messages made by fast-check. */

import { expect } from "chai";
import fc from "fast-check";
import { type CaMessage, CaMessageSplitter, encodeMessage } from "../../../lib/epics/ca/caMessage";
import { decodeReading, encodeArray, FieldType } from "../../../lib/epics/ca/dbr";

const number16 = fc.integer({ min: 0, max: 0xffff });
const number32 = fc.integer({ min: 0, max: 0xffff_ffff });
const message = fc.record({
  command: number16,
  dataType: number16,
  dataCount: fc.oneof(number16, number32),
  parameter1: number32,
  parameter2: number32,
  payload: fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ minLength: 65_520, maxLength: 65_550 })),
});

describe("messages of Channel Access", () => {
  it("are received as they were sent, however the stream is split", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.nat(200_000), { maxLength: 8 }), (sent, cuts) => {
        const stream = Buffer.concat(
          sent.flatMap(({ command, payload, ...fields }) =>
            encodeMessage(command, { ...fields, payload: Buffer.from(payload) }),
          ),
        );
        const ends = [0, ...cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b), stream.length];
        const received: CaMessage[] = [];
        const splitter = new CaMessageSplitter();
        for (let i = 1; i < ends.length; i++)
          splitter.push(stream.subarray(ends[i - 1], ends[i]), (m) => received.push(m));
        expect(received.length).to.equal(sent.length);
        for (const [i, { payload, ...fields }] of sent.entries()) {
          expect(received[i]).to.deep.include(fields);
          const padded = Buffer.alloc(Math.ceil(payload.length / 8) * 8);
          padded.set(payload);
          expect(received[i]?.payload.equals(padded)).to.equal(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("are refused if they claim an impossible length, before memory is allocated", () => {
    const [header] = encodeMessage(1, { dataCount: 0xffff_ffff });
    header?.writeUInt32BE(0xffff_fff8, 16);
    expect(() => new CaMessageSplitter().push(header ?? Buffer.alloc(0), () => {})).to.throw(RangeError);
    expect(() => decodeReading(FieldType.double, 0xffff_ffff, Buffer.alloc(24))).to.throw(RangeError);
  });

  it("contain values with a time that is converted to Unix time", () => {
    const body = encodeArray(FieldType.double, [1.5, -2]);
    const head = Buffer.alloc(16);
    head.writeInt16BE(3, 0);
    head.writeInt16BE(2, 2);
    head.writeUInt32BE(1, 4);
    head.writeUInt32BE(500_000_000, 8);
    const reading = decodeReading(FieldType.double, 2, Buffer.concat([head, body]));
    expect(reading).to.deep.equal({
      status: 3,
      severity: 2,
      timestamp: 631_152_001.5,
      data: new Float64Array([1.5, -2]),
    });
  });
});
