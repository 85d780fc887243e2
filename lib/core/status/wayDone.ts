/** How much of its way a movement has done. */

/** The fraction for an update of progress, from 0 to 1; empty if the values are not numbers. */
export function wayDone(initial: unknown, current: unknown, target: unknown): { readonly fraction?: number } {
  if (typeof initial !== "number" || typeof current !== "number" || typeof target !== "number") return {};
  return { fraction: target === initial ? 1 : Math.min(1, Math.abs((current - initial) / (target - initial))) };
}
