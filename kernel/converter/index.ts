/**
 * The notebook's language service: TypeScript cells behind tslab's `TslabConverter` interface.
 *
 * Integration. Make one converter per notebook and hand it to tslab's executor as its converter for Node; call `setCellNumber` with
 * Jupyter's execution count, then `executor.execute(code)` at once. Magics are masked before `convert`, `complete`, `inspect` and
 * `isComplete` see the code. Positions are UTF-16 units. What `convert` returns in `diagnostics` is errors and nothing ran; warnings
 * go to the `warn` option while the cell runs. `error.stack` is already in cell terms when the executor reports it: print it as it is.
 * `warm` takes most of a second and blocks: run it after the first kernel_info_reply, or as `warmSteps`. What code imports for the first time
 * takes a fraction of a second, too: `load` it before. All else takes milliseconds, and may be called while a cell runs. An interrupted cell needs no call: what it declared until the next cell starts stays, nothing later.
 *
 * Files of the workspace are read again when a cell imports them again; plain JavaScript without what it imports itself.
 */

import type { Diagnostic, IsComplete, TslabConverter } from "../tslabAdapter";
import { NotebookCompiler } from "./notebookCompiler";
import { openWorkspace } from "./workspace";

export interface NotebookLanguageOptions {
  /** The folder that cells resolve from. Default: the process's. */
  readonly workspace?: string;
  /** Where `secop-lab` and its dependencies resolve for a workspace that has none of its own. Default: this package. */
  readonly packageRoot?: string;
  /** Told within `convert` what is doubtful but does not stop the cell: implicit any, a workspace file that changed. Default: nothing. */
  readonly warn?: (warnings: readonly Diagnostic[]) => void;
  /** Aborted when the person interrupts the running cell: one that still loads its imports then never starts. Default: none. */
  readonly currentSignal?: () => AbortSignal | undefined;
}

/** What the converter offers beyond tslab's interface. `convert` is called as code of the cell that will run: see `currentCell()`. */
export interface NotebookLanguageService extends TslabConverter {
  /** Builds the first program, so that the first cell is fast. Blocks. */
  warm(): void;
  isComplete(code: string): IsComplete;
  /** The same as `warm` in slices, for a loop that lets the process answer messages in between. */
  warmSteps(): Iterable<void>;
  /** Takes in the types of what `code` imports, in slices of about 20 ms; then `convert`, `complete` and `inspect` of it are quick. No slice if there is nothing to do. */
  load(code: string): Iterable<void>;
  /** The next cell is shown as `In[count]`. Without a call, cells count up from 1. */
  setCellNumber(count: number): void;
  /** What the names of the notebook are at the moment. */
  values(): ReadonlyMap<string, unknown>;
}

export function createNotebookLanguage(options: NotebookLanguageOptions = {}): NotebookLanguageService {
  const { workspace = process.cwd(), packageRoot, warn = () => undefined, currentSignal = () => undefined } = options;
  return new NotebookCompiler(openWorkspace(workspace, packageRoot), { warn, currentSignal });
}
