/** Tests of completion and inspection in cells. */

import { expect } from "chai";
import { type Notebook, openNotebook } from "./notebook";

describe("completion in cells", () => {
  let notebook: Notebook;
  /** Completes at the position of `|`. */
  const at = (text: string) => {
    const position = text.indexOf("|");
    return notebook.complete(text.replace("|", ""), position);
  };
  const names = async (text: string) => (await at(text)).candidates;

  before(async () => {
    notebook = openNotebook({
      files: {
        "devices/cryo.ts":
          "export class Cryo {\n/** Sample temperature in K. */ temperature = { value: 5, unit: 'K' as const }; ramp(rate: number) {} }",
        "devices/magnet.ts": "export const field = 1",
        "node_modules/esm-pkg/package.json":
          '{"name": "esm-pkg", "type": "module", "exports": {".": {"types": "./index.d.ts"}}}',
        "node_modules/esm-pkg/index.d.ts": "export const exported: number",
      },
    });
    await notebook.value(
      "import { Cryo } from './devices/cryo'; const cryo = new Cryo(); let cryoCount = 1; interface CryoOptions { mode: 'slow' | 'fast' }",
    );
    await notebook.value("function cool(options: CryoOptions) {}\nconst list = [1, 2]; const text = async () => 'x'");
  });
  after(() => notebook.close());

  it("offers a class's own members before those of the library it extends", async () => {
    await notebook.value(
      "import { EventEmitter } from 'node:events'; class Probe extends EventEmitter { _alpha = 0; zeta = 1; offset = 2 }\nconst probe = new Probe();",
    );
    const offered = await names("probe.|");
    expect(offered.slice(0, 3)).to.have.ordered.members(["offset", "zeta", "_alpha"]);
    expect(offered).to.include("addListener");
    expect(await names("probe.o|")).to.have.ordered.members(["offset", "off", "on", "once"]);
  });

  it("offers names in the case that was typed before other names", async () => {
    await notebook.value("const readAll = 1; const RE = 2; const Rex = 3");
    expect((await names("RE|")).slice(0, 1)).to.deep.equal(["RE"]);
    expect(await names("RE|")).to.include.members(["readAll", "Rex"]);
    const inCase = await names("Re|");
    expect(inCase.indexOf("Rex")).to.be.lessThan(inCase.indexOf("readAll"));
  });

  const cases: [string, string[]][] = [
    ["cryo.|", ["temperature", "ramp"]],
    ["cryo.temp|", ["temperature"]],
    ["const z = { a: [cryo.temperature.v|", ["value"]],
    ["list.map((x) => x.toF|", ["toFixed"]],
    ["`$" + "{cryo.ra|}`", ["ramp"]],
    ["import 'node:|", ["node:fs"]],
    ["import { of } from 'rx|", ["rxjs"]],
    ["import 'secop|'", ["secop-lab"]],
    ["cryo?.ra|", ["ramp"]],
    ["(await text()).toUpperC|", ["toUpperCase"]],
    ["const s = await text(); s.toUpperC|", ["toUpperCase"]],
    ["cool({ mo|", ["mode"]],
    ["cool({ mode: '|", ["slow", "fast"]],
    ["import { C|} from './devices/cryo'", ["Cryo"]],
    ["import x from './devices/|'", ["cryo", "magnet"]],
    ["await import('./dev|')", ["devices"]],
    ["import {} from 'esm-|'", ["esm-pkg"]],
    ["import {} from 'node:f|'", ["node:fs", "node:fs/promises"]],
    ["cryoC|", ["cryoCount"]],
    ["let o: CryoO|", ["CryoOptions"]],
    ["const broken = (((; cryo.ra|", ["ramp"]],
    ["cryo.ra|;\nlist.length", ["ramp"]],
    ["{ a: 1, b: cryo.ra| }", ["ramp"]],
  ];
  for (const [text, expected] of cases) {
    it(`of ${text.replaceAll("\n", " ")} offers ${expected.join(", ")}`, async () => {
      expect(await names(text)).to.include.members(expected);
    });
  }

  it("of a path in a string offers the files of the folder", async () => {
    notebook.write("data/run 1.csv", "");
    notebook.write("data/é.json", "");
    notebook.write("data/.hidden", "");
    notebook.write("data/deep/a.txt", "");
    const within = async (text: string) => {
      const found = await at(text);
      return { ...found, candidates: found.candidates.toSorted() };
    };
    expect(await within("require('node:fs').readFileSync('data/|').length")).to.deep.include({
      start: 38,
      candidates: ["deep/", "run 1.csv", "é.json"],
    });
    expect((await within("const p = `./data/run|")).candidates).to.deep.equal(["run 1.csv"]);
    expect((await within("const p = './data/.|")).candidates).to.deep.equal([".hidden"]);
    expect(await names("'./data/deep/a|'")).to.deep.equal(["a.txt"]);
    for (const text of ["'K/min|'", "'a' /da|", "// './data/|", "'./data/' + n|"]) {
      expect(await names(text), text).to.not.include.members(["deep/"]);
    }
    expect(await names("cool({ mode: 's/|")).to.deep.equal([]);
  });

  it("replaces the word before the cursor", async () => {
    expect(await at("list; cryo.tem|")).to.deep.include({
      start: 11,
      end: 14,
      candidates: ["temperature"],
      kinds: ["property"],
    });
  });

  it("replaces the part of a module's name that it completes", async () => {
    expect((await at("import 'node:f|'")).start).to.equal(8);
    expect(await at("import x from './devices/c|'")).to.deep.include({ start: 25, candidates: ["cryo"] });
  });

  it("gives the kind of each candidate", async () => {
    const { candidates, kinds } = await at("cryo|");
    expect(Object.fromEntries(candidates.map((name, i) => [name, kinds?.[i]]))).to.include({
      cryo: "const",
      cryoCount: "let",
    });
  });

  it("offers names of earlier cells on an empty line, but no generated names", async () => {
    const found = await names("|");
    expect(found).to.include.members(["cryo", "cool", "console", "const"]);
    expect(found.filter((name) => name.startsWith("__"))).to.deep.equal(["__dirname", "__filename"]);
  });

  it("offers nothing in a comment, or after a number", async () => {
    expect(await names("// cryo.|")).to.deep.equal([]);
    expect(await names("const x = 5|")).to.deep.equal([]);
  });

  it("works while a cell runs, and does not affect it", async () => {
    const running = notebook.cell(
      "let open = () => {}; const waits = new Promise<number>((resolve) => { open = () => resolve(5) }); setTimeout(() => open()); const got = await waits; got",
    );
    expect(await names("cryo.ra|")).to.deep.equal(["ramp"]);
    expect((await running).value).to.equal(5);
    expect(await notebook.value("got + cryoCount")).to.equal(6);
  });
});

describe("inspection of names in cells", () => {
  let notebook: Notebook;
  const inspect = async (text: string) => {
    const info = await notebook.inspect(text.replace("|", ""), text.indexOf("|"));
    const join = (parts: readonly { text: string }[] = []) => parts.map((part) => part.text).join("");
    return (
      info && {
        signature: join(info.displayParts),
        documentation: join(info.documentation),
        tags: info.tags?.map(({ name }) => name) ?? [],
      }
    );
  };

  before(async () => {
    notebook = openNotebook({
      files: {
        "cryo.ts": "/** A cryostat. */ export class Cryo {\n/** Temperature in K.\n * @see manual */ temperature = 5 }",
      },
    });
    await notebook.value(
      "import { Cryo } from './cryo';\n/** The one in the lab. */ const cryo = new Cryo(); let count = 1",
    );
  });
  after(() => notebook.close());

  it("gives type and documentation, also of names of earlier cells", async () => {
    expect(await inspect("cr|yo")).to.deep.equal({
      signature: "const cryo: Cryo",
      documentation: "The one in the lab.",
      tags: [],
    });
    expect(await inspect("cryo.temper|ature")).to.deep.equal({
      signature: "(property) Cryo.temperature: number",
      documentation: "Temperature in K.",
      tags: ["see"],
    });
    expect((await inspect("cou|nt"))?.signature).to.equal("let count: number");
    expect(await inspect("new Cr|yo()")).to.deep.include({ documentation: "A cryostat." });
    expect((await inspect("[1].ma|p((x) => x)"))?.documentation).to.match(/^Calls a defined callback function/);
  });

  it("describes the function whose arguments are at the cursor", async () => {
    await notebook.value(
      "/**\n * Adds.\n * @param a the first\n */\nfunction add(a: number, b = 2) { return a + b }\nfunction over(x: number): void; function over(x: string, y: string): void; function over() {}",
    );
    const expected = { signature: "add(a: number, b?: number): number", documentation: "Adds.", tags: ["param"] };
    for (const text of ["add(|", "add(1, |)", "if (true) { `${add(1|", "add(add(1), | "])
      expect(await inspect(text), text).to.deep.equal(expected);
    expect((await inspect("over('a', |"))?.signature).to.equal("over(x: string, y: string): void (+1 overloads)");
  });

  it("gives nothing if there is no name", async () => {
    expect(await inspect("1 |+ 1")).to.equal(undefined);
    expect(await inspect("|")).to.equal(undefined);
    expect(await inspect("f|or")).to.equal(undefined);
    expect(await inspect("nobod|y")).to.equal(undefined);
  });

  it("shows types without generated file names", async () => {
    await notebook.value("const made = { cryo, list: [cryo] }; class Cryo { other = 1 }");
    expect((await inspect("ma|de"))?.signature).to.not.match(/__cell|~/);
  });
});
