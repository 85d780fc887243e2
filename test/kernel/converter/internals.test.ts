/** Canary tests of the TypeScript members that its public types do not declare. */

import { expect } from "chai";
import ts from "typescript";
import {
  bindFile,
  emitsJavaScript,
  identifiersOf,
  invalidatedResolutionsMember,
  parsedAsModule,
  parseErrorsOf,
  resolutionCacheMember,
  spellingSuggestion,
} from "../../../kernel/converter/internals";

describe("the internals of TypeScript that cells rely on", () => {
  const parse = (text: string) =>
    ts.createSourceFile("a.ts", text, { languageVersion: ts.ScriptTarget.ESNext, ...parsedAsModule() });

  it("are those of the pinned version", () => {
    expect(ts.version).to.equal("6.0.3");
  });

  it("list the identifiers of a file", () => {
    expect(identifiersOf(parse("const a = b.c; a"))).to.deep.equal(["a", "b", "c"]);
  });

  it("list the syntax errors of a file", () => {
    expect(parseErrorsOf(parse("f(")).map(({ start, code }) => [start, code])).to.deep.equal([[2, 1005]]);
    expect(parseErrorsOf(parse("f()"))).to.deep.equal([]);
  });

  it("parse a text as a module, so that await is a keyword", () => {
    const [statement] = parse("await (x)").statements;
    expect(statement && ts.isExpressionStatement(statement) && ts.isAwaitExpression(statement.expression)).to.equal(
      true,
    );
  });

  it("bind a file, once", () => {
    const file = parse("export const a = 1");
    expect(bindFile(file, {})).to.equal(true);
    expect(bindFile(file, {})).to.equal(false);
    const { symbol } = file.statements[0] as unknown as { symbol?: ts.Symbol };
    expect([symbol, (file as unknown as { symbol: ts.Symbol }).symbol.exports?.has("a" as ts.__String)]).to.deep.equal([
      undefined,
      true,
    ]);
  });

  it("suggest the name that a misspelt one means", () => {
    expect(spellingSuggestion("cryostta", ["magnet", "cryostat"])).to.equal("cryostat");
    expect(spellingSuggestion("xyz", ["magnet", "cryo"])).to.equal(undefined);
  });

  it("emit JavaScript without declarations", () => {
    const file = ts.createSourceFile("/a.ts", "export const a: number = 1", ts.ScriptTarget.ESNext, true);
    const host = {
      ...ts.createCompilerHost({}),
      getSourceFile: (name: string) => (name === "/a.ts" ? file : undefined),
    };
    const program = ts.createProgram(["/a.ts"], { noLib: true, types: [], declaration: true, sourceMap: true }, host);
    const written: string[] = [];
    program.emit(file, (name) => written.push(name), undefined, emitsJavaScript);
    expect(written).to.have.members(["/a.js", "/a.js.map"]);
  });

  it("ask the host for a cache of resolutions and for their invalidation", () => {
    const asked = { cache: 0, invalidated: 0 };
    const cache = ts.createModuleResolutionCache("/", (name) => name);
    const texts = new Map([
      ["/a.ts", "export {}"],
      ["/b.ts", "export {}"],
    ]);
    const counted = <T>(key: keyof typeof asked, member: object): object =>
      Object.fromEntries(
        Object.entries(member as Record<string, () => T>).map(([name, get]) => [
          name,
          () => {
            asked[key] += 1;
            return get();
          },
        ]),
      );
    const host = {
      getCompilationSettings: () => ({ noLib: true, types: [] }),
      getScriptFileNames: () => [...texts.keys()],
      getScriptVersion: (file: string) => texts.get(file) ?? "",
      getScriptSnapshot: (file: string) => ts.ScriptSnapshot.fromString(texts.get(file) ?? ""),
      getCurrentDirectory: () => "/",
      getDefaultLibFileName: () => "lib.d.ts",
      fileExists: (file: string) => texts.has(file),
      readFile: (file: string) => texts.get(file),
      resolveModuleNameLiterals: () => [],
      ...counted(
        "cache",
        resolutionCacheMember(() => cache),
      ),
      ...counted(
        "invalidated",
        invalidatedResolutionsMember(() => false),
      ),
    } as ts.LanguageServiceHost;
    const service = ts.createLanguageService(host);
    service.getProgram();
    texts.set("/b.ts", "export const a = 1");
    service.getProgram();
    expect(asked.cache).to.be.greaterThan(0);
    expect(asked.invalidated).to.be.greaterThan(0);
    service.dispose();
  });
});
