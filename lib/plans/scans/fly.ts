/** Lets flyers measure by themselves. */

import type { Plan } from "../../core/protocols/msg";
import { type Collectable, type Flyable, isFlyable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { notDevice } from "../arguments/notDevice";
import { plan } from "../plan";
import { collect, complete, kickoff } from "../stubs/flyStubs";
import { closeRun, openRun } from "../stubs/runStubs";
import type { MdOptions } from "./planMetadata";

/**
 * Starts flyers one after the other, lets each of them finish, and collects their events.
 * @returns the run's uid
 */
export const fly = plan(
  "fly",
  function* (flyers: readonly (Flyable & Collectable)[], options: MdOptions = {}): Plan<string> {
    if (!Array.isArray(flyers)) throw new UsageError("fly: the flyers come as a list: fly([flyer])");
    for (const [i, flyer] of flyers.entries()) {
      if (!isFlyable(flyer)) {
        throw notDevice(`fly: flyer ${i + 1}`, flyer, "can't fly: it has no kickoff() and complete()");
      }
    }
    const uid = yield* openRun(options.md);
    for (const flyer of flyers) yield* kickoff(flyer, { wait: true });
    for (const flyer of flyers) yield* complete(flyer, { wait: true });
    for (const flyer of flyers) yield* collect(flyer);
    yield* closeRun();
    return uid;
  },
);
