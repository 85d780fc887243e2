/**
 * Cameras of areaDetector as detectors.
 *
 * `areaDetectorDriver` takes frames, `areaDetectorWriter` has a plugin write them to files with the values of
 * `frameAttributes`, and `areaDetector` is the detector made of both. This chapter uses `signal` and the
 * standard devices of lib/core. Begin reading with `areaDetector`.
 */

export { AreaDetector, type AreaDetectorOptions } from "./areaDetector";
export { AreaDetectorDriver, type TriggerModes } from "./areaDetectorDriver";
export { AreaDetectorWriter, type AreaDetectorWriterParts, type FrameFormat } from "./areaDetectorWriter";
export { AttributeSettings } from "./attributeSettings";
export type { FrameAttribute, FrameAttributeType } from "./frameAttributes";
export { Hdf5Settings } from "./hdf5Settings";
