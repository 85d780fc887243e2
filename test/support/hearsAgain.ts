import type { SignalR } from "../../lib/index";

/** Subscribes, disposes and connects again; resolves when the subscriber has heard of a value both times. */
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
