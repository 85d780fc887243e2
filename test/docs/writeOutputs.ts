/**
 * `npm run docs:outputs [PAGE ...]`: writes into the pages what their code gives, and keeps the pictures of
 * plots.
 */

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { docsFolder, masked, readDocsPage, shortened } from "./page";
import { type BlockResult, PageRunner } from "./pageRunner";
import { runPages } from "./runPages";

async function write(names: readonly string[]): Promise<void> {
  await using runner = await PageRunner.start();
  for (const name of names) {
    const page = readDocsPage(name);
    const results = await runner.run(page);
    const lines = page.text.split("\n");
    for (const { block, output, png, problem } of [...results].reverse()) {
      if (problem) console.error(`docs/${name}:${block.line}: ${problem}`);
      if (block.picture && png) keepPicture(block.picture, png);
      const shown = block.output;
      if (problem || !shown) continue;
      const text = shortened(output, shown.limit);
      // A page whose output differs in nothing but numbers is left alone.
      if (masked(text) !== masked(shown.text)) lines.splice(shown.from, shown.to - shown.from, ...text.split("\n"));
    }
    writeFileSync(page.path, lines.join("\n"));
    for (const problem of await runner.checkRows(page.rows)) console.error(`docs/${name}:${problem}`);
    reportUnshown(name, results);
  }
}

/** Says what blocks without shown output gave, for the author to choose. */
function reportUnshown(name: string, results: readonly BlockResult[]): void {
  if (!process.env.VERBOSE) return;
  for (const { block, output } of results) {
    if (!block.output && output) console.log(`docs/${name}:${block.line} gives\n${shortened(output, 12)}\n`);
  }
}

/** A picture that exists is kept, since each run gives another one; delete it to have it made anew. */
function keepPicture(name: string, png: Buffer): void {
  const path = join(docsFolder, "pictures", `${name}.png`);
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, png);
}

void (async () => {
  const wanted = process.argv.slice(2).map((path) => path.replace(/^docs\//, ""));
  await write(runPages().filter((page) => wanted.length === 0 || wanted.includes(page)));
})();
