/** Rewrites the compiler's messages to the user's terms, without generated file names. */

import { unversioned } from "../modules/sourceVersions";

/** The facts about the notebook that the compiler does not know. */
export interface NotebookWords {
  /** The user's name for the module of an earlier cell: `__cell_3` is `In[3]`. */
  cellName(cell: string): string;
  /** The label of the failed cell that would have declared a name. */
  lostIn(name: string): string | undefined;
  /** The name of an earlier cell that is similar to a misspelt one. */
  similarTo(name: string): string | undefined;
  /** TypeScript's name for the kind of a name of an earlier cell: "const", "class" ... */
  elementOf(name: string): string | undefined;
  /** Whether the file of a versioned name (without extension) has changed since. */
  isOutdated(file: string): boolean;
}

/** Matches `import("/lab/cryo~1").Cryo`. */
const QUALIFIED = /(?:typeof )?import\("((?:[^"\\]|\\.)*)"\)\.([\p{ID_Continue}$.]+)/gu;
/** Matches `"/lab/cryo~1"`, a module as a whole. */
const QUOTED = /"((?:[^"\\]|\\.)*(?:__cell_|~)\d+(?:\.\w+)?)"/g;

export function reworded(text: string, words: NotebookWords): string {
  return text
    .replace(QUALIFIED, (whole, file: string, name: string) => {
      const where = origin(decoded(file), words);
      if (where === undefined) return whole;
      return where === "" ? name : `${name} (${where})`;
    })
    .replace(QUOTED, (_, file: string) => {
      const cell = cellOf(file);
      return cell === undefined ? `"${unversioned(decoded(file))}"` : words.cellName(cell);
    });
}

/** The user's name for a module: empty if it needs no name, undefined for a file of a package. */
function origin(file: string, words: NotebookWords): string | undefined {
  const cell = cellOf(file);
  if (cell !== undefined) return words.cellName(cell);
  if (!/~\d+$/.test(file)) return undefined;
  return words.isOutdated(file)
    ? `before ${file.slice(file.lastIndexOf("/") + 1).replace(/~\d+$/, "")}.ts changed`
    : "";
}

function cellOf(file: string): string | undefined {
  return /(?:^|\/)(__cell_\d+)(?:\.ts)?$/.exec(file)?.[1];
}

/** Decodes characters that the compiler escapes because they are not ASCII. */
function decoded(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
