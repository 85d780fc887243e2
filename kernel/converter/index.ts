/**
 * The language service of a notebook: TypeScript cells behind tslab's interface of a converter.
 *
 * This chapter may use tslab's adapter and TypeScript, whose undeclared members only `internals` uses. Begin
 * reading with `notebookCompiler`: `check` checks a cell, `emitCell` makes JavaScript of it and returns its
 * last expression, and `cellRuntime` runs that.
 */

import type { Diagnostic, IsComplete, TslabConverter } from "../tslabAdapter";
import { NotebookCompiler } from "./notebookCompiler";
import { openWorkspace } from "./workspace";

export interface NotebookLanguageOptions {
  /** The folder from which cells resolve modules. Default: the working directory. */
  readonly workspace?: string;
  /**
   * The folder where `secop-lab` and its dependencies resolve if the workspace has none of its own. Default:
   * this package.
   */
  readonly packageRoot?: string;
  /**
   * Called within `convert` with warnings, which do not stop the cell: an implicit any, or a workspace file
   * that has changed.
   */
  readonly warn?: (warnings: readonly Diagnostic[]) => void;
  /**
   * The signal that aborts when the user interrupts the running cell, so that it does not start if it still
   * loads its imports.
   */
  readonly currentSignal?: () => AbortSignal | undefined;
}

/** A question about code, to be answered by `complete` or `inspect`. */
export interface CodeQuestion {
  readonly about: "completion" | "inspection";
  readonly position: number;
}

/**
 * Checks, compiles, completes and inspects the cells of one notebook. It extends tslab's interface of a
 * converter; `convert` has to be called in the async context of the cell that will run, see `currentCell()`.
 *
 * Make one service per notebook and give it to tslab's executor as its converter for Node; call
 * `setCellNumber`, then `executor.execute(code)` at once. `convert` returns errors, and then nothing runs;
 * warnings go to the option `warn`. `warmSteps` and `load` take time, in slices; everything else takes
 * milliseconds.
 *
 * Positions are UTF-16 units. Magics have to be masked before. `error.stack` is already in terms of cells. An
 * interrupted cell needs no call: the names that it declares until the next cell starts stay (see `goOn`).
 * Files of the workspace are read again when a cell imports them again, but the own imports of JavaScript
 * files are not.
 */
export interface NotebookLanguageService extends TslabConverter {
  /** Whether the code is ready to run, for consoles. */
  isComplete(code: string): IsComplete;
  /**
   * Builds what the first cell needs, so that it is fast. It goes in steps, so that the process can answer
   * messages between them; a step that is a promise has to be awaited.
   */
  warmSteps(): Iterable<void | Promise<void>>;
  /**
   * Does what takes time before `convert` of a cell is called, or `complete` or `inspect` about the question,
   * in steps like `warmSteps`. Call that in the same turn as the end of the last step.
   */
  load(code: string, question?: CodeQuestion): Iterable<void | Promise<void>>;
  /** Sets the number of the next cell, `In[count]`. Without a call, cells are numbered from 1. */
  setCellNumber(count: number): void;
  /** The present values of the names of the notebook. */
  values(): ReadonlyMap<string, unknown>;
  /**
   * The running cell was interrupted but goes on: it declares all its names, also those that its code has not
   * come to. Such a name throws when it is used: "run is there when", followed by what `until` returns.
   *
   * @param isAwaited Whether the cell was not interrupted: another one starts beside it, and it gives its
   * value or its error as usual.
   */
  goOn(until: () => string | undefined, isAwaited?: boolean): void;
  /** Removes names, so that later cells do not find them and their values can be freed. */
  forget(names: readonly string[]): void;
}

/** Makes the language service of a notebook. */
export function createNotebookLanguage(options: NotebookLanguageOptions = {}): NotebookLanguageService {
  const { workspace = process.cwd(), packageRoot, warn = () => undefined, currentSignal = () => undefined } = options;
  return new NotebookCompiler(openWorkspace(workspace, packageRoot), { warn, currentSignal });
}
