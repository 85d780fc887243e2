/** Tests of how the types of imports are loaded in slices. */

import { expect } from "chai";
import ts from "typescript";
import { usesNativeCompiler } from "../../../kernel/compiler/index";
import { SourceFiles } from "../../../kernel/converter/sourceFiles";
import { type Notebook, openNotebook } from "./notebook";

describe("loading what a cell imports", () => {
  const VEGA = 'import type { TopLevelSpec } from "vega-lite"; const spec: TopLevelSpec = 5';
  /** A compiler in another process has nothing to slice: while it works, there is one step that waits. */
  const STEPS = usesNativeCompiler() ? 0 : 3;
  const NOTHING = usesNativeCompiler() ? 1 : 0;
  let notebook: Notebook;

  before(() => {
    notebook = openNotebook();
  });
  after(() => notebook.close());

  const slices = (code: string): number => [...notebook.converter.load(code)].length;

  it("is done in slices, between which other cells run and completions are answered", async () => {
    const { converter } = notebook;
    let count = 0;
    for (const step of converter.load(VEGA)) {
      count += 1;
      expect(await notebook.value(`const n${count} = ${count}; n${count}`)).to.equal(count);
      expect((await notebook.complete("n1.toF", 6)).candidates).to.deep.equal(["toFixed"]);
      await step;
    }
    expect(count).to.be.greaterThan(STEPS);
    expect((await notebook.cell(VEGA)).errors).to.deep.equal([
      "1:54 Type 'number' is not assignable to type 'TopLevelSpec'.",
    ]);
  });

  it("needs no slice if everything is loaded", () => {
    expect(slices(VEGA)).to.equal(NOTHING);
    expect(slices("1 + 1")).to.equal(NOTHING);
  });

  it("is done once for each version of a file in the workspace", async () => {
    const large = (n: number): string =>
      `export const version = ${n};\n${"export interface Wide { member: string }\n".repeat(3000)}`;
    notebook.write("wide.ts", large(1));
    expect(slices('import { version } from "./wide"')).to.equal(1);
    expect(await notebook.value('import { version } from "./wide"; version')).to.equal(1);
    notebook.write("wide.ts", large(2));
    expect(await notebook.value('import { version } from "./wide"; version')).to.equal(2);
  });

  it("ignores errors in the text, which are reported when the text is used", async () => {
    expect(slices('import { nothing } from "no-such-package"; const x =')).to.equal(NOTHING);
    const nested = `import "node:fs"; ${"(".repeat(20_000)}1${")".repeat(20_000)}`;
    expect(slices(nested)).to.equal(NOTHING);
    expect((await notebook.cell(nested)).errors[0]).to.match(
      /^1:1 the (?:cell could not be|code is nested too deep to be) compiled/,
    );
  });
});

describe("the source files of a program that is built in slices", () => {
  const files = new SourceFiles("/", () => ({}));
  const names = ["/a.ts", "/b.ts", "/c.ts"];
  const key = files.registry.getKeyForCompilationSettings({});
  const text = ts.ScriptSnapshot.fromString("const many: number = 1;\n".repeat(5000));
  const build = (): ts.SourceFile[] =>
    names.map((name) => files.registry.acquireDocumentWithKey(name, name as ts.Path, {}, key, text, "1", 3));

  it("are loaded one by one, and each only once", () => {
    const first = [files.inSlice(build), files.inSlice(build), files.inSlice(build)];
    expect(first).to.deep.equal([undefined, undefined, undefined]);
    const built = files.inSlice(build);
    expect(built?.map(({ fileName }) => fileName)).to.deep.equal(names);
    expect(files.inSlice(build)).to.deep.equal(built);
  });

  it("are released when no finished program uses them any more", () => {
    const release = (): void => {
      for (const name of names) files.registry.releaseDocumentWithKey(name as ts.Path, key, 3, undefined);
    };
    const before = build();
    // Three builds have finished: those of two slices, and this one.
    release();
    release();
    const between = build();
    release();
    release();
    const after = build();
    expect([between[0] === before[0], after[0] === before[0]]).to.deep.equal([true, false]);
  });

  it("pass on the error of a build that fails", () => {
    const fails = () => {
      throw new Error("no program");
    };
    expect(() => files.inSlice(fails)).to.throw("no program");
  });
});
