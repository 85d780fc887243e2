/**
 * What takes time on a module: movements to a target and acquisitions.
 *
 * It may use module/. Begin with activity.ts, which decides by the status of a module when an order is done;
 * movement.ts and acquisitionRun.ts give it such orders.
 */

export { AcquisitionRun } from "./acquisitionRun";
export { moveDuration } from "./moveDuration";
export { Movement } from "./movement";
