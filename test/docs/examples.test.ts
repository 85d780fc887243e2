/** Public names have docstrings and examples in docs/, which are compiled; commands in docs/ exist. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import * as library from "../../lib/index";
import * as testing from "../../lib/testing/index";
import { repository, runProgram } from "../peers/peers";
import { readDocsPage } from "./page";
import { runPages } from "./runPages";

describe("the public names", () => {
  it("have examples in docs, or are part of a name that has one", async () => {
    const { examplesByName, declaredNames } = (await import(
      pathToFileURL(join(repository, "scripts/docsExamples.mjs")).href
    )) as {
      examplesByName(root: string): Map<string, string>;
      declaredNames(root: string): Map<string, Set<string>>;
    };
    const names = [...declaredNames(repository).keys()];
    const values = [...Object.keys(library), ...Object.keys(testing)];
    // The API reports are complete: see `npm run api`.
    expect(values.filter((name) => !names.includes(name))).to.deep.equal([]);
    const examples = examplesByName(repository);
    // A new name gets a line in docs/reference.
    expect(names.filter((name) => !examples.has(name))).to.deep.equal([]);
  });

  it("have a docstring for every public name", () => {
    const folder = join(repository, "docs/api");
    const undocumented = readdirSync(folder).flatMap((report) =>
      // Of an overloaded function the first signature has the docstring.
      [
        ...readFileSync(join(folder, report), "utf8").matchAll(
          /^\/\/ @public \(undocumented\)\nexport (?!.*function)(.*)/gm,
        ),
      ].map(([, declaration]) => declaration),
    );
    expect(undocumented).to.deep.equal([]);
  });

  it("of all commands stand in the reference of the command line", async () => {
    const { stdout } = await runProgram(process.execPath, [join(repository, "dist/kernel/main.js"), "--help"]);
    const names = [...stdout.matchAll(/^ {2}([a-z]+) /gm)]
      .map(([, name = ""]) => name)
      .filter((name) => name !== "help");
    expect(names).to.include.members(["run", "verify", "bundle"]);
    const page = readDocsPage("reference/command-line.md").text;
    expect(names.filter((name) => !page.includes(`| \`secop-lab ${name}`))).to.deep.equal([]);
  });

  it("of commands and options in docs exist", async function () {
    this.timeout(60_000);
    const lines = runPages()
      .flatMap((name) => [...readDocsPage(name).text.matchAll(/^```sh\n([\s\S]*?)^```/gm)])
      .flatMap(([, code = ""]) => code.split("\n"));
    const used = lines.flatMap((line) => [...line.matchAll(/secop-lab (?<command>[a-z]+)(?<rest>[^#|&;]*)/g)]);
    expect(used.length).to.be.greaterThan(20);
    const options = new Map<string, Set<string>>();
    for (const { groups } of used) {
      const { command = "", rest = "" } = groups ?? {};
      const found = rest.replace(/ -- .*/, "").match(/(?<= )--?[a-z][\w-]*/g) ?? [];
      options.set(command, new Set([...(options.get(command) ?? []), ...found]));
    }
    const wrong: string[] = [];
    for (const [command, names] of options) {
      const main = join(repository, "dist/kernel/main.js");
      const { stdout } = await runProgram(process.execPath, [main, "help", command]);
      if (!stdout.includes(`Usage: secop-lab ${command}`)) wrong.push(command);
      for (const name of names) if (!stdout.includes(` ${name}`)) wrong.push(`${command} ${name}`);
    }
    expect(wrong).to.deep.equal([]);
  });
});
