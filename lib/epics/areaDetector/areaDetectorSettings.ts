/** The settings of the driver and the plugins of an areaDetector, whose readbacks end in `_RBV`. */

import type { SignalRW } from "../../core/signal/signal";
import type { EpicsDevice } from "../signal/epicsDevice";
import { epicsSignalRwRbv } from "../signal/epicsSignal";

/** A number, or a choice by its number. */
export const numberSetting = (part: EpicsDevice, suffix: string): SignalRW<number> =>
  epicsSignalRwRbv(Number, part.pv(suffix));

/** A text of any length. */
export const textSetting = (part: EpicsDevice, suffix: string): SignalRW<string> =>
  epicsSignalRwRbv(String, part.pv(suffix));
