/**
 * The result of running the code of a cell: its value or its error, and the diagnostics of the type check.
 */

import type { Diagnostic } from "../tslabAdapter";

export interface Evaluation {
  /** The TypeScript code that ran, after magics were translated. */
  readonly source: string;
  /** The value of the last expression; undefined if there is none. */
  value?: unknown;
  /** Present if the code threw, even if it threw undefined. */
  thrown?: unknown;
  readonly diagnostics: Diagnostic[];
}
