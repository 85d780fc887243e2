/**
 * After the build, writes which names the library and the kernel give to every cell, so that a kernel knows
 * them without loading the library and its types.
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const require = createRequire(import.meta.url);
const { openNotebookLanguage } = require(resolve("dist/kernel/compiler/index.js"));
const { NAMES_FILE, PRELUDE } = require(resolve("dist/kernel/cells/library.js"));
const workspace = mkdtempSync(join(tmpdir(), "secop-lab-names-"));
const language = openNotebookLanguage({ workspace, packageRoot: resolve(".") });
try {
  const declared = await language.declaredBy(PRELUDE);
  if (declared.length === 0) throw new Error("the library exports no names: its types have errors");
  const names = declared.map(({ name, kind, element }) => ({ name, kind, element }));
  writeFileSync(NAMES_FILE, JSON.stringify(names));
} finally {
  language.close();
  rmSync(workspace, { recursive: true });
}
