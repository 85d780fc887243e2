import { expect } from "chai";
import fc from "fast-check";
import { $display } from "../../../lib/display/mimeBundle";
import { DataColumn } from "../../../lib/engine/result/dataColumn";
import { RunTable } from "../../../lib/engine/result/runTable";

describe("DataColumn", () => {
  it("returns the values that were set, in any order", () => {
    const value = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40_000), value), { minLength: 1, maxLength: 30 }), (entries) => {
        const column = new DataColumn();
        const expected = new Map<number, unknown>();
        for (const [row, v] of entries) {
          column.set(row, v);
          expected.set(row, v);
        }
        for (const [row, v] of expected) expect(column.get(row)).to.deep.equal(v);
        expect(column.length).to.equal(Math.max(...expected.keys()) + 1);
        expect(column.toArray()).to.have.length(column.length);
        expect(column.numeric).to.equal(entries.every(([, v]) => typeof v === "number" || v === null));
      }),
      { numRuns: 50 },
    );
  });
});

describe("RunTable", () => {
  const key = (units?: string) => ({ source: "SIM", dtype: "number" as const, shape: [], ...(units ? { units } : {}) });

  function table(rows: number): RunTable {
    const result = new RunTable("primary");
    result.addColumns({ T: key("K"), label: { ...key(), dtype: "string" } });
    for (let i = 1; i <= rows; i += 1) result.put(i, i, { T: i / 2, label: `a,"${i}"` });
    return result;
  }

  it("replaces the row of an event that is measured again", () => {
    const result = table(3);
    result.put(2, 9, { T: 7, label: "again" });
    expect(result.length).to.equal(3);
    expect(result.numbers("T")).to.deep.equal(new Float64Array([0.5, 7, 1.5]));
    expect(result.row(1)).to.deep.equal({ seq_num: 2, time: 9, T: 7, label: "again" });
  });

  it("shows a status in words, as live tables do, and other tuples as lists", () => {
    const status = { type: "tuple", members: [{ type: "enum", members: { IDLE: 100 } }, { type: "string" }] };
    const pair = { type: "tuple", members: [{ type: "double" }, { type: "string" }] };
    const described = (datainfo: unknown) =>
      ({ source: "SIM", dtype: "array", shape: [2], SECOP_datainfo: JSON.stringify(datainfo) }) as const;
    const result = new RunTable("primary");
    result.addColumns({ status: described(status), pair: described(pair), odd: described(null) });
    result.put(1, 1, { status: ["IDLE", "at target\u001b[31m"], pair: [1.5, "x"], odd: ["IDLE", ""] });
    result.put(2, 2, { status: ["IDLE", ""], pair: [2, ""], odd: null });
    const shown = String(result[$display]()["text/plain"]).split("\n");
    expect(shown.find((line) => line.includes("at target"))).to.match(
      /IDLE: at target.* \[1\.5, "x"\].* \["IDLE", ""\]/,
    );
    expect(shown.find((line) => line.includes("[2, "))).to.match(/ IDLE +\|? *\[2, ""\]/);
    expect(shown.join()).to.not.contain("\u001b");
    expect(result.row(0).status).to.deep.equal(["IDLE", "at target\u001b[31m"]);
  });

  it("lists its columns and rows when it is asked for an unknown one", () => {
    expect(() => table(1).row(1)).to.throw("no row 1 in primary: it has 1");
    expect(() => table(1).numbers("label")).to.throw('column "label" of primary has values that are not numbers');
    expect(() => table(1).dataKey("x")).to.throw('no column "x" in primary');
    expect(table(2).row(-1).seq_num).to.equal(2);
  });

  it("writes comma-separated values", () => {
    expect(table(1).toCsv()).to.equal('seq_num,time,T,label\n1,1,0.5,"a,""1"""\n');
  });

  it("writes arrays, typed or not, as lists", () => {
    const arrays = new RunTable("primary");
    const key = { source: "SIM", dtype: "array", shape: [2] } as const;
    arrays.addColumns({ a: key, b: key });
    arrays.put(1, 1, { a: new Float64Array([1, 2]), b: [3, 4] });
    expect(arrays.toCsv()).to.equal('seq_num,time,a,b\n1,1,"[1,2]","[3,4]"\n');
  });

  it("writes texts that look like formulas so that a spreadsheet computes nothing, and numbers as they are", () => {
    const texts = new RunTable("primary");
    const key = { source: "SIM", dtype: "string", shape: [] } as const;
    texts.addColumns({ "=A1": key, n: { ...key, dtype: "number" } });
    const values = ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")', "-1.5e-3", "+2", "a=1", ""];
    for (const [i, text] of values.entries()) texts.put(i + 1, 1, { "=A1": text, n: -i });
    expect(texts.toCsv().split("\n").slice(0, -1)).to.deep.equal([
      "seq_num,time,'=A1,n",
      ...["'=1+1", "'+A1", "'-A1", "'@SUM(A1)", "'\t=1", `"'=HYPERLINK(""x"")"`, "-1.5e-3", "+2", "a=1", ""].map(
        (cell, i) => `${i + 1},1,${cell},${i === 0 ? 0 : -i}`,
      ),
    ]);
  });

  it("shows the first and last rows of a long table", () => {
    const shown = (table(1000)[$display]() as { "text/plain": string })["text/plain"];
    expect(shown).to.contain("1000 rows of primary, the first and last 10 shown");
    expect(shown.split("\n")).to.have.length(3 + 10 + 1 + 10 + 1);
  });
});
