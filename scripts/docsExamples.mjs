/** Examples of public names: the first line of code in docs/ that uses a name. The tests compile all of them. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Pages with an example a line come first, since their examples are the shortest. */
const FIRST = ["plans", "stubs", "preprocessors", "suspenders", "devices-and-data"].map(
  (name) => `docs/reference/${name}.md`,
);

/** The shortest example of each name that the code in docs/ uses. */
export function examplesByName(root = ".") {
  const pages = readdirSync(join(root, "docs"), { recursive: true })
    .map((path) => `docs/${String(path).replaceAll("\\", "/")}`)
    .filter(
      (path) =>
        /\.md$/.test(path) &&
        !/docs\/(api|decisions|reference\/api)\//.test(path) &&
        !/docs\/(design|user-guide|follow-a-reading)/.test(path),
    );
  const examples = new Map();
  for (const page of [...FIRST, ...pages.filter((path) => !FIRST.includes(path))]) {
    for (const code of codeOf(readFileSync(join(root, page), "utf8"))) {
      for (const name of new Set(code.match(/(?<![.\w$])[A-Za-z_$][\w$]*/g) ?? [])) {
        if (!examples.has(name)) examples.set(name, code);
      }
    }
  }
  return examples;
}

/** Code in tables headed "here", then code in blocks. */
function codeOf(text) {
  const rows = [];
  const blocks = [];
  let here = -1;
  let block;
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) {
      if (block) {
        if (block.run) blocks.push(block.lines.join("\n"));
        block = undefined;
      } else block = { run: /^```ts\b(?!.* fails)/.test(line), lines: [] };
    } else if (block) block.lines.push(line);
    else if (!line.startsWith("|")) here = -1;
    else {
      const cells = line
        .slice(1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.replaceAll("\\|", "|").trim());
      if (cells.includes("here")) here = cells.indexOf("here");
      else if (here >= 0) rows.push(...[...(cells[here] ?? "").matchAll(/`([^`]+)`/g)].map(([, code]) => code));
    }
  }
  return [...rows, ...blocks];
}
