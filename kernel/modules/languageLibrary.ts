/**
 * The declarations of the language's library (`Array`, `Promise` ...), which TypeScript has in some hundred
 * files.
 */

import fs from "node:fs";
import path from "node:path";
import { compilerFolder } from "./compilerPath";
import { slashes } from "./folders";

/** The language level of Node 20, so that the check refuses what Node 20 does not have. */
export const BASE_LIBS: readonly string[] = ["es2023", "decorators", "decorators.legacy"];

/**
 * The file that the build writes. A kernel that runs from its sources has none, and loads the single files.
 */
export const JOINED_LIBRARY = path.join(__dirname, "joinedLibrary.d.ts");

/** The names of the files that are joined in it, so that no kernel has to read these when it starts. */
export const JOINED_NAMES = path.join(__dirname, "joinedLibrary.json");

const found = new Map<string, readonly string[]>();

/** The files that declare these parts of the library: `["es2023", "dom"]`. Unknown ones are left out. */
export function libraryFiles(libs: readonly string[]): readonly string[] {
  const key = libs.join(" ");
  const files = found.get(key) ?? findFiles(libs);
  found.set(key, files);
  return files;
}

function findFiles(libs: readonly string[]): string[] {
  if (!fs.existsSync(JOINED_NAMES)) return closure(libs);
  const joined = JSON.parse(fs.readFileSync(JOINED_NAMES, "utf8")) as string[];
  const folder = compilerFolder();
  const more = closure(
    libs,
    joined.map((name) => path.join(folder, name)),
  );
  return [slashes(JOINED_LIBRARY), ...more];
}

/**
 * The text that the build writes: the parts that every notebook needs in one file, those first that others
 * refer to. The compiler makes a new program for each check, and takes twice as long for a trivial cell where
 * the library is 60 files.
 */
export function joinedLibrary(): string {
  const texts = closure(BASE_LIBS).map((file) => fs.readFileSync(file, "utf8").replace(REFERENCE, ""));
  return `/// <reference no-default-lib="true"/>\n${texts.join("\n")}`;
}

/** The names of the files whose texts are joined. */
export function joinedNames(): string[] {
  return closure(BASE_LIBS).map((file) => path.basename(file));
}

const REFERENCE = /^\/\/\/ <reference (?:lib="([^"]+)"|no-default-lib="true") ?\/>/gm;

/**
 * The files of the parts and of all that they refer to.
 *
 * @param known Files that are left out, with what they refer to.
 */
function closure(libs: readonly string[], known: Iterable<string> = []): string[] {
  const files = new Set<string>();
  const seen = new Set(known);
  const add = (lib: string): void => {
    const file = libraryFile(lib);
    if (file === undefined || seen.has(file)) return;
    seen.add(file);
    for (const [, needed] of fs.readFileSync(file, "utf8").matchAll(REFERENCE)) if (needed) add(needed);
    files.add(slashes(file));
  };
  for (const lib of libs) add(lib.toLowerCase());
  return [...files];
}

/**
 * The file of a part. A part of `esnext` that became a part of a language level since keeps its old name:
 * `esnext.bigint` is that of `es2020.bigint`.
 */
function libraryFile(lib: string): string | undefined {
  const folder = compilerFolder();
  const name = ({ es6: "es2015", es7: "es2016" } as Record<string, string>)[lib] ?? lib;
  const file = path.join(folder, `lib.${name}.d.ts`);
  if (fs.existsSync(file)) return file;
  const part = /^esnext(\.[a-z]+)$/.exec(name)?.[1];
  const standard = part && fs.readdirSync(folder).findLast((entry) => entry.endsWith(`${part}.d.ts`));
  return standard ? path.join(folder, standard) : undefined;
}
