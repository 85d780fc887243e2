/** What running the text of a cell gave: its value or its error, and what the type check said. */

import type { Diagnostic } from "../tslabAdapter";

export interface Evaluation {
  /** The TypeScript text that ran. */
  readonly source: string;
  /** Of the last expression; undefined if there is none. */
  value?: unknown;
  /** There if the code threw. */
  thrown?: unknown;
  readonly diagnostics: Diagnostic[];
}
