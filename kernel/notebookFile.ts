/** Reads and writes notebook files (nbformat 4), and distinguishes notebooks and scripts by their names. */

import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { errorText, UsageError } from "../lib/errors";

/** One output of a cell. */
export type Output = Record<string, unknown> & { output_type: string };

export interface NotebookCell {
  cell_type: string;
  source: string | string[];
  metadata: Record<string, unknown>;
  execution_count?: number | null;
  outputs?: Output[];
  [key: string]: unknown;
}

export interface CodeCell extends NotebookCell {
  execution_count: number | null;
  outputs: Output[];
}

export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: NotebookCell[];
}

/** Whether `secop-lab run` runs a file of this name as a script. */
export const isScript = (path: string): boolean => /\.(?:ts|mts|tsx)$/.test(path);

const CODE_ENDING = /\.(?:ipynb|[cm]?[jt]sx?)$/;

/** Whether this is the name of a notebook, or of a file with code. */
export const isCodeFile = (path: string): boolean => CODE_ENDING.test(path);

/** The path of a notebook or a script without its ending, for the files beside it. */
export const stemOf = (path: string): string => path.replace(CODE_ENDING, "");

/** @throws UsageError with path and reason, if the file is not a notebook of nbformat 4. */
export function readNotebook(path: string): Notebook {
  let notebook: Notebook;
  try {
    notebook = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const isOther = error instanceof SyntaxError && !path.endsWith(".ipynb");
    const why = isOther ? "it is not a notebook, whose name ends with .ipynb" : errorText(error);
    throw new UsageError(`cannot read the notebook ${path}: ${why}`, { cause: error });
  }
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new UsageError(`${path} is not a notebook of format 4 (nbformat is ${notebook?.nbformat})`);
  }
  return notebook;
}

/**
 * Writes a temporary file and renames it, so that a process that is killed meanwhile leaves a complete file.
 */
export function writeNotebook(path: string, notebook: Notebook): void {
  const partial = `${path}.partial`;
  try {
    writeFileSync(partial, `${JSON.stringify(notebook, null, 1)}\n`);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new UsageError(`cannot write the notebook ${path}: ${errorText(error)}`, { cause: error });
  }
}

/** The code or text of a cell. */
export function sourceOf(cell: NotebookCell): string {
  return Array.isArray(cell.source) ? cell.source.join("") : cell.source;
}

/** The hash by which recordings know the code of a cell, whatever blanks its lines end with. */
export function codeHash(code: string): string {
  const withoutBlanks = code.replace(/[ \t]+$/gm, "").trimEnd();
  return createHash("sha256").update(withoutBlanks).digest("hex").slice(0, 8);
}

export function hasTag(cell: NotebookCell, tag: string): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes(tag);
}

/** The code cells. The outputs of an earlier run are removed from them. */
export function freshCodeCells(notebook: Notebook): CodeCell[] {
  const cells = notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
  for (const cell of cells) {
    cell.execution_count = null;
    cell.outputs = [];
  }
  return cells;
}
