/** Notebook files (nbformat 4): read, kept in the shape they had, written so that a killed process leaves a whole file. */

import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { errorText, UsageError } from "../../lib/errors";

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

/** Rejects what is no nbformat 4 notebook, with the path and the reason. */
export function readNotebook(path: string): Notebook {
  let notebook: Notebook;
  try {
    notebook = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`cannot read the notebook ${path}: ${errorText(error)}`, { cause: error });
  }
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new UsageError(`${path} is not a notebook of format 4 (nbformat is ${notebook?.nbformat})`);
  }
  return notebook;
}

/** Writes beside the file and renames. */
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

export function sourceOf(cell: NotebookCell): string {
  return Array.isArray(cell.source) ? cell.source.join("") : cell.source;
}

export function hasTag(cell: NotebookCell, tag: string): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes(tag);
}

/** The code cells, emptied of what an earlier run left. */
export function freshCodeCells(notebook: Notebook): CodeCell[] {
  const cells = notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
  for (const cell of cells) {
    cell.execution_count = null;
    cell.outputs = [];
  }
  return cells;
}
