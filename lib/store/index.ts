/**
 * Runs in files: each run is written while it happens, one document a line, and can be read later.
 *
 * This folder uses `engine/documents` and `engine/result`, and knows nothing of devices and plans. Writing:
 * `runFiles` follows the engine, `runFile` is one file, `documentLine` one line. Reading: `openRuns` lists a
 * folder, `storedRun` is one run. Begin reading with `runFiles`.
 */

export { openRuns, Runs } from "./openRuns";
export { RunFiles } from "./runFiles";
export { StoredRun } from "./storedRun";
