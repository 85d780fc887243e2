/** Tests which files of the language's library the compiler gets. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { expect } from "chai";
import { BASE_LIBS, joinedLibrary, libraryFiles } from "../../../kernel/modules/languageLibrary";
import { repository } from "../../peers/peers";

const built = createRequire(__filename)(
  join(repository, "dist/kernel/modules/languageLibrary"),
) as typeof import("../../../kernel/modules/languageLibrary");

describe("the language's library", () => {
  const namesOf = (libs: readonly string[]): string[] => libraryFiles(libs).map((file) => basename(file));

  it("has the files of a part and of all parts that it refers to, each once and after those", () => {
    const names = namesOf(BASE_LIBS);
    expect(names).to.include.members(["lib.es5.d.ts", "lib.es2015.collection.d.ts", "lib.decorators.legacy.d.ts"]);
    expect(new Set(names).size).to.equal(names.length);
    expect(names.indexOf("lib.es2015.d.ts")).to.be.above(names.indexOf("lib.es2015.promise.d.ts"));
  });

  it("has parts by the names that a tsconfig may use for them", () => {
    expect(namesOf(["ES6"])).to.include("lib.es2015.d.ts");
    expect(namesOf(["DOM"])).to.include("lib.dom.d.ts");
    expect(namesOf(["ESNext.BigInt"])).to.include("lib.es2020.bigint.d.ts");
    expect(namesOf(["esnext.disposable"])).to.include("lib.esnext.disposable.d.ts");
  });

  it("leaves out a part that does not exist", () => {
    expect(namesOf(["es1999"])).to.eql([]);
  });

  it("is joined from whole files, without their references to each other", () => {
    const text = joinedLibrary();
    expect(text.match(/^\/\/\/ <reference.*$/gm)).to.eql(['/// <reference no-default-lib="true"/>']);
    for (const file of libraryFiles(BASE_LIBS)) {
      const declarations = readFileSync(file, "utf8").replace(/^\/\/\/ <reference.*$/gm, "");
      expect(text.includes(declarations.trim()), file).to.equal(true);
    }
  });

  it("is one file in the built kernel, beside the files of further parts", () => {
    expect(built.libraryFiles(BASE_LIBS).map((file) => basename(file))).to.eql(["joinedLibrary.d.ts"]);
    expect(readFileSync(built.JOINED_LIBRARY, "utf8")).to.equal(joinedLibrary());
    expect(JSON.parse(readFileSync(built.JOINED_NAMES, "utf8"))).to.eql(namesOf(BASE_LIBS));
    const names = built.libraryFiles([...BASE_LIBS, "dom", "es2024.promise"]).map((file) => basename(file));
    expect(names).to.include.members(["joinedLibrary.d.ts", "lib.dom.d.ts", "lib.es2024.promise.d.ts"]);
    expect(names).not.to.include("lib.es5.d.ts");
    const shared = built.libraryFiles([...BASE_LIBS, "es2024.sharedmemory"]).map((file) => basename(file));
    expect(shared).to.eql(["joinedLibrary.d.ts", "lib.es2024.sharedmemory.d.ts"]);
  });
});
