/** A display in a notebook that follows an object. */

import { inspect } from "node:util";
import { type ClockTimer, realClock } from "../../clock";
import { currentHost } from "../../display/host";
import { $display, type Displayable, isDisplayable, type MimeBundle, watchedBundle } from "../../display/mimeBundle";
import { UsageError } from "../../errors";
import { newUid } from "../../randomSource";
import { isSubscribable } from "../protocols/protocols";
import { type PanelSignal, SignalPanel } from "./signalPanel";

/** A display that follows an object. As the result of a cell it shows nothing itself. */
export interface Watch extends Displayable {
  /** Shows the newest state once more, and leaves the display as it is from then on. */
  stop(): void;
}

/** Options of `watch`, the last argument. */
export interface WatchOptions {
  /** The time between two looks in seconds; default 1. Only changes are sent. */
  readonly period?: number;
}

const NOTHING: MimeBundle = { "text/plain": "" };

/**
 * Shows an object (a node, a module, a signal, a status) in the current cell and keeps the display up to
 * date. Several signals are shown as a table with their states and the last minutes of each:
 * `watch(cryo.cryo.value, cryo.heater.value)`. Where outputs cannot be updated, they are shown once.
 */
export async function watch(first: Displayable, ...others: readonly (Displayable | WatchOptions)[]): Promise<Watch> {
  const last = others.at(-1);
  const options: WatchOptions = typeof last === "object" && last !== null && !isDisplayable(last) ? last : {};
  const objects = [first, ...others].filter(isDisplayable);
  const unknown = [first, ...others].find((each) => !isDisplayable(each) && each !== options);
  if (unknown !== undefined)
    throw new UsageError(`watch: give objects that show themselves, not ${inspect(unknown, { depth: 0 })}`);
  if (objects.length === 1) return follow(first, options);
  const notSignal = objects.find((each) => !isSubscribable(each));
  if (notSignal !== undefined)
    throw new UsageError("watch: only signals can be watched together, and any object alone");
  // The check above has shown that all of them are signals, which the compiler cannot see.
  const panel = await SignalPanel.of(objects as unknown as PanelSignal[]);
  return follow(panel, options, () => panel.close());
}

async function follow(object: Displayable, { period = 1 }: WatchOptions, end: () => void = () => {}): Promise<Watch> {
  const host = currentHost();
  const id = newUid();
  let shown = await watchedBundle(object);
  host.display(shown, { id });
  let forget = () => {};
  let timer: ClockTimer | undefined;
  const close = () => {
    timer?.cancel();
    timer = undefined;
    forget();
    end();
    end = () => {};
  };
  const show = (bundle: MimeBundle) => {
    if (bundle["text/html"] === shown["text/html"] && bundle["text/plain"] === shown["text/plain"]) return;
    shown = bundle;
    host.display(bundle, { id, update: true });
  };
  const look = async () => {
    const bundle = await watchedBundle(object);
    if (timer === undefined) return;
    show(bundle);
    timer.refresh();
  };
  const stop = async () => {
    if (timer === undefined) return;
    close();
    show(await watchedBundle(object));
  };
  if (host.rich) {
    // A display must not keep the process alive, hence unref.
    timer = realClock.timer(period, () => void look().catch(close)).unref();
    forget = host.onShutdown(close);
  } else close();
  // If the object cannot be shown any more, its last display stays.
  return { stop: () => void stop().catch(() => {}), [$display]: () => NOTHING };
}
