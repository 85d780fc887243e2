/** Preprocessors that change messages one by one. */
import type { Plan } from "../../core/protocols/msg";
import type { HasName } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { plan } from "../plan";
import type { PlanMetadata } from "../stubs/runStubs";
import { msgMutator } from "./mutators";

/** Adds metadata to every run of a plan; it overrides the plan's own. */
export const injectMdWrapper = plan("injectMdWrapper", function* <T>(inner: Plan<T>, md: PlanMetadata): Plan<T> {
  return yield* msgMutator(inner, (msg) =>
    msg.command === "open_run" ? { ...msg, kwargs: { ...msg.kwargs, ...md } } : msg,
  );
});

/** Gives the messages of a plan a run key, so that its run can be open together with others. */
export const setRunKeyWrapper = plan("setRunKeyWrapper", function* <T>(inner: Plan<T>, run: unknown): Plan<T> {
  if (run === null || run === undefined) throw new UsageError("setRunKeyWrapper needs a key for the run, e.g. a text");
  return yield* msgMutator(inner, (msg) => (msg.run === null ? { ...msg, run } : msg));
});

/**
 * Lets a plan go on when a device can't be read: its values are NaN in that event, and the person is told. For sensors that may drop
 * out without spoiling the rest. Default: all devices.
 */
export const tolerantReadWrapper = plan("tolerantReadWrapper", function* <
  T,
>(inner: Plan<T>, devices?: Iterable<unknown>): Plan<T> {
  const tolerated = devices ? new Set(devices) : null;
  return yield* msgMutator(inner, (msg) =>
    msg.command === "read" && (!tolerated || tolerated.has(msg.obj))
      ? { ...msg, kwargs: { ...msg.kwargs, on_error: "nan" } }
      : msg,
  );
});

/** Makes a part of a larger plan of a plan: no runs, no staging. @returns the metadata its runs would have had */
export const stubWrapper = plan("stubWrapper", function* (inner: Plan): Plan<Record<string, unknown>> {
  const md: Record<string, unknown> = {};
  const dropped = new Set(["open_run", "close_run", "stage", "unstage"]);
  yield* msgMutator(inner, (msg) => {
    if (msg.command === "open_run") Object.assign(md, msg.kwargs);
    return dropped.has(msg.command) ? null : msg;
  });
  return md;
});

/** Prints what a plan does while it does it. */
export const printSummaryWrapper = plan("printSummaryWrapper", function* <
  T,
>(inner: Plan<T>, print = console.log): Plan<T> {
  let reads: string[] = [];
  const name = (obj: unknown) => (obj as HasName).name;
  return yield* msgMutator(inner, (msg) => {
    if (msg.command === "open_run") print(centred(" Open Run "));
    else if (msg.command === "close_run") print(centred(" Close Run "));
    else if (msg.command === "set") print(`${name(msg.obj)} -> ${String(msg.args[0])}`);
    else if (msg.command === "create") reads = [];
    else if (msg.command === "read") reads.push(name(msg.obj));
    else if (msg.command === "save") print(`  Read [${reads.map((read) => `'${read}'`).join(", ")}]`);
    return msg;
  });
});

/** As wide as bluesky's. */
export function centred(text: string, width = 80): string {
  const left = Math.floor((width - text.length) / 2);
  return text.padStart(left + text.length, "=").padEnd(width, "=");
}
