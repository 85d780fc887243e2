/** Writes runs into files of other formats. */

import type { RunSource } from "./runSource";

export interface ExportOptions {
  readonly stream?: string;
}

export async function exportRuns(
  _runs: readonly RunSource[],
  _path: string,
  _options: ExportOptions,
): Promise<string[]> {
  return [];
}
