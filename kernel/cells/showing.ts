/**
 * What code of cells shows beside its result: `display` and the values that are shown as HTML, pictures or
 * data.
 */

import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { $display, type Displayable, type MimeBundle } from "../../lib/display/mimeBundle";

/** One output that `display` made. */
export interface DisplayHandle {
  /** Replaces the output, wherever it is shown. Resolves when it was published. */
  update(value: unknown): Promise<void>;
  /** Empties the output. */
  clear(): Promise<void>;
}

/** Publishes an output with an id, or replaces those with that id. */
type Publish = (bundle: Readonly<Record<string, unknown>>, id: string, update: boolean) => void;

/** Shows a value; values of which `toBundle` makes a bundle later keep their order. */
export function showValue(
  value: unknown,
  toBundle: (value: unknown) => Promise<MimeBundle>,
  publish: Publish,
): { readonly handle: DisplayHandle; readonly shown: Promise<void> } {
  const id = randomUUID();
  const shown = inOrder(toBundle(value), (bundle) => publish(bundle, id, false));
  const replace = (made: Promise<Readonly<Record<string, unknown>>>): Promise<void> =>
    inOrder(made, (bundle) => publish(bundle, id, true));
  const handle: DisplayHandle = {
    update: (next) => silent(replace(toBundle(next))),
    clear: () => silent(replace(Promise.resolve({ "text/plain": "" }))),
  };
  return { handle: silent(handle), shown };
}

/** The values that `display` and its handles return: as the last value of a cell, they are no result. */
const silentValues = new WeakSet<object>();

function silent<T extends object>(value: T): T {
  silentValues.add(value);
  return value;
}

/** Whether a value shows nothing when it is the last one of a cell. */
export function isSilent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "object" && silentValues.has(value));
}

/** Whether a bundle shows nothing, such as that of the object that `watch` returns. */
export function isEmpty(bundle: MimeBundle): boolean {
  return bundle["text/plain"] === "" && Object.keys(bundle).length === 1;
}

let latest: Promise<unknown> = Promise.resolve();

/** Publishes bundles in the order of the calls, although some take longer to make. */
function inOrder<B>(made: Promise<B>, publish: (bundle: B) => void): Promise<void> {
  const done = Promise.all([made, latest]).then(([bundle]) => publish(bundle));
  // A failure is reported to the caller of `update`; it does not hold up what is shown next.
  latest = done.catch(() => {});
  return done;
}

/** A value that is shown by this bundle; within other values and in a terminal, by its text. */
export function displayable(bundle: MimeBundle): Displayable {
  const shown = { [$display]: () => bundle, [inspect.custom]: () => bundle["text/plain"] };
  return shown;
}
