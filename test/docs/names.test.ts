/** Names of files and of what they export are unique in the house, so that a search finds one place. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import { repository } from "../peers/peers";

/** Two public names that bluesky has twice as well: a function for scripts and a plan; HTML to build and to show. */
const TWICE = ["applySettings", "html"];

describe("names", () => {
  const paths = execFileSync("git", ["ls-files", "lib", "kernel"], { cwd: repository, encoding: "utf8" })
    .split("\n")
    .filter((path) => path.endsWith(".ts"));

  it("of files are unique", () => {
    const names = paths.map((path) => basename(path)).filter((name) => name !== "index.ts");
    expect(names.filter((name, i) => names.indexOf(name) !== i)).to.deep.equal([]);
  });

  it("that files export are unique", () => {
    const exported = /^export (?:abstract |async )*(?:class|function\*?|const|interface|type|enum) ([\w$]+)/gm;
    const places = new Map<string, Set<string>>();
    for (const path of paths) {
      for (const [, name = ""] of readFileSync(join(repository, path), "utf8").matchAll(exported))
        places.set(name, (places.get(name) ?? new Set()).add(path));
    }
    const twice = [...places].filter(([name, files]) => files.size > 1 && !TWICE.includes(name));
    expect(twice.map(([name, files]) => `${name}: ${[...files].join(", ")}`)).to.deep.equal([]);
  });
});
