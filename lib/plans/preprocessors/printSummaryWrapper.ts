/** Prints what a plan does. */

import type { Plan } from "../../core/protocols/msg";
import type { HasName } from "../../core/protocols/protocols";
import { plan } from "../plan";
import { msgMutator } from "./mutators";

/** Prints each run, move and reading of a plan while the plan does it. */
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

/** A text in the middle of a line of `=`, as wide as bluesky's. */
function centred(text: string, width = 80): string {
  const left = Math.floor((width - text.length) / 2);
  return text.padStart(left + text.length, "=").padEnd(width, "=");
}
