import { expect } from "chai";
import { $display } from "../../lib/display/mimeBundle";
import type { Document } from "../../lib/engine/documents/documents";
import { RunRecord } from "../../lib/engine/result/runRecord";
import { BestEffortCallback, LivePlot, LiveTable, plot } from "../../lib/live";
import { RecordingHost } from "../support/recordingHost";
import { type Consumer, testRun } from "../support/runDocuments";

const VEGA_LITE = "application/vnd.vegalite.v5+json";

/**
 * Five points of a run whose stream is described anew after the second one: from then on a detector of volts,
 * a word and an array are measured, too.
 */
function describedTwice(): Document[] {
  const { start, descriptor, event, stop } = testRun(
    {
      motor: { units: "mm" },
      det: { units: "counts" },
      volt: { units: "V" },
      lamp: { dtype: "string" },
      trace: { dtype: "array", shape: [3], dtype_numpy: "<f8" },
    },
    { motors: ["motor"], num_points: 5 },
  );
  const { motor, det } = descriptor.data_keys;
  const first = {
    ...descriptor,
    uid: "first",
    data_keys: { motor, det } as typeof descriptor.data_keys,
    object_keys: { motor: ["motor"], det: ["det"] },
  };
  const few = (i: number) => ({ ...event(i, { motor: i, det: 10 * i }), descriptor: "first" });
  const many = (i: number) =>
    event(i, { motor: i, det: 10 * i, volt: i + 0.25, lamp: i < 5 ? "off" : "on", trace: [i, 7, 8] });
  return [
    { name: "start", doc: start },
    { name: "descriptor", doc: first },
    { name: "event", doc: few(1) },
    { name: "event", doc: few(2) },
    { name: "descriptor", doc: descriptor },
    { name: "event", doc: many(3) },
    { name: "event", doc: many(4) },
    { name: "event", doc: many(5) },
    { name: "stop", doc: stop() },
  ];
}

async function show(view: Consumer): Promise<void> {
  for (const { name, doc } of describedTwice()) await view(name, doc);
}

/** The cells of the rows of a table in lines of text, without the times. */
function cellsOf(text: string, columns: number): string[][] {
  return text
    .split("\n")
    .filter((line) => /^\|\s+\d+ \|/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map((cells) => [...cells.slice(1, 2), ...cells.slice(3, 3 + columns)]);
}

const ROWS = [
  ["1", "1", "10", "", ""],
  ["2", "2", "20", "", ""],
  ["3", "3", "30", "3.25", "off"],
  ["4", "4", "40", "4.25", "off"],
  ["5", "5", "50", "5.25", "on"],
];

interface Layer {
  readonly data: { readonly values: readonly { readonly x: number; readonly y: number | null }[] };
}

/** The points of each panel of a stack, and the words below it. */
function panelsOf(spec: unknown): { readonly points: [number, number | null][][]; readonly words: string } {
  const { vconcat } = spec as { readonly vconcat: readonly { readonly layer: readonly Layer[] }[] };
  const panels = vconcat.slice(0, 2).map(({ layer: [line] }) => line?.data.values ?? []);
  return {
    points: panels.map((rows) => rows.map(({ x, y }) => [x, y] as [number, number | null])),
    words: JSON.stringify(vconcat.at(-1)),
  };
}

const LINES = [[1, 2, 3, 4, 5].map((x) => [x, 10 * x]), [3, 4, 5].map((x) => [x, x + 0.25])];

describe("fields that a later descriptor of a stream brings", () => {
  let host: RecordingHost;

  beforeEach(() => {
    host = new RecordingHost(true);
  });
  afterEach(() => host.release());

  it("have a column in live tables, empty before", async () => {
    const table = new LiveTable(["motor", "det", "volt", "lamp"]);
    await show(table);
    expect(cellsOf(String(host.outputs.at(-1)?.["text/plain"]), 4)).to.deep.equal(ROWS);
    expect(table.rows[1]).to.deep.equal({ motor: 2, det: 20, volt: undefined, lamp: undefined });
    expect(table.rows[4]).to.deep.equal({ motor: 5, det: 50, volt: 5.25, lamp: "on" });
    expect(host.outputs).to.have.length(1);
  });

  it("have a new heading where rows are printed", async () => {
    const terminal = new RecordingHost(false);
    await show(new LiveTable(["motor", "det", "volt", "lamp"]));
    terminal.release();
    const lines = terminal.outputs.map((output) => String(output["text/plain"])).join("\n");
    expect(cellsOf(lines, 2)).to.deep.equal(ROWS.map((row) => row.slice(0, 3)));
    expect(cellsOf(lines, 4).slice(2)).to.deep.equal(ROWS.slice(2));
    const headings = lines.split("\n").filter((line) => line.includes("seq_num"));
    expect(headings.map((line) => line.includes("volt"))).to.deep.equal([false, true]);
  });

  it("have a line, a band and a map in the views of a run, and a column in its table", async () => {
    await show(new BestEffortCallback());
    const [, stack, below, map] = host.outputs;
    const { points, words } = panelsOf(stack?.[VEGA_LITE]);
    expect(points).to.deep.equal(LINES);
    expect(words).to.contain('"a":3').and.to.contain("off").and.to.contain("on");
    expect(cellsOf(String(below?.["text/plain"]), 4)).to.deep.equal(ROWS);
    expect(JSON.stringify(map?.[VEGA_LITE])).to.contain("last of 3 arrays: 5 to 8");
  });

  it("have a line in a LivePlot that names them", async () => {
    const view = new LivePlot(["det", "volt", "lamp"], "motor");
    await show(view);
    expect(panelsOf(view.spec).points).to.deep.equal(LINES);
    expect(host.outputs).to.have.length(1);
  });

  it("have a column in run.table(), empty before, and a line in plot(run)", async () => {
    const record = new RunRecord();
    for (const { name, doc } of describedTwice()) record.add(name, doc);
    const table = record.table();
    expect(table.columns).to.deep.equal(["motor", "det", "volt", "lamp", "trace"]);
    expect(table.column("volt")).to.deep.equal([undefined, undefined, 3.25, 4.25, 5.25]);
    expect([...table.numbers("volt")]).to.deep.equal([Number.NaN, Number.NaN, 3.25, 4.25, 5.25]);
    expect(table.column("lamp")).to.deep.equal([undefined, undefined, "off", "off", "on"]);
    expect(table.mean("volt")).to.equal(4.25);
    const text = String(table[$display]()["text/plain"]);
    expect(text)
      .to.match(/^ *2 .* 2 +20 *$/m)
      .and.to.match(/^ *3 .* 30 +3\.25 +off +\[3, 7, 8\]/m);
    const { points } = panelsOf(await plot({ documents: () => record.documents() }).spec());
    expect(points).to.deep.equal([LINES[0], [[1, null], [2, null], ...(LINES[1] as [number, number][])]]);
  });

  it("have a column in a table that has no row yet", () => {
    const record = new RunRecord();
    const documents = describedTwice();
    for (const { name, doc } of documents.slice(0, 5)) record.add(name, doc);
    expect(record.table().column("volt")).to.deep.equal([undefined, undefined]);
    expect([...record.table().numbers("volt")]).to.deep.equal([Number.NaN, Number.NaN]);
  });
});
