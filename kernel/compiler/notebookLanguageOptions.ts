/** What a notebook says to its language service when it opens it. */

import type { Diagnostic } from "../tslabAdapter";

/** Options of `openNotebookLanguage`. */
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
