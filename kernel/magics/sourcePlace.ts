/** Finds where a name of the notebook is declared: in a cell, in a file of the workspace, or in a package. */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** The code of an executed cell. */
export interface CellInput {
  readonly line: number;
  readonly input: string;
}

/**
 * The place as `In[3]:2`, `devices/cryo.ts:14` or `secop-lab/dist/lib/plans/scans/scan.js:20`; undefined if
 * it is not found.
 */
export function sourcePlace(name: string, value: unknown, inputs: readonly CellInput[]): string | undefined {
  const declared = declarationOf(name);
  for (const { line, input } of [...inputs].reverse()) {
    const at = declared.exec(input);
    if (at) return `In[${line}]:${lineAt(input, at.index)}`;
    const file = importedFile(name, input);
    if (file !== undefined) return placeInFile(file, name) ?? shortPath(file);
  }
  return loadedPlace(value);
}

/**
 * Matches a declaration of a name: of a variable, a function, a class or a type, or `%connect ... as name`.
 */
function declarationOf(name: string): RegExp {
  const word = `${name.replaceAll("$", "\\$")}(?![\\p{ID_Continue}$])`;
  const keyword = "(?:const|let|var|function\\s*\\*?|class|interface|type|enum|namespace)\\s+";
  return new RegExp(
    `${keyword}${word}|^exports\\.${word}\\s*=(?!=)(?!\\s*exports\\.)|(?:const|let|var)\\s*[{[][^=;]*?(?<![\\p{ID_Continue}$.])${word}|^\\s*%connect\\b.*\\bas\\s+${word}`,
    "mu",
  );
}

/** The workspace file that a cell imports a name from. */
function importedFile(name: string, input: string): string | undefined {
  for (const [, names = "", from = ""] of input.matchAll(
    /\bimport\s+(?:type\s+)?([^"';]*?)\s*from\s*["'](\.[^"']*)["']/g,
  )) {
    if (!names.split(/[^\p{ID_Continue}$]+/u).includes(name)) continue;
    const path = resolve(from.replace(/\.[cm]?js$/, ""));
    return [path, `${path}.ts`, `${path}.tsx`, `${path}.js`, join(path, "index.ts")].find(
      (candidate) => existsSync(candidate) && /\.\w+$/.test(candidate),
    );
  }
  return undefined;
}

/** The place of a function or class, or of the class of an object, in a module that is loaded. */
function loadedPlace(value: unknown): string | undefined {
  const made = typeof value === "object" && value !== null ? value.constructor : value;
  if (typeof made !== "function" || made === Object || made === Array) return undefined;
  for (const [file, module] of Object.entries(require.cache)) {
    const name = exportedAs(made, module?.exports);
    const place = name === undefined ? undefined : placeInFile(file, name);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** The name by which a module exports a value itself, not from another module. */
function exportedAs(value: unknown, exported: unknown): string | undefined {
  if (typeof exported !== "object" || exported === null) return undefined;
  const own = Object.entries(Object.getOwnPropertyDescriptors(exported));
  return own.find(([, descriptor]) => descriptor.value === value)?.[0];
}

function placeInFile(file: string, name: string): string | undefined {
  try {
    const text = readFileSync(file, "utf8");
    const at = declarationOf(name).exec(text);
    return at ? `${shortPath(file)}:${lineAt(text, at.index)}` : undefined;
  } catch {
    return undefined;
  }
}

/** The path from the working folder, or from the folder of packages. */
function shortPath(file: string): string {
  const packages = file.lastIndexOf(`${sep}node_modules${sep}`);
  if (packages >= 0) return file.slice(packages + "/node_modules/".length);
  const own = relative(process.cwd(), file);
  if (!own.startsWith("..")) return own;
  const root = packageRootOf(file);
  return root === undefined ? file : join("secop-lab", relative(root, file));
}

/** The folder of this package, if the file belongs to it. */
function packageRootOf(file: string): string | undefined {
  const root = dirname(require.resolve("secop-lab/package.json"));
  return file.startsWith(`${root}${sep}`) ? root : undefined;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
