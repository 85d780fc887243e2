/** Tests of database files of EPICS, and of the class files that are made of them. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { parseDatabase } from "../../../lib/epics/db/dbFile";
import { generateEpicsClass } from "../../../lib/index";
import { startIoc } from "../../peers/epics";
import { failureText } from "../../support/failure";
import { cases } from "../../support/fuzz";

const PSU = `# a power supply with $(UNKNOWN) in a comment, and a record(ai, "X") {}
record(ao, "$(P)$(R)CURR") {
  field(DESC, "The current */ of \${N=the} supply \\u0000")
  field(EGU, "A") field(DRVL, "0") field(DRVH, "10") field(PREC, "2")
}
record(ai, "$(P)$(R)CURR_RBV") { field(EGU, "A") }
record(mbbo, "$(P)$(R)MODE") { field(ZRST, "idle") field(ONST, "ramp \\"fast\\"") }
record(bi, $(P)$(R)ON) { field(ZNAM, "off") field(ONAM, "on") }
record(waveform, "$(P)$(R)WF:1") { field(NELM, "10") field(FTVL, "DOUBLE") info(autosaveFields, "X }") }
record(lso, "$(P)$(R)TEXT") {}
record(seq, "$(P)$(R)GO") {}
record(motor, "$(P)$(R)M1") {}
record(longin, "$(P)$(R)connect") {}
record("*", "$(P)$(R)CURR") { field(HOPR, "20") }
alias("$(P)$(R)CURR", "OTHER")
device(ai, CONSTANT, devAiSoft, "Soft") menu(x) { choice(a, "b") }
record(ai, "ELSEWHERE:T") {}
`;

describe("a database file of EPICS", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "db-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const written = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it("has records with fields, whose macros are replaced by values and defaults", () => {
    const records = parseDatabase(PSU, { P: "BL:", R: "PSU:" });
    expect(records.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([
      "ao BL:PSU:CURR",
      "ai BL:PSU:CURR_RBV",
      "mbbo BL:PSU:MODE",
      "bi BL:PSU:ON",
      "waveform BL:PSU:WF:1",
      "lso BL:PSU:TEXT",
      "seq BL:PSU:GO",
      "motor BL:PSU:M1",
      "longin BL:PSU:connect",
      "ai ELSEWHERE:T",
    ]);
    expect(records[0]?.fields.get("DESC")).to.equal("The current */ of the supply u0000");
    expect(records[0]?.fields.get("HOPR")).to.equal("20");
    expect(records[2]?.fields.get("ONST")).to.equal('ramp "fast"');
    const [nested] = parseDatabase('record(ai, "$(A=$(B))$(C)") {}', { B: "x", C: "$(C)" });
    expect(nested?.name).to.equal("x$(C)");
  });

  it("is refused with the line if it is none, and never hangs", () => {
    expect(() => parseDatabase('record(ai, "X") {\n field(A, "1")\n')).to.throw(
      'cannot read the database: a record ends without "}" in line 2',
    );
    expect(() => parseDatabase("record ai")).to.throw('"(" is missing before ai');
    const word = fc.constantFrom(
      "record",
      "(",
      ")",
      "{",
      "}",
      ",",
      '"a"',
      "field",
      "#",
      "$(P)",
      "${Q=",
      "\n",
      "x",
      '"',
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        try {
          parseDatabase(words.join(" "));
        } catch (error) {
          expect((error as Error).message).to.match(/^cannot read the database: /);
        }
      }),
      cases(2000),
    );
  });

  it("becomes a class with a typed member for each record with the prefix", async () => {
    const db = written("psu.db", PSU);
    const path = await generateEpicsClass("ca://BL:PSU:", { db, file: join(folder, "psu.ts") });
    const lines = readFileSync(path, "utf8").split("\n");
    const members = lines.filter((line) => line.startsWith("  readonly ")).map((line) => line.slice(11));
    expect(members).to.deep.equal([
      'CURR = epicsSignalRwRbv(Number, this.pv("CURR"));',
      'MODE = epicsSignalRw(["idle", "ramp \\"fast\\""], this.pv("MODE"));',
      'ON = epicsSignalR(["off", "on"], this.pv("ON"));',
      'WF_1 = epicsSignalRw(Float64Array, this.pv("WF:1"));',
      'TEXT = epicsSignalRw(String, this.pv("TEXT.VAL$"));',
      'GO = epicsSignalX(this.pv("GO.PROC"));',
      'M1 = new EpicsMotor(this.pv("M1"));',
      'connect_ = epicsSignalR(Number, this.pv("connect"));',
    ]);
    expect(lines).to.include("  /** The current *\\/ of the supply u0000; 0 to 10 A; record ao */");
    expect(lines).to.include("    this.addReadables([this.connect_]);");
    const overPva = await generateEpicsClass("pva://BL:PSU:", { db, file: join(folder, "pva.ts") });
    expect(readFileSync(overPva, "utf8")).to.contain('TEXT = epicsSignalRw(String, this.pv("TEXT"));');
  });

  it("has members whose names a class can have, whatever the records are called", async () => {
    const names = ["A$B", "$", "1ST", "constructor", "__proto__", "A-B", "A:B", "größe", "toString", "name", "then"];
    const db = written("odd.db", names.map((name) => `record(ai, "BL:${name}") {}`).join("\n"));
    const path = await generateEpicsClass("ca://BL:", { db, file: join(folder, "odd.ts") });
    const members = [...readFileSync(path, "utf8").matchAll(/^ {2}readonly (\S+) = epicsSignalR\(Number, (.*)\);$/gm)];
    expect(members.map(([, key, pv]) => [key, pv])).to.deep.equal([
      ["A$B", 'this.pv("A$B")'],
      ["$", 'this.pv("$")'],
      ["_1ST", 'this.pv("1ST")'],
      ["constructor_", 'this.pv("constructor")'],
      ["__proto___", 'this.pv("__proto__")'],
      ["A_B", 'this.pv("A-B")'],
      ["A_B_", 'this.pv("A:B")'],
      ["gr__e", 'this.pv("größe")'],
      ["toString_", 'this.pv("toString")'],
      ["name_", 'this.pv("name")'],
      ["then", 'this.pv("then")'],
    ]);
  });

  it("names the macro or the records if there is no member", async () => {
    const db = written("macro.db", 'record(ai, "$(P)A$(N)") {}');
    expect(await failureText(generateEpicsClass("ca://BL:", { db, dir: folder }))).to.equal(
      "the record $(P)A$(N) has no value for N: give it by --macros N=...",
    );
    expect(
      await failureText(generateEpicsClass("ca://X:", { db: written("o.db", 'record(ai, "O:A") {}'), dir: folder })),
    ).to.equal(`no record in ${join(folder, "o.db")} begins with X:: it has O:A`);
    expect(await failureText(generateEpicsClass("ca://X:", { db: join(folder, "no.db") }))).to.contain("cannot read ");
  });

  it("may be a list of PVs, whose types are asked from the IOC", async () => {
    const ioc = await startIoc("records");
    try {
      const db = written("list.txt", "LAB:X\nLAB:T\nLAB:MODE\nLAB:WF, waveform\n\nLAB:S\nOTHER:X\n");
      const path = await generateEpicsClass("ca://LAB:", { db, file: join(folder, "lab.ts") });
      const text = readFileSync(path, "utf8");
      expect(text.match(/readonly .*;/g)).to.deep.equal([
        'readonly X = epicsSignalRw(Number, this.pv("X"));',
        'readonly T = epicsSignalR(Number, this.pv("T"));',
        'readonly MODE = epicsSignalRw(["idle", "slow", "fast"], this.pv("MODE"));',
        'readonly WF = epicsSignalRw(Float64Array, this.pv("WF"));',
        'readonly S = epicsSignalRw(String, this.pv("S"));',
      ]);
      expect(text).to.contain("/** K; record ai */");
    } finally {
      await ioc.stop();
    }
  }).timeout(30_000);
});
