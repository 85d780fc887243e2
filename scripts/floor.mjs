/**
 * Checks that stock tslab accepts our types: it compiles cells with TypeScript 5.0.4 and Node10 resolution,
 * where newer syntax in our .d.ts files would be an error in every cell that imports the package.
 */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "./python.mjs";

mkdirSync("test-output", { recursive: true });
const workspace = mkdtempSync(resolve("test-output", "floor-"));
mkdirSync(join(workspace, "node_modules"));
symlinkSync(resolve("."), join(workspace, "node_modules", "secop-lab"), "junction");
writeFileSync(
  join(workspace, "cell.ts"),
  'import * as lab from "secop-lab";\nexport const names: string[] = Object.keys(lab);\n',
);
const options = [
  "--noEmit",
  "--strict",
  "--module",
  "commonjs",
  "--moduleResolution",
  "node10",
  "--target",
  "es2022",
  "--lib",
  "es2022",
];
const types = ["--types", "node", "--typeRoots", resolve("node_modules/@types"), "--skipLibCheck", "false"];
run(process.execPath, [resolve("node_modules/@tslab/typescript-for-tslab/bin/tsc"), ...options, ...types, "cell.ts"], {
  cwd: workspace,
});
rmSync(workspace, { recursive: true });
