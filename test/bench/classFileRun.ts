/**
 * Measures a class file once, in a fresh process, with our language service or tslab's converter, and prints
 * milliseconds as JSON.
 */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TslabConverter } from "../../kernel/tslabAdapter";
import { generateClasses } from "../../lib/codegen/generateClasses";
import type { NodeDescription } from "../../lib/secop/description/description";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { openNotebook } from "../kernel/compiler/notebook";
import { repository } from "../peers/peers";
import { bigNode } from "../support/bigNode";

const IMPORT = 'import { BigNode } from "./devices/big";\nconst big = new BigNode("localhost:10767");';
const COMPLETE = "big.mod5.";
/** A notebook imports the library before it imports a class file. */
const LIBRARY = 'import { TypedNode } from "secop-lab";\nconst warm = TypedNode.name;';

interface Times {
  readonly write: number;
  readonly load: number;
  readonly complete: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<readonly [number, T]> {
  const start = performance.now();
  const value = await work();
  return [performance.now() - start, value];
}

function check(candidates: readonly string[]): void {
  if (!candidates.includes("target") || !candidates.some((name) => /^_?heater/.test(name))) {
    throw new Error(`the completion offers ${candidates.length} other names`);
  }
}

async function ours(folder: string, description: NodeDescription): Promise<Times> {
  const notebook = openNotebook({ folder });
  await notebook.language.warm();
  await notebook.value(LIBRARY);
  const [write] = await timed(() => generateClasses(description, { dir: join(folder, "devices"), file: "big" }));
  const [load] = await timed(() => notebook.value(IMPORT));
  const [complete, { candidates }] = await timed(() => notebook.complete(COMPLETE, COMPLETE.length));
  check(candidates);
  notebook.close();
  return { write, load, complete };
}

/** Measures tslab's converter, which only compiles: the time to run the cell is not counted. */
async function tslab(folder: string, description: NodeDescription): Promise<Times> {
  process.chdir(folder);
  const { createConverter } = createRequire(__filename)("tslab/dist/converter") as {
    createConverter(): TslabConverter;
  };
  const converter = createConverter();
  converter.convert("", LIBRARY);
  const [write] = await timed(() => generateClasses(description, { dir: join(folder, "devices"), file: "big" }));
  const [load, { diagnostics, declOutput = "" }] = await timed(() => converter.convert("", IMPORT));
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  const [complete, { candidates }] = await timed(() => converter.complete(declOutput, COMPLETE, COMPLETE.length));
  check(candidates);
  converter.close();
  return { write, load, complete };
}

async function main(): Promise<void> {
  const [who = "", modules = "", accessibles = "", shapes = ""] = process.argv.slice(2);
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "secop-lab-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(repository, join(folder, "node_modules", "secop-lab"));
    // A connected client has a parsed description.
    const description = parseDescription(bigNode(Number(modules), Number(accessibles), Number(shapes)));
    const times = await (who === "tslab" ? tslab : ours)(folder, description);
    console.log(JSON.stringify(times));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
