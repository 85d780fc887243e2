/** The options of an exact replay. */

import type { OpenTransport } from "../../secop/wire/transport/index";

/** Options of an exact replay. */
export interface ExactReplayOptions {
  /** Whether reads that were not recorded are refused; default: they are answered from the state. */
  readonly strict?: boolean;
  /** The folder for replayed runs instead of one that a notebook names. */
  readonly runsFolder?: (dir: string) => string;
  /** Whether nodes are simulated from the first request on that was not recorded; default: it is refused. */
  readonly simulateRest?: boolean;
  /** Opens connections to nodes that the recording does not hold. Default: they are refused. */
  readonly others?: (uri: string) => OpenTransport | undefined;
}
