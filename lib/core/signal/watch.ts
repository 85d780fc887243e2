import { randomUUID } from "node:crypto";
import { $display, type Displayable } from "../../display/bundle";
import { currentHost } from "../../display/host";

export interface Watch {
  /** Leaves the display as it is from now on. */
  stop(): void;
}

/**
 * Shows an object in the current cell and keeps the display up to date: a node, a module, a signal, a status. Where outputs cannot be
 * updated it is shown once.
 *
 * @param options `period` in seconds between two looks at it; default 1. What has not changed is not sent again.
 */
export async function watch(object: Displayable, { period = 1 }: { readonly period?: number } = {}): Promise<Watch> {
  const host = currentHost();
  const id = randomUUID();
  let shown = await object[$display]();
  host.display(shown, { id });
  let forget = () => {};
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
    forget();
  };
  const look = async () => {
    const bundle = await object[$display]();
    if (timer === undefined) return;
    if (bundle["text/html"] !== shown["text/html"] || bundle["text/plain"] !== shown["text/plain"]) {
      shown = bundle;
      host.display(bundle, { id, update: true });
    }
    timer.refresh();
  };
  if (host.rich) {
    // unref: a display nobody looks at must not keep a process alive
    timer = setTimeout(() => void look().catch(stop), 1000 * period).unref();
    forget = host.onShutdown(stop);
  }
  return { stop };
}
