/** What cells printed, returned and drew is compared by its words and its data. */

import { expect } from "chai";
import { type ComparedCell, outputDifferences, versionDifferences } from "../../../lib/rerun/verify";
import { plotDifferences } from "../../../lib/rerun/verify/plotDifferences";

const stream = (text: string, name = "stdout") => ({ output_type: "stream", name, text: [text] });
const result = (text: string) => ({ output_type: "execute_result", data: { "text/plain": text } });
const plot = (spec: object, text = "a plot") => ({
  output_type: "display_data",
  data: { "text/plain": text, "application/vnd.vegalite.v5+json": spec },
});
const line = (ys: readonly number[], more: object = {}) => ({
  title: { text: "scan #1" },
  data: { values: ys.map((y, x) => ({ x, y })) },
  mark: "line",
  encoding: { x: { field: "x" }, y: { field: "y", title: "power (W)" } },
  ...more,
});

describe("the outputs of a notebook that ran again", () => {
  const cell = (code: string, ...outputs: object[]): ComparedCell => ({ name: "cell 1", code, outputs });
  const differences = (then: ComparedCell, now: ComparedCell, how: object = {}) =>
    outputDifferences([then], [now], { exact: true, tolerance: 0, names: new Map(), ...how });

  it("are the same where only uids, files of runs, pictures and warnings differ", () => {
    const names = new Map([
      ["aaaaaaaa", "run 1"],
      ["bbbbbbbb", "run 1"],
    ]);
    const outputs = (uid: string, file: string) => [
      stream(`scan ${uid}\n`),
      stream(`careful ${Math.random()}\n`, "stderr"),
      { output_type: "display_data", data: { "text/html": `<b>${uid}</b>`, "text/plain": `in ${file}` } },
      result(`'6f1c1f0e-${uid.slice(0, 4)}-4000-8000-000000000000'`),
    ];
    const then = cell("go()", ...outputs("aaaaaaaa", "runs/2026/1.jsonl"));
    const now = cell("go()", ...outputs("bbbbbbbb", "/tmp/x/replay/runs/2026/2.jsonl"));
    expect(differences(then, now, { names })).to.deep.equal([]);
  });

  it("differ by the first line that does", () => {
    const then = cell("go()", stream("a\nvalue 2.5 K\nc\n"), result("3"));
    expect(differences(then, cell("go()", stream("a\nvalue 2.6 K\nd\n"), result("3")))).to.deep.equal([
      'cell 1: "value 2.5 K" then, "value 2.6 K" now',
    ]);
    expect(differences(then, cell("go()", stream("a\nvalue 2.5 K\nc\n")))).to.deep.equal(['cell 1: "3" is gone']);
    expect(differences(cell("go()"), cell("go()", stream("new\n")))).to.deep.equal(['cell 1: "new" is new']);
    const error = { output_type: "error", ename: "RangeError", evalue: "too \u001b[31mfar", traceback: [] };
    expect(differences(cell("go()", result("1")), cell("go()", error))[0]).to.match(/^cell 1: "1" then, "RangeError/);
    expect(JSON.stringify(differences(cell("go()", result("1")), cell("go()", error)))).not.to.contain("\u001b");
  });

  it("may differ by a tolerance in numbers, and in nothing else", () => {
    const [then, now] = [cell("go()", result("2.50 K at 10 s")), cell("go()", result("2.52 K at 10 s"))];
    expect(differences(then, now, { tolerance: 0.05 })).to.deep.equal([]);
    expect(differences(then, now, { tolerance: 0.01 }).length).to.equal(1);
    expect(differences(then, cell("go()", result("2.50 C at 10 s")), { tolerance: 9 }).length).to.equal(1);
  });

  it("are not compared where the cell was edited, nor in words where it holds a magic or measured anew", () => {
    const [then, now] = [cell("%time go()", stream("took 3 ms\n")), cell("%time go()", stream("took 5 ms\n"))];
    expect(differences(then, now)).to.deep.equal([]);
    expect(differences(cell("a", result("1")), cell("b", result("2")))).to.deep.equal([]);
    expect(differences(cell("a", result("1")), cell("a", result("2")), { exact: false })).to.deep.equal([]);
  });

  it("name a plot whose data differ, and not again the words of it", () => {
    const then = cell("go()", plot(line([1, 2, 3]), "max 3 W"));
    expect(differences(then, cell("go()", plot(line([1, 2, 3], { width: 900 }), "max 3 W")))).to.deep.equal([]);
    expect(differences(then, cell("go()", plot(line([1, 2, 4]), "max 4 W")))).to.deep.equal([
      "cell 1: its plot of power (W), y: 1 of 3 points is off; the worst is point 3: 3 then, 4 now",
    ]);
    expect(differences(then, cell("go()", plot(line([1, 2, 3.01]))), { tolerance: 0.1 })).to.deep.equal([]);
    expect(differences(then, cell("go()"))).to.deep.equal(["cell 1: 1 plot then, 0 now"]);
  });
});

describe("the data of two plots", () => {
  const exact = (then: unknown, now: unknown) => plotDifferences(then, now, { exact: true });

  it("are compared in all layers and charts, each once", () => {
    const layered = (ys: readonly number[]) => ({
      hconcat: [
        { layer: [line(ys), line(ys, { mark: "point" })] },
        { data: { values: [1, 2] }, encoding: { y: { title: "n" } } },
      ],
    });
    expect(exact(layered([1, 2]), layered([1, 2]))).to.deep.equal([]);
    expect(exact(layered([1, 2]), layered([1, 3]))).to.deep.equal([
      "its plot of power (W), y: 1 of 2 points is off; the worst is point 2: 2 then, 3 now",
    ]);
    expect(exact(layered([1, 2]), line([1, 2]))).to.deep.equal(["its plot has 2 sets of data then, 1 now"]);
  });

  it("tell other points and another quantity", () => {
    expect(exact(line([1, 2]), line([1, 2, 3]))[0]).to.equal("its plot of power (W): 2 points then, 3 now");
    const other = line([1, 2], { encoding: { y: { title: "T (K)" } } });
    expect(exact(line([1, 2]), other)).to.deep.equal(["its plot of power (W) is now of T (K)"]);
    for (const odd of [undefined, null, 3, "x", [], {}, { data: { values: "x" } }])
      expect(exact(odd, odd)).to.deep.equal([]);
  });

  it("may differ by their noise in another measurement, which has other times and labels", () => {
    const measured = (start: number, offset: number) => ({
      data: {
        values: Array.from({ length: 40 }, (_, i) => ({
          x: start + 1000 * i,
          y: 20 + 0.1 * Math.sin(7 * i * i + start) + offset,
          line: `scan ${start}`,
        })),
      },
    });
    const again = (offset: number) => plotDifferences(measured(1.7e12, 0), measured(1.8e12, offset), { exact: false });
    expect(again(0)).to.deep.equal([]);
    expect(again(5)[0]).to.match(/^its plot, y: 40 of 40 points are off by more than /);
  });
});

describe("the versions of programs", () => {
  const start = (versions?: object) => [["start", { uid: "a", versions }]] as const;
  it("are named where they differ", () => {
    const then = start({ "secop-lab": "0.1.0", node: "20.1.0", lodash: "4.17.20" });
    expect(versionDifferences(then, start({ "secop-lab": "0.1.0", node: "22.0.0" }))).to.deep.equal([
      "node 20.1.0 then, 22.0.0 now",
      "lodash 4.17.20 then, not used now",
    ]);
    expect(versionDifferences(then, then)).to.deep.equal([]);
    expect(versionDifferences(start(), then)).to.deep.equal([]);
  });
});
