/** A signal that is connected for the time of a test. */

import { disposeDevices, initDevices, type SignalR } from "../../lib/index";

/** Runs `work` with the signal connected, under the name `it`, and disposes it. */
export async function withConnected<T extends SignalR>(signal: T, work: (signal: T) => unknown): Promise<void> {
  const devices = await initDevices({ it: signal });
  try {
    await work(signal);
  } finally {
    await disposeDevices(devices);
  }
}
