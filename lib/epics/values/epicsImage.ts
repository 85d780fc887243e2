/** The images of detectors, as values of signals. */

import type { PvArray } from "../pva/pvScalar";

/**
 * An image: the datatype of signals that read `NTNDArray`, for example
 * `epicsSignalR(EpicsImage, "pva://CAM:Image")`.
 */
export class EpicsImage {
  /**
   * Row-major as numpy's `reshape` takes it: rows, columns and, for a picture in colour, the three colours.
   */
  readonly shape: readonly number[];
  readonly data: PvArray;

  constructor(shape: readonly number[], data: PvArray) {
    this.shape = shape;
    this.data = data;
  }
}
