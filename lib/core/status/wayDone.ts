/** The part of its way that a movement has covered. */

/**
 * The fraction for an update of progress, from 0 to 1; empty if the values are not numbers. It is 0 while the
 * device moves away from its target.
 */
export function wayDone(initial: unknown, current: unknown, target: unknown): { readonly fraction?: number } {
  if (typeof initial !== "number" || typeof current !== "number" || typeof target !== "number") return {};
  if (target === initial) return { fraction: 1 };
  return { fraction: Math.min(1, Math.max(0, (current - initial) / (target - initial))) };
}
