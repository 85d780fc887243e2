/** The lists of packages of a bundle: those of the workspace, else one that is made for it. */

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { version } from "../installation";

/** Files of a workspace that say how its code is compiled and what it needs. */
const FILES = ["package.json", "package-lock.json", "tsconfig.json"];

interface PackageFiles {
  readonly files: readonly string[];
  /** The `package.json` for a workspace without one. */
  readonly made: string | undefined;
  readonly leftOut: readonly string[];
}

/**
 * `package.json`, `package-lock.json` and `tsconfig.json` of the workspace. A workspace without packages gets
 * a list with secop-lab, and the packages that the notebook imports as they are installed here.
 */
export function packageFiles(workspace: string, imported: ReadonlySet<string>): PackageFiles {
  const present = FILES.map((file) => join(workspace, file)).filter((file) => existsSync(file));
  const list = join(workspace, "package.json");
  if (present.includes(list)) return { files: present, made: undefined, leftOut: foreignPackages(list, imported) };
  const { resolve } = createRequire(join(workspace, "notebook.js"));
  const versions = [...imported].sort().map((name): [string, string] => {
    return [name, name === "secop-lab" ? version : installedVersion(resolve, name)];
  });
  const dependencies = Object.fromEntries([["secop-lab", version], ...versions]);
  const made = `${JSON.stringify({ name: "experiment", private: true, dependencies }, null, 2)}\n`;
  // A list of versions without its package.json belongs to nothing.
  return { files: present.filter((file) => !file.endsWith("package-lock.json")), made, leftOut: [] };
}

/** The packages that `npm ci` will not find elsewhere: those from folders, and those that are not listed. */
function foreignPackages(list: string, imported: ReadonlySet<string>): string[] {
  type List = Record<"dependencies" | "devDependencies" | "peerDependencies", Record<string, unknown> | undefined>;
  let json: Partial<List>;
  try {
    json = JSON.parse(readFileSync(list, "utf8")) as Partial<List>;
  } catch {
    return ["package.json is damaged: its packages cannot be installed"];
  }
  const all = { ...json.peerDependencies, ...json.devDependencies, ...json.dependencies };
  const local = Object.entries(all).filter(([, from]) => /^(?:file|link):/.test(String(from)));
  const unnamed = [...imported].filter((name) => name !== "secop-lab" && !Object.hasOwn(all, name));
  return [
    ...local.map(([name, from]) => `the package ${name}, which package.json takes from a folder (${String(from)})`),
    ...unnamed.map((name) => `the package ${name}, which is imported, but not in package.json`),
  ];
}

function installedVersion(resolve: NodeJS.RequireResolve, name: string): string {
  try {
    return (JSON.parse(readFileSync(resolve(`${name}/package.json`), "utf8")) as { version: string }).version;
  } catch {
    return "*";
  }
}
