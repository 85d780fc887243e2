/** What an export needs of a run. */

import type { Document, RunStart, RunStop } from "../../engine/documents/documents";

export interface RunSource {
  readonly start: RunStart;
  readonly stop: RunStop | undefined;
  documents(): AsyncIterable<Document>;
}
