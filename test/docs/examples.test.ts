/** Public names have examples in docs/, which are compiled; commands in docs/ exist. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import * as library from "../../lib/index";
import * as testing from "../../lib/testing/index";
import { repository, runProgram } from "../peers/peers";
import { pageGroups } from "./groups";
import { readDocsPage } from "./page";

describe("the examples in docs", () => {
  it("use every public name, or what it is a part of", async () => {
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

  it("name only commands and options of secop-lab that exist", async function () {
    this.timeout(60_000);
    const lines = [...pageGroups().values()]
      .flat()
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
