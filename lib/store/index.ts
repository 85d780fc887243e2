export { openRuns, Runs } from "./openRuns";
export { RunFiles } from "./runFiles";
export { StoredRun } from "./storedRun";
