/** Commands about the course of a plan: checkpoints, pauses, waiting for a time or a condition. */

import { timeNow } from "../../../clock";
import type { Msg } from "../../../core/protocols/msg";
import type { StatusLike } from "../../../core/protocols/protocols";
import { UsageError } from "../../../errors";
import { afterSeconds } from "../../../timeLimit";
import { type CommandSteps, isThenable, PendingResult, resolvesWithin } from "../../commandSteps";
import { deviceName, IllegalMessageSequence, WaitForTimeoutError } from "../../planErrors";
import type { Suspension, SuspensionPlan } from "../../suspend/suspension";
import { type DeviceAction, endOf } from "../actionGroups";
import type { CommandContext, EngineCommand } from "../commandContext";

export const flowCommands: readonly (readonly [string, EngineCommand])[] = [
  ["null", { run: () => undefined, replayed: true }],
  ["RE_class", { run: () => "RunEngine", replayed: true }],
  ["checkpoint", { run: checkpoint, replayed: true }],
  ["clear_checkpoint", { run: (context) => context.rewindCache.clearCheckpoint(), replayed: false }],
  ["rewindable", { run: rewindable, replayed: true }],
  ["pause", { run: pause, replayed: false }],
  ["sleep", { run: (_, msg) => new PendingResult(sleep(seconds(msg.args[0], "sleep"))), replayed: true }],
  ["wait", { run: wait, replayed: true }],
  ["wait_for", { run: waitFor, replayed: true }],
  ["_start_suspender", { run: startSuspender, replayed: false }],
  [
    "_resume_from_suspender",
    { run: (context, msg) => new PendingResult(resumeFromSuspender(context, msg)), replayed: true },
  ],
];

function checkpoint(context: CommandContext): void {
  if (context.runs.bundling)
    throw new IllegalMessageSequence('"checkpoint" between "create" and "save": put it before or after');
  context.rewindCache.checkpoint();
  context.flow.pauseIfDeferred();
}

function rewindable(context: CommandContext, msg: Msg): boolean {
  const [value] = msg.args;
  if (typeof value === "boolean") context.rewindCache.rewindable = value;
  return context.rewindCache.rewindable;
}

/**
 * A plan suspends itself: `[prePlan, postPlan, justification, released]`. Suspenders need no message to hold
 * a plan.
 */
function startSuspender(context: CommandContext, msg: Msg): void {
  const [prePlan, postPlan, justification, released] = msg.args as [
    SuspensionPlan | null | undefined,
    SuspensionPlan | null | undefined,
    unknown,
    unknown,
  ];
  if (!isThenable(released))
    throw new UsageError('"_start_suspender" needs prePlan, postPlan, justification and the promise that releases it');
  const suspension: Suspension = {
    justification: String(justification ?? "suspended"),
    until: "when the plan's own condition is fulfilled",
    since: timeNow(),
    released: Promise.resolve(released).then(() => undefined),
    prePlan: prePlan ?? undefined,
    postPlan: postPlan ?? undefined,
  };
  context.flow.suspend(suspension);
}

function pause(context: CommandContext, msg: Msg): void {
  context.flow.pause((msg.kwargs.defer ?? msg.args[0]) === true);
}

function* sleep(duration: number): CommandSteps<void> {
  if (duration <= 0) return;
  let cancel = () => {};
  try {
    yield new Promise<void>((resolve) => {
      cancel = afterSeconds(duration, resolve, { wakes: true });
    });
  } finally {
    cancel();
  }
}

function wait(context: CommandContext, msg: Msg): true | PendingResult {
  const { statuses } = msg.kwargs;
  if (Array.isArray(statuses)) {
    const newest = statuses.map((status: StatusLike) => context.groups.newest(status));
    return new PendingResult(waitForStatuses(context, msg, newest));
  }
  const group = (msg.args.length > 0 ? msg.args[0] : msg.kwargs.group) ?? null;
  if (context.groups.open(group).length === 0) return true;
  const watched = new Set((msg.kwargs.watch as Iterable<unknown> | null | undefined) ?? []);
  return new PendingResult(waitForGroup(context, msg, group), (failed) => failed === group || watched.has(failed));
}

function* waitForStatuses(context: CommandContext, msg: Msg, all: readonly StatusLike[]): CommandSteps<boolean> {
  const { timeout, error_on_timeout: errorOnTimeout = true } = msg.kwargs;

  context.waitingFor(all);
  try {
    const done = Promise.all(all.map(endOf));
    if (timeout === undefined || timeout === null) yield done;
    else if (!(yield* resolvesWithin(done, seconds(timeout, "wait")))) {
      if (errorOnTimeout) throw new WaitForTimeoutError(`waited ${timeout} s, but not all is done yet`);
      return false;
    }
    return true;
  } finally {
    context.waitingFor(null);
  }
}

function* waitForGroup(context: CommandContext, msg: Msg, group: unknown): CommandSteps<boolean> {
  const { timeout, move_on: movesOn = false, error_on_timeout: errorOnTimeout = !movesOn } = msg.kwargs;
  const { groups } = context;
  const statuses: StatusLike[] = groups.open(group).map((action) => action.status);
  context.waitingFor(statuses);
  let goesOn = false;
  try {
    const done = groups.whenDone(group).then(() => true);
    if (timeout === undefined || timeout === null) yield done;
    else if (!(yield* resolvesWithin(done, seconds(timeout, "wait"))) && errorOnTimeout) {
      const left = groups.open(group);
      if (left.length > 0)
        throw new WaitForTimeoutError(`waited ${timeout} s, but ${left.map(actionText).join(", ")} not done yet`);
    }
    goesOn = groups.open(group).length > 0;
    return !goesOn;
  } finally {
    if (!goesOn) context.waitingFor(null);
  }
}

const actionText = ({ msg }: DeviceAction) => `${msg.command} ${deviceName(msg.obj)}`;

/** Takes functions that return promises, since they are called again after a pause. */
function waitFor(_: CommandContext, msg: Msg): PendingResult {
  const [factories] = msg.args;
  if (!Array.isArray(factories) || factories.some((factory) => typeof factory !== "function"))
    throw new UsageError(
      "wait_for takes a list of functions that return promises, so that it can be done again after a pause",
    );
  return new PendingResult(waitForAll(factories as (() => PromiseLike<unknown>)[], msg.kwargs.timeout));
}

function* waitForAll(factories: readonly (() => PromiseLike<unknown>)[], timeout: unknown): CommandSteps<unknown> {
  const all = Promise.all(factories.map((factory) => factory()));
  if (timeout === undefined || timeout === null) return yield all;
  if (!(yield* resolvesWithin(all, seconds(timeout, "wait_for"))))
    throw new WaitForTimeoutError(`wait_for waited ${timeout} s, but not all promises are done yet`);
  return yield all;
}

function* resumeFromSuspender(context: CommandContext, msg: Msg): CommandSteps<void> {
  const [suspension, restart] = msg.args as [Suspension, readonly Msg[]];
  yield context.flow.endSuspension(suspension, restart);
}

function seconds(value: unknown, command: string): number {
  if (typeof value !== "number" || Number.isNaN(value))
    throw new UsageError(`${command} takes seconds, not ${String(value)}`);
  return value;
}
