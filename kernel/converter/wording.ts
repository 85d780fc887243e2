/** The compiler's texts in the person's terms: no file names of our making. */

import { unversioned } from "./sourceVersions";

/** What the compiler cannot know about the notebook. */
export interface NotebookWords {
  /** What the module of an earlier cell is called to the person: `__cell_3` -> `In[3]`. */
  cellName(cell: string): string;
  /** The failed cell that would have declared a name. */
  lostIn(name: string): string | undefined;
  /** The name of an earlier cell that a misspelt one means. */
  similarTo(name: string): string | undefined;
  /** TypeScript's word for what a name of an earlier cell is: "const", "class" ... */
  elementOf(name: string): string | undefined;
  /** Whether a versioned name, without extension, is of a file that changed since. */
  isOutdated(file: string): boolean;
}

/** `import("/lab/cryo~1").Cryo` */
const QUALIFIED = /(?:typeof )?import\("((?:[^"\\]|\\.)*)"\)\.([\p{ID_Continue}$.]+)/gu;
/** `"/lab/cryo~1"`, of a module as a whole. */
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

/** Empty for what needs no word, undefined for a package's file. */
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

/** The compiler escapes what is not ASCII. */
function decoded(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
