import { SignalR, SignalRW } from "../../core/signal/signal";
import { handleOf, type ModuleDevice } from "../module/moduleDevice";
import { readFailure } from "../module/readFailure";

/** Has the node tell anew everything of a module that is recorded as hinted. Rejects if it cannot, unless the module's `readErrorPolicy` is "nan". */
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
