/** Waiting for a state of a RunEngine. */

import type { RunEngine } from "../../lib/engine";

/**
 * Resolves when the engine is in one of these states. Code that waits for it runs after the other observers
 * of the state.
 */
export function whenIn(RE: RunEngine, ...states: RunEngine["state"][]): Promise<void> {
  return new Promise((resolve) => {
    const subscription = RE.state$.subscribe((now) => {
      if (!states.includes(now)) return;
      queueMicrotask(() => subscription.unsubscribe());
      resolve();
    });
  });
}
