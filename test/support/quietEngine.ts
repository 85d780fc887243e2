/** A RunEngine that keeps its notices for the test instead of showing them. */

import type { Callout } from "../../lib/display/callout";
import { makeRunEngine } from "../../lib/engine/runEngine";
import type { RunEngine, RunEngineOptions } from "../../lib/engine/runEngineMembers";

type Notify = NonNullable<RunEngineOptions["notify"]>;

export interface QuietEngine {
  readonly RE: RunEngine;
  readonly notices: Callout[];
  /** Where the notices would be shown, in the same order. */
  readonly places: Parameters<Notify>[1][];
}

export function quietEngine(options: RunEngineOptions = {}): QuietEngine {
  const notices: Callout[] = [];
  const places: Parameters<Notify>[1][] = [];
  const notify: Notify = (notice, place) => {
    notices.push(notice);
    places.push(place);
  };
  return { RE: makeRunEngine({ notify, ...options }), notices, places };
}
