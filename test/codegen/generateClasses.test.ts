import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { expect } from "chai";
import { generateClasses } from "../../lib/codegen/generateClasses";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { startSimNode } from "../../lib/sim/startSimNode";
import { realDescription } from "../descriptions/descriptions";

describe("generateClasses", () => {
  let dir: string;
  const cryo = realDescription("cryo");
  const demo = realDescription("demo");
  const rejection = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "",
      (error: Error) => `${error.name}: ${error.message}`,
    );

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "secop-lab-"));
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  it("writes a file named after the node, and resolves to its path", async () => {
    const path = await generateClasses(cryo, { dir });
    expect(path).to.equal(join(dir, "cryo_7_frappy_demo.ts"));
    expect(readFileSync(path, "utf8")).to.contain("export class Cryo7FrappyDemoNode extends TypedNode {");
  });

  it("accepts a description with the byte order mark that editors on Windows write, as text and in a file", async () => {
    const marked = `\ufeff${JSON.stringify(cryo)}`;
    const saved = join(dir, "cryo.json");
    writeFileSync(saved, marked);
    const [plain, ...others] = await Promise.all(
      [cryo, marked, saved].map((source, n) => generateClasses(source, { dir: join(dir, `${n}`), file: "x" })),
    ).then((paths) =>
      paths.map((path) => readFileSync(path, "utf8").replaceAll(/classFile.*|<secop-lab generated .*/g, "")),
    );
    expect(others).to.deep.equal([plain, plain]);
  });

  it("names the class after the file", async () => {
    const path = await generateClasses(cryo, { dir, file: "my-cryo" });
    expect(path).to.equal(join(dir, "my-cryo.ts"));
    expect(readFileSync(path, "utf8")).to.contain("export class MyCryoNode extends TypedNode {");
    const elsewhere = join(dir, "a", "b.ts");
    expect(await generateClasses(cryo, { dir: "/nowhere", file: elsewhere })).to.equal(elsewhere);
  });

  it("writes into ./devices by default", async () => {
    const before = process.cwd();
    process.chdir(dir);
    try {
      const path = await generateClasses(cryo, { file: "cryo.ts" });
      expect(path).to.equal(resolve("devices/cryo.ts"));
      expect(readFileSync(path, "utf8")).to.contain('classFile: string = "devices/cryo.ts";');
    } finally {
      process.chdir(before);
    }
  });

  it("accepts a description in any form, and the uri of a node", async () => {
    const node = await startSimNode({ modules: ["magnet"] });
    const sources = [cryo, JSON.stringify(cryo), parseDescription(cryo), { description: parseDescription(cryo) }];
    const texts = await Promise.all(
      sources.map((source, n) => generateClasses(source, { dir: join(dir, `${n}`), file: "x" })),
    );
    const [first, ...others] = texts.map((path) =>
      readFileSync(path, "utf8").replaceAll(/classFile.*|<secop-lab generated .*/g, ""),
    );
    for (const other of others) expect(other).to.equal(first);
    const asked = await generateClasses(node.uri, { dir });
    expect(readFileSync(asked, "utf8")).to.contain("declare readonly magnet: Magnet;");
    await node.close();
  });

  it("accepts the path of a saved description", async () => {
    const saved = join(dir, "saved");
    writeFileSync(saved, JSON.stringify(cryo));
    expect(await generateClasses(saved, { dir })).to.equal(join(dir, "cryo_7_frappy_demo.ts"));
    expect(await rejection(generateClasses(join(dir, "missing"), { dir }))).to.equal(
      `UsageError: there is no file ${join(dir, "missing")}`,
    );
    expect(await rejection(generateClasses("missing.json"))).to.equal("UsageError: there is no file missing.json");
    for (const [text, why] of [
      ["{", "Expected property name or '}' in JSON at position 1"],
      ['"words"', "it has no modules"],
      ["{}", "it has no modules"],
    ] as const) {
      writeFileSync(saved, text);
      const message = await rejection(generateClasses(saved, { dir }));
      expect(message).to.contain(
        `UsageError: ${saved} is not a description: it should contain the JSON that a node answers to describe (${why}`,
      );
    }
  });

  it("does not touch a file whose node has not changed, whatever is around the marks", async () => {
    const path = await generateClasses(cryo, { dir, file: "c" });
    writeFileSync(path, `// mine\n${readFileSync(path, "utf8")}export class Mine extends CNode {}\n`);
    utimesSync(path, 1, 1);
    await generateClasses(cryo, { dir, file: "c" });
    expect(statSync(path).mtimeMs).to.equal(1000);
    expect(readdirSync(dir)).to.deep.equal(["c.ts"]);
  });

  it("replaces the generated part when the node has changed, and keeps the user's own code", async () => {
    const path = await generateClasses(cryo, { dir, file: "c" });
    writeFileSync(path, `// mine\r\n${readFileSync(path, "utf8")}export class Mine extends CNode {}\n`);
    await generateClasses(demo, { dir, file: "c" });
    const text = readFileSync(path, "utf8");
    expect(text)
      .to.match(/^\/\/ mine\r\n/)
      .and.to.match(/export class Mine extends CNode \{\}\n$/);
    expect(text).to.contain("declare readonly heatswitch: Switch;").and.not.to.contain("Cryostat");
    expect(text.match(/<secop-lab generated/g)).to.have.length(1);
    expect(readdirSync(dir)).to.deep.equal(["c.ts"]);
  });

  it("does not count changed line ends as an edit", async () => {
    const path = await generateClasses(cryo, { dir, file: "c" });
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("\n", "\r\n"));
    await generateClasses(demo, { dir, file: "c" });
    expect(readdirSync(dir)).to.deep.equal(["c.ts"]);
  });

  it("keeps a copy of a generated part that was edited by hand", async () => {
    const path = await generateClasses(cryo, { dir, file: "c" });
    const edited = readFileSync(path, "utf8").replace("main", "").replace("value of cryo", "my words");
    writeFileSync(path, edited);
    await generateClasses(demo, { dir, file: "c" });
    expect(readFileSync(`${path}.old`, "utf8")).to.equal(edited);
    expect(readFileSync(path, "utf8")).not.to.contain("my words");
  });

  it("does not overwrite a file that it did not write", async () => {
    writeFileSync(join(dir, "c.ts"), "export const mine = 1;\n");
    expect(await rejection(generateClasses(cryo, { dir, file: "c" }))).to.match(
      /^UsageError: .*c\.ts exists and was not generated/,
    );
    expect(readFileSync(join(dir, "c.ts"), "utf8")).to.equal("export const mine = 1;\n");
  });

  it("never lets a node choose the directory", async () => {
    for (const equipment_id of ["../../evil", "/etc/passwd", "..", "", "a/b\\c", "\u0000", "C:\\x", "1", "日本"]) {
      const path = await generateClasses({ ...cryo, equipment_id }, { dir });
      expect(join(dir, basename(path))).to.equal(path);
      expect(basename(path)).to.match(/^[A-Za-z0-9_]+\.ts$/);
      rmSync(path);
    }
  });

  it("leaves no partial file behind when it cannot write", async () => {
    writeFileSync(join(dir, "file"), "");
    expect(await rejection(generateClasses(cryo, { dir: join(dir, "file", "sub") }))).to.match(/ENOTDIR|EEXIST/);
    expect(readdirSync(dir)).to.deep.equal(["file"]);
  });

  it("refuses what is not a description", async () => {
    for (const source of [{}, [], { modules: {} }, "{", "{}", { description: "words" }]) {
      expect(await rejection(generateClasses(source, { dir }))).to.match(/^UsageError: /);
    }
  });
});
