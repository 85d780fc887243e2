/** The files that the magics of a notebook name: class files, recordings, files of EPICS. */

import { resolve } from "node:path";
import { classFilePath } from "../../lib/index";
import { codeBelowMagic, findMagics, maskMagics } from "../magics/findMagics";
import { splitArguments, unquoted } from "../magics/magicArguments";

export interface MagicFiles {
  /** The code of the cell without its magics. */
  readonly code: string;
  /** Paths of class files, which may not exist. */
  readonly classFiles: readonly string[];
  readonly recordings: readonly string[];
  /** Databases of EPICS, and descriptions of nodes. */
  readonly files: readonly string[];
  /** Whether `%%classes` makes class files whose names the nodes give. */
  readonly makesClasses: boolean;
}

/** The files that the magics of a cell name. @param folder the folder of the notebook */
export function magicFiles(cell: string, folder: string): MagicFiles {
  const magics = findMagics(cell, () => false);
  const below = codeBelowMagic(magics);
  if (below !== undefined) return magicFiles(below, folder);
  const classFiles: string[] = [];
  const recordings: string[] = [];
  const files: string[] = [];
  const node = (words: readonly string[], name: string | undefined): void => {
    const after = (option: string) => words[words.indexOf(option) + 1];
    const file = words.includes("--class") ? after("--class") : name;
    if (file !== undefined && !words.includes("--no-class")) classFiles.push(classFile(unquoted(file), folder));
    // A twin is made of a class file, a recording or a description: `%connect cryo.json --simulate as cryo`.
    for (const source of words.map(unquoted).filter((_, index) => words[index - 1] !== "--class")) {
      if (/\.ts$/.test(source)) classFiles.push(resolve(folder, source));
      if (/\.rec(\.gz)?$/.test(source)) recordings.push(resolve(folder, source));
      if (/\.json$/.test(source)) files.push(resolve(folder, source));
    }
    const database = words.includes("--db") ? after("--db") : undefined;
    if (database !== undefined) files.push(resolve(folder, unquoted(database)));
  };
  for (const { name, args, body } of magics) {
    const words = wordsOf(args);
    if (name === "connect") node(words, words[words.indexOf("as") + 1]);
    if (name === "devices") {
      for (const line of body.split("\n")) {
        const [, variable, rest] = /^\s*([^=\s]+)\s*=\s*(.+)$/.exec(line) ?? [];
        if (variable !== undefined && rest !== undefined) node(wordsOf(rest), variable);
      }
    }
    const [file] = words;
    if ((name === "replay" || name === "record") && file !== undefined && file !== "off" && !file.startsWith("--"))
      recordings.push(resolve(folder, unquoted(file)));
  }
  const makesClasses = magics.some(({ name }) => name === "classes");
  return { code: maskMagics(cell, magics), classFiles, recordings, files, makesClasses };
}

/** Class files without a folder are in `devices`. */
function classFile(file: string, folder: string): string {
  return /[/\\]/.test(file)
    ? resolve(folder, classFilePath(resolve(folder, file)))
    : classFilePath(file, resolve(folder, "devices"));
}

function wordsOf(args: string): string[] {
  try {
    return splitArguments(args);
  } catch {
    return [];
  }
}
