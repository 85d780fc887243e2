/**
 * One run that was kept.
 *
 * This chapter uses `reading` and `export`. Begin reading with `runData`, which answers what a user asks of a
 * run wherever it is kept; `storedRun` reads it from a file.
 */

export { RunData } from "./runData";
export { StoredRun } from "./storedRun";
