/**
 * Devices in memory, which need no node and no network.
 *
 * It may use core/ only. Begin with simMotor.ts; simDetector.ts sees a peak along a motor, and
 * simImageDetector.ts writes images as files.
 */

export { SimDetector, type SimDetectorOptions } from "./simDetector";
export { SimImageDetector, type SimImageDetectorOptions } from "./simImageDetector";
export { SimMotor, type SimMotorOptions } from "./simMotor";
export { SimStage } from "./simStage";
