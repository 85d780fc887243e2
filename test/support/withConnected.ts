import { disposeDevices, initDevices, type SignalR } from "../../lib/index";

/** Does `work` with the signal connected, under the name `it`. */
export async function withConnected<T extends SignalR>(signal: T, work: (signal: T) => unknown): Promise<void> {
  const devices = await initDevices({ it: signal });
  try {
    await work(signal);
  } finally {
    await disposeDevices(devices);
  }
}
