export { startGasDosing, startReactorCell } from "./catalysisNodes";
export { SimDetector, type SimDetectorOptions } from "./devices/simDetector";
export { SimImageDetector, type SimImageDetectorOptions } from "./devices/simImageDetector";
export { SimMotor, type SimMotorOptions } from "./devices/simMotor";
export { SimStage } from "./devices/simStage";
export { simulate } from "./simulate";
export { type DefaultNodeOptions, type SimNode, type SimNodeOptions, startSimNode } from "./startSimNode";
