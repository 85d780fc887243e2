/** Where the code of a cell comes from, as the start documents of its runs say it. */

import { resolve } from "node:path";
import type { CodeOrigin } from "../../lib/display/host";
import { typescriptVersion } from "../compiler/index";
import { importedVersions } from "../modules/index";
import { isCodeFile } from "../notebookFile";
import type { Cell } from "../output/index";
import { executedNotebook } from "./executedNotebook";
import type { NotebookParameters } from "./notebookParameters";

export function cellOrigin(cell: Cell, parameters: NotebookParameters): CodeOrigin {
  const { notebook, cellId } = placeOf(cell.metadata.cellId);
  return {
    ...(notebook !== undefined && { notebook }),
    ...(cellId !== undefined && { cellId }),
    executionCount: cell.count,
    code: cell.code,
    parameters: parameters.values(),
    versions: { ...importedVersions(), typescript: typescriptVersion() },
  };
}

/**
 * The notebook and the cell. Jupyter's server names the notebook in the environment of the kernel, as it was
 * called when the kernel started; VS Code names both in the id of the cell, a URI. A program that executes a
 * notebook without a server may itself run below one, so that its own notebook counts first.
 */
function placeOf(cellId: unknown): { notebook?: string; cellId?: string } {
  const id = typeof cellId === "string" && cellId !== "" ? cellId : undefined;
  const { JPY_SESSION_NAME: session, SECOP_LAB_NOTEBOOK: named } = process.env;
  const notebook = executedNotebook() ?? [session, named && resolve(named)].find((path) => path && isCodeFile(path));
  if (notebook !== undefined) return { notebook, ...(id !== undefined && { cellId: id }) };
  if (id === undefined) return {};
  if (!id.startsWith("vscode-notebook-cell:")) return { cellId: id };
  try {
    const { pathname, hash } = new URL(id);
    return { notebook: decodeURIComponent(pathname), cellId: hash.slice(1) };
  } catch {
    return { cellId: id };
  }
}
