/**
 * Finds runs again.
 *
 * This chapter uses `reading` and `runs`. Begin reading with `runs`, the list that a user asks; `runFolder`
 * keeps up with the files of a folder, `indexFile` remembers what they contain, and `runQuery` says which
 * runs match.
 */

export type { RunProblem } from "./runFolder";
export { RunList } from "./runList";
export type { RunQuery, RunTime } from "./runQuery";
export { Runs } from "./runs";
