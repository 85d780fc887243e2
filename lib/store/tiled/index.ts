/**
 * Runs on a Tiled server: written while they are made, sent later, and read.
 *
 * This chapter uses `export` for the types of columns, `runs` and `search`. Begin reading with `tiledWriter`,
 * which follows an engine; `tiledRunWriter` writes one run, `backfill` sends what the server did not get, and
 * `tiledRuns` reads.
 */

export { type TiledOptions, type TiledStore, tiled } from "./tiledClient";
export { TiledError } from "./tiledError";
export { TiledRun } from "./tiledRun";
export { TiledRuns } from "./tiledRuns";
export { uploadRuns } from "./uploadRun";
