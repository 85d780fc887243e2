/** The subscriptions to the values of one PV, which survive reconnections. */

import { EpicsError } from "../epicsError";
import type { Circuit, EventListener } from "./circuit";
import { type CaReading, decodeReading, timeType } from "./dbr";

/** Gets a reading of a monitored PV, or the reason why there is none. */
export type OnReading = (reading: CaReading | EpicsError) => void;

/** Where a channel is at its server, and the type of its values. */
export interface SubscribedChannel {
  readonly circuit: Circuit;
  readonly serverId: number;
  readonly fieldType: number;
}

interface Monitor {
  readonly report: OnReading;
  /** The type in which the values are sent; undefined for the PV's own. */
  readonly fieldType: number | undefined;
  /** The last value that was reported, unless an error followed it. */
  last?: CaReading | undefined;
  cancel: () => void;
}

/** The mask of a subscription to changes of the value and of the alarm (DBE_VALUE and DBE_ALARM). */
const VALUE_AND_ALARM = 5;

export class PvMonitors {
  readonly #name: string;
  readonly #monitors = new Set<Monitor>();

  constructor(name: string) {
    this.#name = name;
  }

  /** Adds a subscription, which begins now if the channel is open; returns the function that ends it. */
  add(report: OnReading, fieldType: number | undefined, open: SubscribedChannel | undefined): () => void {
    const monitor: Monitor = { report, fieldType, cancel: () => {} };
    this.#monitors.add(monitor);
    if (open) this.#subscribe(monitor, open);
    return () => {
      this.#monitors.delete(monitor);
      monitor.cancel();
    };
  }

  /** The channel was opened. */
  subscribeAll(open: SubscribedChannel): void {
    for (const monitor of this.#monitors) this.#subscribe(monitor, open);
  }

  /** Ends the subscriptions at the server, before they are made anew. */
  cancelAll(): void {
    for (const monitor of this.#monitors) monitor.cancel();
  }

  /** Reports that there is no value. */
  reportAll(error: EpicsError): void {
    for (const monitor of this.#monitors) {
      monitor.last = undefined;
      monitor.report(error);
    }
  }

  /** Reports the last values again, which now have other names. */
  repeatAll(): void {
    for (const { last, report } of this.#monitors) if (last) report(last);
  }

  /** Forgets the subscriptions; the server has done so already. */
  clear(): void {
    this.#monitors.clear();
  }

  #subscribe(monitor: Monitor, open: SubscribedChannel): void {
    const fieldType = monitor.fieldType ?? open.fieldType;
    monitor.cancel = subscribeTo(timeType(fieldType), VALUE_AND_ALARM, 0, open, {
      onEvent: ({ dataCount, payload }) => {
        monitor.last = decodeReading(fieldType, dataCount, payload);
        monitor.report(monitor.last);
      },
      onRefused: (reason) => {
        monitor.last = undefined;
        monitor.report(new EpicsError(`cannot read ${this.#name}: ${reason}`));
      },
    });
  }
}

/** Subscribes to the changes that are selected by the mask; returns the function that ends it. */
export function subscribeTo(
  dataType: number,
  mask: number,
  dataCount: number,
  { circuit, serverId }: SubscribedChannel,
  listener: EventListener,
): () => void {
  const payload = Buffer.alloc(16);
  payload.writeUInt16BE(mask, 12);
  return circuit.subscribe({ dataType, dataCount, parameter1: serverId, payload }, listener);
}
