/**
 * Following an experiment from outside, read-only.
 *
 * It may use lib/index and the ground floor of lib/. `catchUp` leaves out runs of the past, `watchedRuns`
 * gives documents to the live views and keeps what they show, and `watchServer` sends that to the page of
 * `watchPage`. Begin with ../cli/watchCommand.ts, which joins them.
 */

export { CatchUp } from "./catchUp";
export { WatchedRuns } from "./watchedRuns";
export { WatchServer } from "./watchServer";
