/** The subscriptions to the values of one PV, which survive reconnections. */

import { EpicsError } from "../epicsError";
import type { Circuit, EventListener } from "./circuit";
import { type CaReading, decodeReading, timeType } from "./dbr";

/** Receives a reading of a monitored PV, or the error that says why there is none. */
export type OnReading = (reading: CaReading | EpicsError) => void;

/** An open channel: its connection, its number at the server, and the type of its values. */
export interface SubscribedChannel {
  readonly circuit: Circuit;
  readonly serverId: number;
  readonly fieldType: number;
}

/** One subscription. */
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

/** The subscriptions of one channel. */
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

  /** Subscribes at the server, after the channel was opened. */
  subscribeAll(open: SubscribedChannel): void {
    for (const monitor of this.#monitors) this.#subscribe(monitor, open);
  }

  /** Ends the subscriptions at the server, before they are made anew. */
  cancelAll(): void {
    for (const monitor of this.#monitors) monitor.cancel();
  }

  /** Reports an error to all subscribers, since there is no value. */
  reportAll(error: EpicsError): void {
    for (const monitor of this.#monitors) {
      monitor.last = undefined;
      monitor.report(error);
    }
  }

  /** Reports the last values again, because the names of their states have changed. */
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
