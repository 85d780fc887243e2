import type { Plan } from "../../core/protocols/msg";
import type { Flyable, Readable, Subscribable } from "../../core/protocols/protocols";
import { baselineWrapper, flyDuringWrapper, monitorDuringWrapper } from "./insertWrappers";

/**
 * What to record with every run besides what the plan measures. The lists can be changed at any time:
 * `const sd = new SupplementalData({ baseline: [sample] }); RE.preprocessors.push(sd)`.
 */
export class SupplementalData {
  /** Read at the beginning and the end of each run, in stream "baseline". */
  baseline: Readable[];
  /** Recorded at each update, in streams "<name>_monitor". */
  monitors: Subscribable[];
  /** Fly during each run. */
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

  /** The plan with all this in its runs; as an entry of `RE.preprocessors` it is called for every plan. */
  *preprocess<T>(plan: Plan<T>): Plan<T> {
    const flying = flyDuringWrapper(plan, this.flyers);
    const monitored = monitorDuringWrapper(flying, this.monitors);
    return yield* baselineWrapper(monitored, this.baseline);
  }
}
