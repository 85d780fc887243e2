/** Preprocessors that record signals or flyers during every run of a plan. */

import { Msg, type Plan } from "../../core/protocols/msg";
import type { Flyable, Subscribable } from "../../core/protocols/protocols";
import { deviceList } from "../arguments/deviceArguments";
import { plan } from "../plan";
import { uniqueGroup } from "../uniqueGroup";
import { inRunOf } from "./messageWrappers";
import { planMutator, sendAfter, single } from "./mutators";

/** Records every update of the signals during each run, in streams `<name>_monitor`. */
export const monitorDuringWrapper = plan("monitorDuringWrapper", function* <
  T,
>(inner: Plan<T>, signals: readonly Subscribable[]): Plan<T> {
  const all = () => deviceList("monitors", signals);
  return yield* aroundRuns(
    inner,
    () => sendAll(all().map((signal) => Msg("monitor", signal, [], { name: `${signal.name}_monitor` }))),
    () => sendAll(all().map((signal) => Msg("unmonitor", signal))),
  );
});

/** Starts flyers at the start of each run, and completes and collects them before its end. */
export const flyDuringWrapper = plan("flyDuringWrapper", function* <
  T,
>(inner: Plan<T>, flyers: readonly Flyable[]): Plan<T> {
  const started = uniqueGroup("flyers-kickoff");
  const completed = uniqueGroup("flyers-complete");
  const all = () => deviceList("flyers", flyers);
  const fly = (command: string, group: string) => {
    const messages = all().map((flyer) => Msg(command, flyer, [], { group }));
    return messages.length > 0 ? [...messages, Msg("wait", null, [], { group })] : [];
  };
  return yield* aroundRuns(
    inner,
    () => sendAll(fly("kickoff", started)),
    () => sendAll([...fly("complete", completed), ...all().map((flyer) => Msg("collect", flyer))]),
  );
});

/** Inserts a plan after each `open_run` and another one before each `close_run`. */
function aroundRuns<T>(inner: Plan<T>, afterOpen: () => Plan, beforeClose: () => Plan): Plan<T> {
  return planMutator(inner, (msg) => {
    if (msg.command === "open_run") return [single(msg), inRunOf(afterOpen(), msg)];
    if (msg.command === "close_run") return [sendAfter(inRunOf(beforeClose(), msg), msg), null];
    return [null, null];
  });
}

/**
 * Yields messages one by one: an array has no `throw`, so an error that is
 * thrown into `yield* list` would be lost.
 */
function* sendAll(list: readonly Msg[]): Plan<void> {
  for (const msg of list) yield msg;
}
