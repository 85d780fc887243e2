/**
 * Cameras of areaDetector: `areaDetectorDriver` takes frames, `areaDetectorWriter` has a plugin write them to
 * files, and `areaDetector` is the detector of both. Begin reading with `areaDetector`.
 */

export { AreaDetector, type AreaDetectorOptions } from "./areaDetector";
export { AreaDetectorDriver, type TriggerModes } from "./areaDetectorDriver";
export { AreaDetectorWriter } from "./areaDetectorWriter";
