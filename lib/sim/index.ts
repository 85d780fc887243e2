export { startGasDosing, startReactorCell } from "./catalysisNodes";
export { SimDetector, type SimDetectorOptions } from "./simDetector";
export { SimImageDetector, type SimImageDetectorOptions } from "./simImageDetector";
export { SimMotor, type SimMotorOptions } from "./simMotor";
export { SimStage } from "./simStage";
export { simulate } from "./simulate";
export { type DefaultNodeOptions, type SimNode, type SimNodeOptions, startSimNode } from "./startSimNode";
