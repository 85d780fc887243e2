/**
 * Examples of public names: the first line of code in docs/ that uses a name, or that uses what the name is a
 * part of, as options are of their function. The tests compile all of them.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Pages with an example a line come first, since their examples are the shortest. */
const FIRST = ["plans", "stubs", "preprocessors", "suspenders", "devices-and-data"].map(
  (name) => `docs/reference/${name}.md`,
);

/**
 * The shortest example of each name that the code in docs/ uses, and of the names that are parts of those. A
 * line of a table comes before a block, and the members of `planPatterns` have names of two words.
 */
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
  const codes = [...FIRST, ...pages.filter((path) => !FIRST.includes(path))].map((page) =>
    codeOf(readFileSync(join(root, page), "utf8")),
  );
  const blocks = codes.flatMap((code) => code.blocks).sort((a, b) => a.length - b.length);
  for (const code of [...codes.flatMap(({ rows }) => rows), ...blocks]) {
    const names = [...code.matchAll(/(?<![.\w$])[A-Za-z_$][\w$]*/g), ...code.matchAll(/planPatterns\.\w+/g)];
    for (const name of new Set(names.map(([text]) => text))) {
      // A name by itself is the class of an error.
      if (!examples.has(name)) examples.set(name, code === name ? `error instanceof ${name}` : code);
    }
  }
  addParts(examples, declaredNames(root));
  return examples;
}

/** How a declaration of a public name begins in an API report. */
const DECLARATION =
  /^(?:export (?:declare |abstract )*(?:class|const|function|interface|type)|declare namespace) ([\w$]+)/;

/** The public names of the API reports in docs/api/, each with the public names that its declaration uses. */
export function declaredNames(root = ".") {
  const folder = join(root, "docs/api");
  const reports = readdirSync(folder).filter((name) => name.endsWith(".api.md"));
  const declarations = new Map();
  for (const report of reports) {
    for (const text of readFileSync(join(folder, report), "utf8").split(/^(?=export |declare namespace )/m)) {
      const [, name] = DECLARATION.exec(text) ?? [];
      if (name) declarations.set(name, `${declarations.get(name) ?? ""}${text}`);
    }
  }
  const partsOf = (text) => new Set((text.match(/[A-Za-z_$][\w$]*/g) ?? []).filter((word) => declarations.has(word)));
  return new Map([...declarations].map(([name, text]) => [name, partsOf(text)]));
}

/** Gives names without an example that of the nearest name whose declaration uses them. */
function addParts(examples, parts) {
  const queue = [...parts.keys()].filter((name) => examples.has(name));
  for (const name of queue) {
    for (const part of parts.get(name)) {
      if (examples.has(part)) continue;
      examples.set(part, examples.get(name));
      queue.push(part);
    }
  }
}

/** Code in tables headed "here", and code in blocks. */
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
  return { rows, blocks };
}
