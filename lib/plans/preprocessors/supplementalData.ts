/** Devices and signals that are recorded with every run. */

import type { Plan } from "../../core/protocols/msg";
import type { Flyable, Readable, Subscribable } from "../../core/protocols/protocols";
import { baselineWrapper } from "./baselineWrapper";
import { flyDuringWrapper, monitorDuringWrapper } from "./duringWrappers";

/**
 * Devices to record with every run in addition to what the plan measures. The lists can be changed at any
 * time: `const sd = new SupplementalData({ baseline: [sample] }); RE.preprocessors.push(sd)`.
 */
export class SupplementalData {
  /** Devices that are read at the beginning and the end of each run, into the stream "baseline". */
  baseline: Readable[];
  /** Signals of which every update is recorded, in the streams "<name>_monitor". */
  monitors: Subscribable[];
  /** Flyers that fly during each run. */
  flyers: Flyable[];

  constructor(
    parts: {
      readonly baseline?: Iterable<Readable>;
      readonly monitors?: Iterable<Subscribable>;
      readonly flyers?: Iterable<Flyable>;
    } = {},
  ) {
    this.baseline = [...(parts.baseline ?? [])];
    this.monitors = [...(parts.monitors ?? [])];
    this.flyers = [...(parts.flyers ?? [])];
  }

  /**
   * The plan with all this in its runs. An engine calls this for every
   * plan if the object is in `RE.preprocessors`.
   */
  *preprocess<T>(plan: Plan<T>): Plan<T> {
    const flying = flyDuringWrapper(plan, this.flyers);
    const monitored = monitorDuringWrapper(flying, this.monitors);
    return yield* baselineWrapper(monitored, this.baseline);
  }
}
