/** The settings of the driver and the plugins of an areaDetector, whose readbacks end in `_RBV`. */

import type { SignalRW } from "../../core/signal/signal";
import type { EpicsDevice } from "../signal/epicsDevice";
import { epicsSignalRw, epicsSignalRwRbv } from "../signal/epicsSignal";

/** A number, or a choice by its number. */
export const numberSetting = (part: EpicsDevice, suffix: string): SignalRW<number> =>
  epicsSignalRwRbv(Number, part.pv(suffix));

/** A number that the IOC has no readback of. */
export const writtenNumber = (part: EpicsDevice, suffix: string): SignalRW<number> =>
  epicsSignalRw(Number, part.pv(suffix));

/** A busy record: 1 while something goes on. Setting 1 resolves when that has ended, setting 0 at once. */
export const busySetting = (part: EpicsDevice, suffix: string): SignalRW<number> =>
  epicsSignalRwRbv(Number, part.pv(suffix), undefined, { wait: (value) => value !== 0 });

/** A text of any length. */
export const textSetting = (part: EpicsDevice, suffix: string): SignalRW<string> =>
  epicsSignalRwRbv(String, part.pv(suffix));
