import { Buffer } from "node:buffer";
import { expect } from "chai";
import fc from "fast-check";
import { LineSplitter } from "../../../lib/secop/wire/lineSplitter";
import { CASES_TIMEOUT_MS, cases } from "../../support/fuzz";

function split(chunks: Uint8Array[], splitter = new LineSplitter()): string[] {
  const lines: string[] = [];
  for (const chunk of chunks) splitter.push(chunk, (line) => lines.push(line));
  return lines;
}

function cut(bytes: Buffer, cuts: number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((c) => c % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length));
}

describe("LineSplitter", () => {
  it("gives the same lines whatever the chunks are", () => {
    const line = fc.string({ unit: "grapheme", maxLength: 30 }).filter((s) => !/[\r\n]/.test(s));
    fc.assert(
      fc.property(fc.array(fc.tuple(line, fc.boolean()), { maxLength: 12 }), fc.array(fc.nat(500)), (lines, cuts) => {
        const bytes = Buffer.from(lines.map(([text, cr]) => `${text}${cr ? "\r" : ""}\n`).join(""));
        expect(split(cut(bytes, cuts))).to.deep.equal(lines.map(([text]) => text));
      }),
      cases(2000),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("keeps a code point whole that arrives byte by byte", () => {
    const bytes = Buffer.from('update m:p ["ä€😀", {}]\r\nnext\n');
    expect(split([...bytes].map((byte) => Uint8Array.of(byte)))).to.deep.equal(['update m:p ["ä€😀", {}]', "next"]);
  });

  it("joins a line of many megabytes from small chunks", () => {
    const chunk = Buffer.alloc(1000, "x");
    const lines = split([...new Array(20_000).fill(chunk), Buffer.from("\nshort\n")]);
    expect(lines.map((l) => l.length)).to.deep.equal([20_000_000, 5]);
  });

  it("keeps the beginning of a line whose bytes are overwritten by the next chunk", () => {
    const buffer = Buffer.alloc(8);
    const splitter = new LineSplitter();
    const lines = ["pong 1\nu", "pdate m:", "p [1]\n"].flatMap((text) => {
      buffer.write(text);
      return split([buffer.subarray(0, text.length)], splitter);
    });
    expect(lines).to.deep.equal(["pong 1", "update m:p [1]"]);
  });

  it("skips a line beyond the limit and goes on with the next", () => {
    const limits: number[] = [];
    const splitter = new LineSplitter((limit) => limits.push(limit), 10);
    const lines = split(
      ["ok\n", "0123456789", "0123456789", "more", "end\nnext\n", "12345678901\nlast\n"].map((s) => Buffer.from(s)),
      splitter,
    );
    expect(lines.slice(0, 2)).to.deep.equal(["ok", "next"]);
    expect(lines.at(-1)).to.equal("last");
    expect(limits).to.deep.equal([10]);
  });
});
