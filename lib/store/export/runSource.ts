/** What an export needs of a run. */

import type { RunStart, RunStop } from "../../engine/documents/documents";
import type { RunDocuments } from "../../engine/result/runViews";

/** A run that can be exported: one of a folder, of a server, or of this session. */
export interface RunSource {
  readonly start: RunStart;
  readonly stop: RunStop | undefined;
  documents(): RunDocuments;
  /**
   * The descriptions of its SEC nodes as JSON texts, by the names of their devices, as far as they were kept.
   */
  nodeDescriptions?(): ReadonlyMap<string, string>;
}
