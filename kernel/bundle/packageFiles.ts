/** The lists of packages of a bundle: those of the workspace, else one that is made for it. */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import { version } from "../installation";
import type { BundlePart } from "./bundlePart";

/** Files of a workspace that say how its code is compiled and what it needs. */
const FILES = ["package.json", "package-lock.json", "tsconfig.json"];

/**
 * `package.json`, `package-lock.json` and `tsconfig.json` of the workspace. A workspace without packages gets
 * a list with secop-lab, and the packages that the notebook imports as they are installed here.
 */
export function packageFiles(workspace: string, root: string, imported: ReadonlySet<string>): BundlePart[] {
  const inArchive = (file: string): string => relative(root, join(workspace, file)).split(sep).join("/");
  const parts = FILES.filter((file) => existsSync(join(workspace, file))).map(
    (file): BundlePart => ({ role: "packages", name: inArchive(file), path: join(workspace, file) }),
  );
  if (existsSync(join(workspace, "package.json"))) return parts;
  const { resolve } = createRequire(join(workspace, "notebook.js"));
  const versions = [...imported].sort().map((name): [string, string] => {
    return [name, name === "secop-lab" ? version : installedVersion(resolve, name)];
  });
  const dependencies = Object.fromEntries([["secop-lab", version], ...versions]);
  const text = `${JSON.stringify({ name: "experiment", private: true, dependencies }, null, 2)}\n`;
  const locked = parts.filter(({ name }) => !name.endsWith("package-lock.json"));
  return [{ role: "packages", name: inArchive("package.json"), path: undefined, text }, ...locked];
}

function installedVersion(resolve: NodeJS.RequireResolve, name: string): string {
  try {
    return (JSON.parse(readFileSync(resolve(`${name}/package.json`), "utf8")) as { version: string }).version;
  } catch {
    return "*";
  }
}
