/** Fresh values of all that a module measures. */

import { SignalR, SignalRW } from "../../core/signal/signal";
import { handleOf, type ModuleDevice } from "../module/moduleDevice";
import { readFailure } from "../module/readFailure";

/**
 * Reads the hinted read-only parameters of a module from the node, past the cache. Rejects if one cannot be
 * read, unless the `readErrorPolicy` of the module is "nan".
 */
export async function measure(device: ModuleDevice): Promise<void> {
  const measured = [...device.accessibles.values()].filter(
    (member): member is SignalR =>
      member instanceof SignalR && !(member instanceof SignalRW) && device.formatOf(member) === "hinted",
  );
  const results = await Promise.allSettled(measured.map((signal) => signal.read({ cached: false })));
  if (device.readErrorPolicy === "nan") return;
  for (const result of results) {
    if (result.status === "rejected") throw readFailure(handleOf(device), device.parent?.name, result.reason);
  }
}
