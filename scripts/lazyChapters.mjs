/**
 * After the build, makes the package load the code of EPICS and Tango when one of their names is used for the
 * first time: TypeScript can only export what is loaded already.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const CHAPTERS = ["epics", "tango"];
const INDEX = "dist/lib/index.js";

// Each export of a chapter in the built index is replaced; doing it again renews the names.
const require = createRequire(import.meta.url);
let text = readFileSync(INDEX, "utf8");
for (const chapter of CHAPTERS) {
  const names = Object.keys(require(resolve(`dist/lib/${chapter}/index.js`))).sort();
  const path = JSON.stringify(`./${chapter}/index`);
  const eager = `__exportStar(require(${path}), exports);`;
  const former = new RegExp(`// lazy ${chapter}\\n[^]*?// end of lazy ${chapter}`);
  const lazy = [
    `// lazy ${chapter}`,
    // Programs that are ES modules find the names of a CommonJS module by such assignments.
    `${names.map((name) => `exports.${name} = `).join("")}void 0;`,
    `for (const name of ${JSON.stringify(names)})`,
    `  Object.defineProperty(exports, name, { enumerable: true, get: () => require(${path})[name] });`,
    `// end of lazy ${chapter}`,
  ].join("\n");
  const found = text.includes(eager) ? eager : former.exec(text)?.[0];
  if (found === undefined) throw new Error(`${INDEX} does not export ${path}: adapt scripts/lazyChapters.mjs`);
  text = text.replace(found, () => lazy);
}
writeFileSync(INDEX, text);
