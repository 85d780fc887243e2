export { SimDetector, type SimDetectorOptions } from "./simDetector";
export { SimMotor, type SimMotorOptions } from "./simMotor";
export { SimStage } from "./simStage";
