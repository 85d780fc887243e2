/** The outputs of a notebook when it was recorded and now, for `secop-lab verify`. */

import { existsSync } from "node:fs";
import { type ComparedCell, type NamedDocument, outputDifferences } from "../../lib/index";
import { type Notebook, readNotebook, sourceOf } from "../notebookFile";

/** The number of digits of a run's uid that outputs show. */
const SHOWN = 8;

/** A notebook that was run, with the documents of its runs. */
export interface VerifiedRun {
  readonly notebook: Notebook;
  readonly documents: readonly NamedDocument[];
}

/**
 * The notebook with its outputs from when it was recorded: as `secop-lab run` wrote it, or as it was saved in
 * Jupyter. Undefined if their outputs are not of the runs that were recorded then.
 */
export function recordedNotebook(input: string, documents: readonly NamedDocument[]): Notebook | undefined {
  const shown = uidsIn(documents).map((uid) => uid.slice(0, SHOWN));
  if (shown.length === 0) return undefined;
  return [input.replace(/\.ipynb$/, ".executed.ipynb"), input]
    .filter((path) => existsSync(path))
    .map((path) => readNotebook(path))
    .find(({ cells }) => {
      const outputs = JSON.stringify(cells.map((cell) => cell.outputs ?? []));
      return shown.every((uid) => outputs.includes(uid));
    });
}

/** What differs between the outputs of two runs of a notebook. `exact`: both are of the same recording. */
export function verifiedOutputs(
  then: VerifiedRun,
  now: VerifiedRun,
  { exact, tolerances }: { readonly exact: boolean; readonly tolerances: Readonly<Record<string, number>> },
): string[] {
  const names = new Map([...runNames(then.documents), ...runNames(now.documents)]);
  const tolerance = Math.max(0, ...Object.values(tolerances));
  return outputDifferences(outputsOf(then.notebook), outputsOf(now.notebook), { exact, tolerance, names });
}

/** The same words for the same run, whatever its uid is. */
function runNames(documents: readonly NamedDocument[]): [string, string][] {
  return uidsIn(documents).flatMap((uid, i): [string, string][] => [
    [uid, `run ${i + 1}`],
    [uid.slice(0, SHOWN), `run ${i + 1}`],
  ]);
}

function uidsIn(documents: readonly NamedDocument[]): string[] {
  return documents.filter(([name]) => name === "start").map(([, doc]) => String((doc as { uid?: unknown }).uid));
}

function outputsOf({ cells }: Notebook): ComparedCell[] {
  return cells
    .filter((cell) => cell.cell_type === "code" && sourceOf(cell).trim() !== "")
    .map((cell, i) => ({ name: `cell ${i + 1}`, code: sourceOf(cell).trim(), outputs: cell.outputs ?? [] }));
}
