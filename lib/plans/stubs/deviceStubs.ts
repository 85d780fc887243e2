/** Stubs that make a device act: stop, trigger, prepare, configure. */

import { Msg, type Plan } from "../../core/protocols/msg";
import type { NotInferred } from "../../core/protocols/notInferred";
import type { Preparable, StatusLike, Stoppable, Triggerable } from "../../core/protocols/protocols";
import { plan } from "../plan";
import { type GroupOptions, wait } from "./flowStubs";

/** Stops a device at once, as a part of the plan. A move of it that is waited for fails. */
export const stop = plan("stop", function* (device: Stoppable): Plan<void> {
  yield Msg("stop", device);
});

/** Starts a measurement. Goes on at once unless `wait` is true; fails if the device fails. */
export const trigger = plan("trigger", function* (device: Triggerable, options: GroupOptions = {}): Plan<StatusLike> {
  const { group = null, wait: waits = false } = options;
  const status = (yield Msg("trigger", device, [], { group })) as StatusLike;
  if (waits) yield Msg("wait", null, [], { group });
  return status;
});

/**
 * Announces to a device what it will be asked for. Goes on at once unless
 * `wait` is true; fails if the device fails.
 */
export const prepare = plan("prepare", function* <
  T,
>(device: Preparable<T>, value: NotInferred<T>, options: GroupOptions = {}): Plan<StatusLike> {
  const { group = null, wait: waits = false } = options;
  const status = (yield Msg("prepare", device, [value], { group })) as StatusLike;
  if (waits) yield* wait(group);
  return status;
});

/** The members that a device needs to be configured by a plan. */
export interface Configure<A extends readonly unknown[] = readonly unknown[], R = unknown> {
  configure(...args: A): R;
}

/**
 * Calls the device's `configure`. The streams of an open run that it is part of get new descriptors.
 * @returns what the device returns; in bluesky that is the old and the new configuration
 */
export const configure = plan("configure", function* <
  A extends readonly unknown[],
  R,
>(device: Configure<A, R>, ...args: A): Plan<Awaited<R>> {
  return (yield Msg("configure", device, args)) as Awaited<R>;
});
