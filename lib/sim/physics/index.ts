/**
 * How simulated hardware behaves in time: temperatures, flows, fields and ramps.
 *
 * It uses nothing but the status codes of secop/. Each file is one piece of hardware, with a method `advance`
 * that lets seconds pass; begin with reactorCell.ts, the shortest one.
 */

export { Cryostat, type Pid } from "./cryostat";
export { DosingUnit, FlowController } from "./gasDosing";
export { Magnet, type MagnetMode } from "./magnet";
export { rampTowards } from "./ramp";
export { ReactorCell } from "./reactorCell";
export { StabilityWatch } from "./stabilityWatch";
