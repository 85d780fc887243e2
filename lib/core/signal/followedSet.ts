/** A `set` of a derived value that reports how far the value has come. */

import type { Readings, WatcherUpdate } from "../protocols/protocols";
import { type Status, WatchableStatus } from "../status/status";
import { wayDone } from "../status/wayDone";
import type { SignalR } from "./signal";

/** The movement of a device by a status that does not report progress itself. */
interface FollowedSet<T> {
  readonly name: string;
  /** The device that moves, so that an interrupted cell can say what stops it. */
  readonly device: object;
  readonly status: Status;
  readonly target: T;
}

/** The status of setting one signal, with its values on the way. */
export function followedSet<T>(signal: SignalR<T>, target: T, status: Status): WatchableStatus<void, T> {
  return followed({ name: signal.name, device: signal, status, target }, [signal], ([current]) => current as T, {
    unit: signal.units,
    ...(signal.precision === undefined ? {} : { precision: signal.precision }),
  });
}

/** The status of setting several signals at once, with their values by key on the way. */
export function followedSets<D extends Record<string, unknown>>(
  device: { readonly name: string },
  signals: ReadonlyMap<string, SignalR>,
  target: D,
  status: Status,
): WatchableStatus<void, D> {
  const keys = Object.keys(target);
  const chosen = keys.flatMap((key) => signals.get(key) ?? []);
  const byKey = (values: readonly unknown[]) => Object.fromEntries(keys.map((key, i) => [key, values[i]])) as D;
  return followed({ name: device.name, device, status, target }, chosen, byKey, {});
}

function followed<T>(
  { name, device, status, target }: FollowedSet<T>,
  signals: readonly SignalR[],
  join: (values: readonly unknown[]) => T,
  extra: Pick<WatcherUpdate<T>, "unit" | "precision">,
): WatchableStatus<void, T> {
  return new WatchableStatus<void, T>(
    (resolve, reject, report) => {
      const values = new Map<SignalR, unknown>();
      let initial: T | undefined;
      const listen = (signal: SignalR) => (readings: Readings) => {
        values.set(signal, readings[signal.name]?.value);
        if (values.size < signals.length) return;
        const current = join(signals.map((one) => values.get(one)));
        initial ??= current;
        report({ name, current, initial, target, ...extra, ...wayDone(initial, current, target) });
      };
      const watched = signals.map((signal) => ({ signal, listener: listen(signal) }));
      const endWatching = () => {
        for (const { signal, listener } of watched) signal.clearSub(listener);
      };
      try {
        if (!status.done) for (const { signal, listener } of watched) signal.subscribe(listener);
      } catch {
        // A movement whose progress cannot be watched goes on all the same.
        endWatching();
      }
      status.addCallback((ended) => {
        endWatching();
        if (ended.success) resolve();
        else reject(ended.exception());
      });
    },
    name,
    device,
  );
}
