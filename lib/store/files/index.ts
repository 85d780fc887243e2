/**
 * Run files while they are written: one file of JSON lines for each run.
 *
 * This chapter uses the documents of the engine and the ground floor. Begin reading with `runFiles`, which
 * opens a file for each run; `runFileWriter` writes it, and both handle a full disk. `documentLine` has the
 * format of a line, `fileName` the names of files.
 */

export { type FailurePolicy, RunFiles, type RunFilesOptions } from "./runFiles";
