/**
 * Simulated hardware, for tutorials, tests and work without hardware: motors and detectors in memory, and
 * whole SEC nodes.
 *
 * It may use core/ (signals and devices) and secop/ (values, descriptions and messages). For devices in
 * memory begin with devices/simMotor.ts, for nodes with startSimNode.ts and runNode.ts. A node is made of
 * physics/ (how the hardware behaves), modules/ (what SECoP shows of it), node/ (values, polls and checks)
 * and server/ (sockets and messages).
 */

export { startGasDosing, startReactorCell } from "./catalysisNodes";
export {
  SimDetector,
  type SimDetectorOptions,
  SimImageDetector,
  type SimImageDetectorOptions,
  SimMotor,
  type SimMotorOptions,
  SimStage,
} from "./devices/index";
export type { SimNode, SimNodeOptions } from "./runNode";
export { simulate, type TwinOptions } from "./simulate";
export { type DefaultNodeOptions, startSimNode } from "./startSimNode";
