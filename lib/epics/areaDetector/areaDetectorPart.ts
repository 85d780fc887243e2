/** What the driver and the plugins of an areaDetector share: settings whose readback ends in `_RBV`. */

import type { SignalRW } from "../../core/signal/signal";
import { EpicsDevice } from "../signal/epicsDevice";
import { epicsSignalRwRbv } from "../signal/epicsSignal";

/** A part of an areaDetector, with the PVs of one prefix. */
export abstract class AreaDetectorPart extends EpicsDevice {
  /** A number, or a choice by its number. */
  protected numberSetting(suffix: string): SignalRW<number> {
    return epicsSignalRwRbv(Number, this.pv(suffix));
  }

  /** A text of any length. */
  protected textSetting(suffix: string): SignalRW<string> {
    return epicsSignalRwRbv(String, this.pv(suffix));
  }
}
