/** How the user names the fields of a view: by data key or by device. */

import { inspect } from "node:util";
import { UsageError } from "../../errors";

/**
 * A data key, or a device, which stands for its hinted fields, or for
 * the field of its name if it has no hints.
 */
export type FieldSource = string | { readonly name: string; readonly hints?: { readonly fields?: readonly string[] } };

/** The data keys that a source stands for. @throws UsageError if it is neither a string nor a device */
export function keysOf(source: FieldSource): readonly string[] {
  if (typeof source === "string") return [source];
  if (typeof (source as { readonly name?: unknown } | null | undefined)?.name !== "string") {
    throw new UsageError(
      `a field is the name of a value in the events, or a device; not ${inspect(source, { depth: 0 })}`,
    );
  }
  return source.hints?.fields ?? [source.name];
}
