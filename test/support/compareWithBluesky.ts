/** The comparison of our plans and documents with bluesky's, except for differences that are allowed. */

import { expect } from "chai";

/**
 * Removes differences that are allowed: the order of motors that Python takes from a set, how Python writes
 * booleans, lists and functions, and its text for a cycler.
 */
export function tidyMetadata(md: Record<string, unknown>): void {
  if (Array.isArray(md.motors)) md.motors = [...md.motors].sort();
  const planArgs = md.plan_args as Record<string, unknown> | undefined;
  if (planArgs && "cycler" in planArgs) planArgs.cycler = "";
  if (planArgs && "per_step" in planArgs) planArgs.per_step = planArgs.per_step === "None" ? "None" : "a function";
  for (const part of [md, md.plan_pattern_args as Record<string, unknown> | undefined])
    if (part && "snake_axes" in part)
      part.snake_axes = [part.snake_axes].flat().join().toLowerCase().replace(/[[\]]/g, "");
  const hints = md.hints as { dimensions?: unknown[] } | undefined;
  if (md.plan_name === "scan_nd" && hints?.dimensions)
    hints.dimensions = [...hints.dimensions].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Expects equality, except for the last bits of numbers. */
export function expectClose(ours: unknown, theirs: unknown, path: string): void {
  if (typeof ours === "number" && typeof theirs === "number") {
    expect(ours, path).to.be.closeTo(theirs, 1e-9 * Math.max(1, Math.abs(theirs)));
  } else if (typeof ours === "object" && ours !== null && typeof theirs === "object" && theirs !== null) {
    expect(Object.keys(ours).sort(), `${path}: keys`).to.deep.equal(Object.keys(theirs).sort());
    for (const key of Object.keys(ours))
      expectClose((ours as Record<string, unknown>)[key], (theirs as Record<string, unknown>)[key], `${path}.${key}`);
  } else expect(ours ?? null, path).to.equal(theirs ?? null);
}
