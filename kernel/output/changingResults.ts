/** Results of cells that change by themselves, such as a plan under way: they are kept up to date. */

import { randomUUID } from "node:crypto";
import { $changesWithin, type Changing, isChanging, type MimeBundle } from "../../lib/display/mimeBundle";
import { toBundle } from "./resultBundle";

/** Sends a message of the cell. */
type Publish = (type: string, content: object) => void;

/** The display of an object, wherever it is shown. */
interface Shown {
  readonly id: string;
  publish: Publish;
  following: boolean;
}

const shown = new WeakMap<object, Shown>();

/**
 * Publishes the result of a cell if it changes by itself, and replaces it until it no longer does. An object
 * that several cells show is the same in all of them.
 * @returns whether it was published
 */
export function publishChanging(value: unknown, data: MimeBundle, publish: Publish): boolean {
  if (!isChanging(value) || value[$changesWithin]() === undefined) return false;
  const display = shown.get(value) ?? { id: randomUUID(), publish, following: false };
  display.publish = publish;
  shown.set(value, display);
  publish("display_data", { data, metadata: {}, transient: { display_id: display.id } });
  if (!display.following) follow(value, display, data);
  return true;
}

function follow(value: Changing, display: Shown, first: MimeBundle): void {
  display.following = true;
  let last = first;
  const look = async (): Promise<void> => {
    const data = await toBundle(value);
    const wait = waitOf(value);
    // Lines of text are printed in a terminal: they change once, at the end.
    const next = wait === undefined ? data : { ...data, "text/plain": first["text/plain"] };
    if (JSON.stringify(next) !== JSON.stringify(last)) {
      last = next;
      display.publish("update_display_data", {
        data: next,
        metadata: {},
        transient: { display_id: display.id },
      });
    }
    if (wait === undefined) display.following = false;
    else lookAfter(wait);
  };
  const lookAfter = (seconds: number): void => {
    // A display must not keep the process alive.
    setTimeout(() => void look(), 1000 * seconds).unref();
  };
  lookAfter(waitOf(value) ?? 0);
}

function waitOf(value: Changing): number | undefined {
  try {
    return value[$changesWithin]();
  } catch {
    return undefined;
  }
}
