/** Public names have examples in docs/, which are compiled; commands in docs/ exist. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import * as library from "../../lib/index";
import * as testing from "../../lib/testing/index";
import { repository, runProgram } from "../peers/peers";
import { pageGroups } from "./groups";
import { readDocsPage } from "./page";

/** How many public values have no example. The number must not grow: a new name gets a line in docs/reference. */
const WITHOUT_EXAMPLE = 0;

describe("the examples in docs", () => {
  it("use every public value", async () => {
    const { examplesByName } = (await import(pathToFileURL(join(repository, "scripts/docsExamples.mjs")).href)) as {
      examplesByName(root: string): Map<string, string>;
    };
    const examples = examplesByName(repository);
    const names = [...Object.keys(library), ...Object.keys(testing)];
    const without = names.filter((name) => !examples.has(name));
    expect(without.length, without.join(", ")).to.be.at.most(WITHOUT_EXAMPLE);
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
