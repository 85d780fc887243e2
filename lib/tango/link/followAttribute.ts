/**
 * Follows an attribute for the subscribers of its signal: by events if its device sends them, else by
 * polling.
 */

import { errorText } from "../../errors";
import { reportError } from "../../log";
import { delayFor } from "../../timeLimit";
import { TangoError } from "../tangoError";
import type { TangoEvent } from "./attributeEvents";
import type { AttributeLink } from "./attributeLink";
import { DEFAULT_PERIOD, type PollResult, poll, type TangoPolling } from "./poll";

/** How an attribute is followed; see the options of signals. */
export interface AttributeFollowOptions {
  readonly polling: TangoPolling | undefined;
  readonly events: TangoEvent | false | undefined;
}

/** Seconds between two attempts to subscribe while the device cannot be reached. */
const PAUSE = 0.5;
/** Seconds that a device may take to answer. */
const TIMEOUT = 10;

/** Reports the present value and every change until `signal` aborts. Never rejects. */
export async function followAttribute(
  link: AttributeLink,
  report: (result: PollResult) => void,
  { polling, events }: AttributeFollowOptions,
  signal: AbortSignal,
): Promise<void> {
  const kind = events ?? (polling ? false : "change");
  const read = () => link.read("CACHE_DEV", { timeout: TIMEOUT, signal });
  if (kind !== false) {
    try {
      await followEvents(link, kind, report, signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (events !== undefined) {
        const { period = DEFAULT_PERIOD } = polling ?? {};
        reportError(`${link.place} is polled every ${period} s`, error);
      }
    }
  }
  await poll(read, report, polling ?? {}, signal);
}

/**
 * Rejects if the device sends no events of this kind. While the device cannot be reached, the error is
 * reported and the subscription is tried again.
 */
async function followEvents(
  link: AttributeLink,
  kind: TangoEvent,
  report: (result: PollResult) => void,
  signal: AbortSignal,
): Promise<void> {
  const options = { timeout: TIMEOUT, signal };
  let reported = "";
  for (let begun = false; !signal.aborted; begun = true) {
    try {
      let lose = () => {};
      const over = new Promise<void>((resolve) => {
        lose = resolve;
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      const end = await link.subscribe(kind, report, lose, options);
      reported = "";
      // The events began before this read, so that no value between the two is missed.
      await link.read("DEV", options).then(report, (error) => report(asError(error)));
      await over;
      end();
      if (!signal.aborted) await link.read("DEV", options);
    } catch (error) {
      if (!begun || (error instanceof TangoError && error.errors.length > 0)) throw error;
      if (errorText(error) !== reported) report(asError(error));
      reported = errorText(error);
      await delayFor(PAUSE, signal);
    }
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(errorText(error)));
