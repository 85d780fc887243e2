/** A check that subscriptions survive a reconnection. */

import type { SignalR } from "../../lib/index";

/** Subscribes, disposes and connects again. Resolves when the subscriber has been called both times. */
export async function hearsAgain(signal: SignalR): Promise<void> {
  let heard = () => {};
  const next = () =>
    new Promise<void>((resolve) => {
      heard = resolve;
    });
  await signal.connect();
  const first = next();
  signal.subscribe(() => heard());
  await first;
  await signal.dispose();
  const again = next();
  await signal.connect();
  await again;
  await signal.dispose();
}
