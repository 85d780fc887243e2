/** A display in a notebook that follows an object. */

import { type ClockTimer, realClock } from "../../clock";
import { $display, type Displayable } from "../../display/bundle";
import { currentHost } from "../../display/host";
import { newUid } from "../../randomSource";

export interface Watch {
  /** Leaves the display as it is from now on. */
  stop(): void;
}

/**
 * Shows an object (a node, a module, a signal, a status) in the current cell and keeps the display up to
 * date. Where outputs cannot be updated, the object is shown once.
 *
 * @param options `period` is the time between two looks at the object in seconds, default 1. Only changes are
 * sent.
 */
export async function watch(object: Displayable, { period = 1 }: { readonly period?: number } = {}): Promise<Watch> {
  const host = currentHost();
  const id = newUid();
  let shown = await object[$display]();
  host.display(shown, { id });
  let forget = () => {};
  let timer: ClockTimer | undefined;
  const stop = () => {
    timer?.cancel();
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
    // A display must not keep the process alive, hence unref.
    timer = realClock.timer(period, () => void look().catch(stop)).unref();
    forget = host.onShutdown(stop);
  }
  return { stop };
}
