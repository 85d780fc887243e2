import { expect } from "chai";
import { $display } from "../../../lib/display/mimeBundle";
import type { RunStart } from "../../../lib/engine/documents/documents";
import { LiveTable } from "../../../lib/live/table/liveTable";
import { textTableOf } from "../../../lib/live/table/tableText";
import { fieldOf, type StreamField } from "../../../lib/live/view/streamFields";
import { RecordingHost } from "../../support/recordingHost";
import { play, testRun } from "../../support/runDocuments";

const keys = { motor: { units: "K", precision: 2 }, det: { units: "counts/s", dtype: "integer" } } as const;

describe("LiveTable", () => {
  let host: RecordingHost;
  const inNotebook = (rich: boolean) => {
    host = new RecordingHost(rich);
  };

  afterEach(() => host.release());

  it("prints bluesky's table with units if outputs cannot change", () => {
    inNotebook(false);
    const run = testRun(keys);
    void play(new LiveTable(["motor", "det"]), run, [
      { motor: 1.5, det: 100 },
      { motor: -2.25, det: 20_000_000 },
    ]);
    const text = host.text.replace(/\d\d:\d\d:\d\d\.\d/g, "hh:mm:ss.f").split("\n");
    expect(text).to.deep.equal([
      "+-----------+------------+------------+------------+",
      "|   seq_num |       time |      motor |        det |",
      "|           |            |          K |   counts/s |",
      "+-----------+------------+------------+------------+",
      "|         1 | hh:mm:ss.f |       1.50 |        100 |",
      "|         2 | hh:mm:ss.f |      -2.25 |   20000000 |",
      "+-----------+------------+------------+------------+",
      `generator scan ['${run.start.uid.slice(0, 8)}'] (scan num: 12)`,
    ]);
  });

  it("prints rows that come together as one text, and says how many it leaves out if there are too many", () => {
    inNotebook(false);
    void play(
      new LiveTable(["det"]),
      testRun(keys),
      Array.from({ length: 1000 }, (_, det) => ({ det })),
    );
    expect(host.frames).to.have.length(2);
    expect(host.text).to.contain("... 800 more rows, all of them: RE.table()");
    expect(host.text.match(/seq_num/g)).to.have.length(4);
  });

  it("is one output in a notebook, which is drawn a few times however many events come", () => {
    inNotebook(true);
    const table = new LiveTable(["motor", "det"]);
    void play(
      table,
      testRun(keys),
      Array.from({ length: 5000 }, (_, i) => ({ motor: i / 10, det: i })),
    );
    expect(host.outputs).to.have.length(1);
    expect(host.frames.length).to.be.at.most(3);
    const html = String(host.outputs[0]?.["text/html"]);
    expect(html).to.contain("rows 4993 to 5000 of 5000 · the last 200, or as data: <code>RE.table()</code>");
    expect(html).to.contain('motor<br><span class="u">K</span>');
    expect(html).to.contain("success").and.to.contain("499.90");
    expect(host.text).to.contain("|      5000 |");
  });

  it("names no code to type where nobody can type any", () => {
    for (const rich of [true, false]) {
      for (const rows of [3, 1000]) {
        host = new RecordingHost(rich, true);
        void play(
          new LiveTable(["det"]),
          testRun(keys),
          Array.from({ length: rows }, (_, det) => ({ det })),
        );
        const shown = JSON.stringify(host.frames);
        expect(shown, `${rows} rows`).to.contain("generator scan").and.not.contain("RE.");
        host.release();
      }
    }
  });

  it("has eight rows from the beginning, whatever comes, and all of them folded in at the end", () => {
    inNotebook(true);
    const table = new LiveTable(["det"]);
    const run = testRun(keys);
    table("start", run.start);
    table("descriptor", run.descriptor);
    const rowsInView = () => String(host.outputs[0]?.["text/html"]).split("<details")[0]?.match(/<tr>/g)?.length;
    expect(rowsInView()).to.equal(9);
    for (let i = 1; i <= 40; i++) table("event", run.event(i, { det: i }));
    void table("stop", run.stop());
    expect(rowsInView()).to.equal(9);
    const html = String(host.outputs[0]?.["text/html"]);
    expect(html).to.contain("rows 33 to 40 of 40 · all, or as data").and.to.contain('<td align="right">17</td>');
  });

  it("writes values over decades so that none becomes 0, and each line of text only once", () => {
    inNotebook(true);
    const run = testRun({ p: { units: "mbar" } });
    const table = new LiveTable(["p"]);
    void play(
      table,
      run,
      [1000, 12.5, 1.4e-7].map((p) => ({ p })),
    );
    const html = String(host.outputs[0]?.["text/html"]);
    expect(html).to.contain(">1.000e3<").and.to.contain(">1.250e1<").and.to.contain(">1.400e-7<");
  });

  it("folds columns that do not fit into the width of a terminal, and loses none", () => {
    const run = testRun(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`detector${i}`, { units: "counts" }])));
    const fields = Object.keys(run.descriptor.data_keys).map((key) => fieldOf(key, run.descriptor) as StreamField);
    const cells = fields.map((_, i) => String(100 + i));
    const kept = { seqNum: 7, time: 0, values: [] };
    for (const room of [20, 60, 80, 100, 1000]) {
      const table = textTableOf(fields, room);
      const lines = [...table.heading, table.row(kept, cells), table.border].flatMap((text) => text.split("\n"));
      if (room >= 60) expect(Math.max(...lines.map(({ length }) => length))).to.be.at.most(room);
      const row = table.row(kept, cells);
      expect(cells.map((cell) => row.split(cell).length - 1)).to.deep.equal(cells.map(() => 1));
      expect(row.split("\n").every((line) => /^\| +7 \|/.test(line))).to.equal(true);
      expect(row.split("\n").length).to.equal(table.heading[1]?.split("\n").length);
      expect(row.includes("\n")).to.equal(room < 139);
    }
  });

  it("cuts a name that is longer than a line of the terminal, but no number", () => {
    const name = "a_monitor_with_a_name_of_forty_letters_xy";
    const run = testRun({ motor: {}, [name]: {} });
    const fields = ["motor", name].map((key) => fieldOf(key, run.descriptor) as StreamField);
    const table = textTableOf(fields, 40);
    const row = table.row({ seqNum: 1, time: 0, values: [] }, ["1.5", "12345.6789012"]);
    const lines = [...table.heading, row, table.border].flatMap((text) => text.split("\n"));
    expect(lines.filter((line) => !line.includes("12345")).every(({ length }) => length <= 40)).to.equal(true);
    expect(lines.join("\n")).to.contain("a_monitor_w…").and.contain("12345.6789012");
    expect(textTableOf(fields, 80).heading.join("\n")).to.contain(name);
  });

  it("replaces an event by a later one with the same seq_num", () => {
    inNotebook(true);
    const table = new LiveTable(["det"]);
    const run = testRun(keys);
    table("start", run.start);
    table("descriptor", run.descriptor);
    for (const [seq_num, det] of [
      [1, 1],
      [2, 2],
      [3, 3],
      [2, 22],
      [3, 33],
      [4, 4],
    ] as const)
      table("event", run.event(seq_num, { det }));
    void table("stop", run.stop());
    const cells = [...String(host.outputs[0]?.["text/html"]).matchAll(/<td align="right">([^<]*)<\/td>/g)].map(
      (m) => m[1],
    );
    expect(cells.filter(Boolean)).to.deep.equal(["1", "1", "2", "22", "3", "33", "4", "4"]);
  });

  it("gives all numbers of a column the same digits, and shows values of all other types", () => {
    inNotebook(true);
    const run = testRun({
      t: {},
      tiny: {},
      on: { dtype: "boolean" },
      mode: { dtype: "string" },
      small: { dtype: "array", shape: [2] },
      big: { dtype: "array", shape: [1000] },
    });
    void play(new LiveTable(["t", "tiny", "on", "mode", "small", "big"]), run, [
      { t: 1, tiny: 1e-9, on: true, mode: "<b>pid", small: Float64Array.of(1, 2), big: new Float64Array(1000) },
      { t: 1.25, tiny: Number.NaN, on: false, mode: "x".repeat(100), small: [3, 4], big: null },
      { t: 2.5, tiny: 2e-9, on: false },
    ]);
    const html = String(host.outputs[0]?.["text/html"]);
    for (const cell of [
      "1.00",
      "1.25",
      "2.50",
      "1.000e-9",
      "NaN",
      "true",
      "&lt;b&gt;pid",
      "[1, 2]",
      "float64[1000]",
      "–",
    ])
      expect(html, cell).to.contain(`>${cell}</td>`);
    expect(html).to.contain(`${"x".repeat(31)}…`);
    expect(html).to.not.contain("<b>pid");
  });

  it("shows the hinted fields of devices, and leaves out fields that the stream does not have", () => {
    inNotebook(false);
    const device = { name: "cryo", hints: { fields: ["motor", "absent"] } };
    void play(new LiveTable([device, { name: "det" }]), testRun(keys), [{ motor: 1, det: 2 }]);
    expect(host.text).to.match(/\|\s+seq_num \|\s+time \|\s+motor \|\s+det \|/);
  });

  it("keeps interleaved runs apart", () => {
    inNotebook(true);
    const table = new LiveTable(["det"]);
    const [one, two] = [testRun(keys), testRun(keys, { scan_id: 13 } as Partial<RunStart>)];
    for (const run of [one, two]) {
      table("start", run.start);
      table("descriptor", run.descriptor);
    }
    table("event", one.event(1, { det: 111 }));
    table("event", two.event(1, { det: 222 }));
    for (const run of [one, two]) void table("stop", run.stop());
    const [first, second] = host.outputs.map((output) => String(output["text/html"]));
    expect(first).to.contain("#12").and.to.contain(">111<").and.not.to.contain(">222<");
    expect(second).to.contain("#13").and.to.contain(">222<").and.not.to.contain(">111<");
  });

  it("accepts pages of events", () => {
    inNotebook(false);
    const run = testRun(keys);
    const table = new LiveTable(["det"]);
    table("start", run.start);
    table("descriptor", run.descriptor);
    const pages = [run.event(1, { det: 5 }), run.event(2, { det: 6 })];
    table("event_page", {
      uid: pages.map(({ uid }) => uid),
      time: pages.map(({ time }) => time),
      descriptor: run.descriptor.uid,
      seq_num: [1, 2],
      data: { det: [5, 6] },
      timestamps: { det: [1, 2] },
      filled: {},
    });
    void table("stop", run.stop("fail", "no beam"));
    expect(host.text).to.match(/\|\s+2 \| \S+ \|\s+6 \|/);
  });

  it("has its rows, and shows its newest run as the last expression of a cell", () => {
    for (const rich of [true, false]) {
      inNotebook(rich);
      const table = new LiveTable(["motor", "det"]);
      expect(table.rows).to.deep.equal([]);
      expect(table[$display]()["text/plain"]).to.contain("RE.subscribe(...)");
      void play(
        table,
        testRun(keys),
        Array.from({ length: 70 }, (_, i) => ({ motor: i / 2, det: i })),
      );
      expect(table.rows).to.have.length(60);
      expect(table.rows.at(-1)).to.deep.equal({ motor: 34.5, det: 69 });
      const shown = table[$display]();
      expect(shown["text/plain"]).to.contain("34.50");
      expect(shown["text/html"]).to.contain("<table");
      host.release();
    }
  });
});
