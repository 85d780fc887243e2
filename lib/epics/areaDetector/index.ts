/**
 * Cameras of areaDetector as detectors.
 *
 * `areaDetectorDriver` takes frames, `areaDetectorWriter` has a plugin write them to files, and
 * `areaDetector` is the detector of both. This chapter uses `signal` and the standard devices of lib/core.
 * Begin reading with `areaDetector`.
 */

export { AreaDetector, type AreaDetectorOptions } from "./areaDetector";
export { AreaDetectorDriver, type TriggerModes } from "./areaDetectorDriver";
export { AreaDetectorWriter } from "./areaDetectorWriter";
export { Hdf5Settings } from "./hdf5Settings";
