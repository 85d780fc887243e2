import { expect } from "chai";
import { $display } from "../../../lib/display/mimeBundle";
import { RunTable } from "../../../lib/engine/result/runTable";

const key = (units?: string) => ({ source: "SIM", dtype: "number" as const, shape: [], ...(units ? { units } : {}) });

/** The same table as the DataFrame of which pandas 3.1.1 gave the numbers in these tests. */
function table(): RunTable<{ T: number; det: number; mon: number; label: string }> {
  const result = new RunTable<{ T: number; det: number; mon: number; label: string }>("primary");
  result.addColumns({ T: key("K"), det: key("counts"), mon: key(), label: { ...key(), dtype: "string" } });
  const rows = [
    [10, 1, 2],
    [10, 2, 2],
    [20, 4, 2],
    [20, 8, 4],
    [20, Number.NaN, 4],
  ];
  for (const [i, [T, det, mon]] of rows.entries()) result.put(i + 1, 100 + i, { T, det, mon, label: `p${i}` });
  return result;
}

describe("DataTable", () => {
  it("gives the first and the last rows as tables that do not grow with the run", () => {
    const all = table();
    const head = all.head(2);
    all.put(6, 105, { T: 30, det: 9, mon: 4, label: "p5" });
    expect(head.rows()).to.deep.equal([
      { seq_num: 1, time: 100, T: 10, det: 1, mon: 2, label: "p0" },
      { seq_num: 2, time: 101, T: 10, det: 2, mon: 2, label: "p1" },
    ]);
    expect([all.head().length, all.tail().column("seq_num"), all.tail(0).length]).to.deep.equal([
      5,
      [2, 3, 4, 5, 6],
      0,
    ]);
    const numbers = (rows: number) => [all.head(rows).column("seq_num"), all.tail(rows).column("seq_num")];
    expect([numbers(-2), numbers(0), numbers(9), numbers(-9)]).to.deep.equal([
      [
        [1, 2, 3, 4],
        [3, 4, 5, 6],
      ],
      [[], []],
      [
        [1, 2, 3, 4, 5, 6],
        [1, 2, 3, 4, 5, 6],
      ],
      [[], []],
    ]);
    for (const method of ["head", "tail"] as const)
      expect(() => all[method](2.5)).to.throw(`${method} takes a whole number of rows, not 2.5`);
    expect(head.units).to.deep.equal({ T: "K", det: "counts", mon: null, label: null });
    expect(head[$display]()["text/plain"]).to.contain("2 rows of primary");
  });

  it("describes its columns of numbers as pandas does", () => {
    const statistics = table().describe();
    expect(statistics.column("statistic")).to.deep.equal(["count", "mean", "std", "min", "25%", "50%", "75%", "max"]);
    expect(statistics.columns).to.deep.equal(["T", "det", "mon"]);
    const std = 3.095696;
    for (const [i, expected] of [4, 3.75, std, 1, 1.75, 3, 5, 8].entries())
      expect(statistics.numbers("det")[i]).to.be.closeTo(expected, 1e-6);
    expect(statistics.numbers("T")[2]).to.be.closeTo(5.477226, 1e-6);
    expect(statistics[$display]()["text/plain"]).to.match(/^statistic +T +det +mon\n/);
  });

  it("describes equal values with no deviation, and writes each statistic by itself", () => {
    const steady = new RunTable<{ T: number }>("primary");
    steady.addColumns({ T: key("K") });
    for (let i = 1; i <= 13; i += 1) steady.put(i, i, { T: 19.993613 });
    const statistics = steady.describe();
    expect([...statistics.numbers("T")]).to.deep.equal([13, 19.993613, 0, ...Array(5).fill(19.993613)]);
    const lines = String(statistics[$display]()["text/plain"]).split("\n");
    expect(lines.slice(2, 5).map((line) => line.trim().split(/ +/))).to.deep.equal([
      ["count", "13"],
      ["mean", "19.994"],
      ["std", "0"],
    ]);
  });

  it("gives single statistics of a column, without its missing values", () => {
    const { mean, std, min, median, max, sum } = {
      mean: table().mean("det"),
      std: table().std("det"),
      min: table().min("det"),
      median: table().median("det"),
      max: table().max("det"),
      sum: table().sum("det"),
    };
    expect([mean, min, median, max, sum]).to.deep.equal([3.75, 1, 3, 8, 15]);
    expect(std).to.be.closeTo(3.095696, 1e-6);
    expect(() => table().mean("label")).to.throw('column "label" of primary has values that are not numbers');
    expect(() => table().mean("dte")).to.throw('no column "dte" in primary: it has seq_num, time, T, det, mon, label');
  });

  it("groups its rows by the values of a column", () => {
    const groups = table().groupBy("T");
    expect([groups.size, groups.keys]).to.deep.equal([2, [10, 20]]);
    expect(groups.get(20).column("label")).to.deep.equal(["p2", "p3", "p4"]);
    expect(() => groups.get(30)).to.throw("no group 30: there are 10; 20");
    const mean = groups.mean();
    expect([mean.column("T"), mean.column("det")]).to.deep.equal([
      [10, 20],
      [1.5, 6],
    ]);
    expect(mean.numbers("mon")[1]).to.be.closeTo(3.333333, 1e-6);
    expect(groups.std().numbers("det")[1]).to.be.closeTo(2.828427, 1e-6);
    const both = groups.aggregate({ det: "sum", mon: (numbers) => Math.max(...numbers) });
    expect(both.rows()).to.deep.equal([
      { T: 10, det: 3, mon: 2 },
      { T: 20, det: 12, mon: 4 },
    ]);
    expect(() => groups.aggregate({ det: "average" as "mean" })).to.throw('no statistic "average": use count, mean');
  });

  it("groups its rows by the values of several columns", () => {
    const groups = table().groupBy("T", "mon");
    expect(groups.keys).to.deep.equal([
      [10, 2],
      [20, 2],
      [20, 4],
    ]);
    expect(groups.get(20, 4).length).to.equal(2);
    expect(groups.count().rows()[2]).to.deep.equal({ T: 20, mon: 4, det: 1 });
  });

  it("refuses to derive a column from what is not a function", () => {
    expect(() => table().derive({ ratio: "det / mon" as never })).to.throw(
      "derive makes ratio by a function of the row: { ratio: (row) => row.det / row.mon }",
    );
  });

  it("derives further columns, which are typed and have units", () => {
    const derived = table().derive(
      { ratio: (row) => row.det / row.mon, name: (row) => row.label.toUpperCase() },
      {
        ratio: "counts/s",
      },
    );
    derived.row(3).ratio satisfies number;
    derived.row(3).det satisfies number;
    // @ts-expect-error there is no such column
    derived.row(3).rate;
    expect(derived.row(3)).to.include({ ratio: 2, name: "P3", det: 8, seq_num: 4 });
    expect([derived.units.ratio, derived.numbers("ratio")[1]]).to.deep.equal(["counts/s", 1]);
    const replaced = table().derive({ det: (row) => -row.det });
    expect([replaced.columns, replaced.row(0).det]).to.deep.equal([["T", "det", "mon", "label"], -1]);
  });

  it("keeps the types of a row that is spread", () => {
    const [first] = table()
      .rows()
      .map((row) => ({ ...row, ratio: row.det / row.mon }));
    (first?.T ?? 0) satisfies number;
    expect(first).to.include({ T: 10, ratio: 0.5 });
  });

  it("filters, sorts and selects", () => {
    const good = table().filter((row) => row.det > 1);
    expect(good.column("label")).to.deep.equal(["p1", "p2", "p3"]);
    expect(table().sortBy("det", { descending: true }).column("det")).to.deep.equal([8, 4, 2, 1, Number.NaN]);
    expect(
      table()
        .sortBy((row) => -row.seq_num)
        .column("seq_num"),
    ).to.deep.equal([5, 4, 3, 2, 1]);
    expect(table().select("det", "T").row(0)).to.deep.equal({ seq_num: 1, time: 100, det: 1, T: 10 });
    expect(() => table().select("dte")).to.throw('no column "dte"');
    expect(
      good
        .sortBy("det")
        .derive({ twice: ({ det }) => 2 * det })
        .head(1)
        .toCsv(),
    ).to.equal("seq_num,time,T,det,mon,label,twice\n2,101,10,2,2,p1,4\n");
  });

  it("interpolates missing values as pandas does", () => {
    const gaps = new RunTable("primary");
    gaps.addColumns({ x: key(), y: key() });
    const rows = [
      [0, Number.NaN],
      [1, 1],
      [3, Number.NaN],
      [4, 7],
      [6, Number.NaN],
    ];
    for (const [i, [x, y]] of rows.entries()) gaps.put(i + 1, i, { x, y });
    expect(gaps.interpolate().column("y")).to.deep.equal([Number.NaN, 1, 4, 7, 7]);
    expect(gaps.interpolate({ over: "x" }).column("y")).to.deep.equal([Number.NaN, 1, 5, 7, 7]);
    expect(gaps.column("y")[2]).to.deep.equal(Number.NaN);
  });

  it("has no standard deviation without rows, as pandas", () => {
    expect(
      table()
        .filter(() => false)
        .std("det"),
    ).to.deep.equal(Number.NaN);
  });

  it("refuses to interpolate texts, and names that are no statistics", () => {
    expect(() => table().interpolate({ columns: ["label"] })).to.throw('column "label" of primary has values that are');
    const how = { det: "toString" as never };
    expect(() => table().groupBy("T").aggregate(how)).to.throw('no statistic "toString": use count, mean');
  });

  it("has infinite quartiles where pandas has them, and shows no escape sequences of a stream", () => {
    const hostile = new RunTable("red\u001b[31m");
    hostile.addColumns({ x: key() });
    for (let i = 1; i <= 3; i += 1) hostile.put(i, i, { x: Number.POSITIVE_INFINITY });
    expect(hostile.median("x")).to.equal(Number.POSITIVE_INFINITY);
    expect(String(hostile)).to.equal('RunTable "red\\x1b[31m" of 3 rows: x');
  });

  it("gives values at other places, as numpy.interp does within them", () => {
    const curve = new RunTable("primary");
    curve.addColumns({ x: key(), y: key() });
    for (const [i, [x, y]] of [
      [3, 30],
      [0, 0],
      [1, 10],
    ].entries())
      curve.put(i + 1, i, { x, y });
    expect([...curve.valuesAt([0.5, 2, 3, 5], "x", "y")]).to.deep.equal([5, 20, 30, Number.NaN]);
  });
});
