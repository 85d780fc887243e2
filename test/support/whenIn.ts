import type { RunEngine } from "../../lib/engine";

/**
 * Resolves when the engine is in one of these states; what waits for it is called after the state's other
 * observers.
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
