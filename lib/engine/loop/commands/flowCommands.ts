/** Commands about the course of a plan: checkpoints, pauses, waiting for time and for conditions. */
import type { Msg, Plan } from "../../../core/protocols/msg";
import type { StatusLike } from "../../../core/protocols/protocols";
import { UsageError } from "../../../errors";
import { afterSeconds } from "../../../timeLimit";
import { isThenable, type Steps, Waiting, within } from "../../commandSteps";
import { deviceName, IllegalMessageSequence, WaitForTimeoutError } from "../../planErrors";
import type { Suspension } from "../../suspend/suspension";
import type { Action } from "../actionGroups";
import type { Command, Execution } from "../messageLoop";

export const flowCommands: readonly (readonly [string, Command])[] = [
  ["null", { run: () => undefined, replayed: false }],
  ["RE_class", { run: () => "RunEngine", replayed: false }],
  ["checkpoint", { run: checkpoint, replayed: true }],
  ["clear_checkpoint", { run: (execution) => execution.clearCheckpoint(), replayed: false }],
  ["rewindable", { run: rewindable, replayed: true }],
  ["pause", { run: pause, replayed: false }],
  ["sleep", { run: (_, msg) => new Waiting(sleep(seconds(msg.args[0], "sleep"))), replayed: true }],
  ["wait", { run: wait, replayed: true }],
  ["wait_for", { run: waitFor, replayed: true }],
  ["_start_suspender", { run: startSuspender, replayed: false }],
  [
    "_resume_from_suspender",
    { run: (execution, msg) => new Waiting(resumeFromSuspender(execution, msg)), replayed: true },
  ],
];

function checkpoint(execution: Execution): void {
  for (const run of execution.bundlers.values()) {
    if (run.bundling)
      throw new IllegalMessageSequence('"checkpoint" between "create" and "save": put it before or after');
  }
  execution.checkpoint();
  if (execution.deferredPauseRequested) execution.pause(false);
}

function rewindable(execution: Execution, msg: Msg): boolean {
  const [value] = msg.args;
  if (typeof value === "boolean") execution.rewindable = value;
  return execution.rewindable;
}

/** A plan that holds itself: `[prePlan, postPlan, justification, released]`. Suspenders need no message to hold a plan. */
function startSuspender(execution: Execution, msg: Msg): void {
  const [prePlan, postPlan, justification, released] = msg.args as [
    (() => Plan) | null | undefined,
    (() => Plan) | null | undefined,
    unknown,
    unknown,
  ];
  if (!isThenable(released))
    throw new UsageError('"_start_suspender" needs prePlan, postPlan, justification and the promise that releases it');
  const suspension: Suspension = {
    justification: String(justification ?? "suspended"),
    until: "when the plan's own condition is fulfilled",
    since: Date.now() / 1000,
    released: Promise.resolve(released).then(() => undefined),
    prePlan: prePlan ?? undefined,
    postPlan: postPlan ?? undefined,
  };
  execution.parts.showSuspended(suspension);
  execution.suspend(suspension);
}

function pause(execution: Execution, msg: Msg): void {
  execution.pause((msg.kwargs.defer ?? msg.args[0]) === true);
}

function* sleep(duration: number): Steps<void> {
  if (duration <= 0) return;
  let cancel = () => {};
  try {
    yield new Promise<void>((resolve) => {
      cancel = afterSeconds(duration, resolve);
    });
  } finally {
    cancel();
  }
}

function wait(execution: Execution, msg: Msg): true | Waiting {
  const group = (msg.args.length > 0 ? msg.args[0] : msg.kwargs.group) ?? null;
  if (execution.groups.open(group).length === 0) return true;
  const watched = new Set((msg.kwargs.watch as Iterable<unknown> | null | undefined) ?? []);
  return new Waiting(waitForGroup(execution, msg, group), (failed) => failed === group || watched.has(failed));
}

function* waitForGroup(execution: Execution, msg: Msg, group: unknown): Steps<boolean> {
  const { timeout, move_on: movesOn = false, error_on_timeout: errorOnTimeout = !movesOn } = msg.kwargs;
  const { groups } = execution;
  const statuses: StatusLike[] = groups.open(group).map((action) => action.status);
  execution.hooks.waitingFor(statuses);
  let goesOn = false;
  try {
    const done = groups.whenDone(group).then(() => true);
    if (timeout === undefined || timeout === null) yield done;
    else if (!(yield* within(done, seconds(timeout, "wait"))) && errorOnTimeout) {
      const left = groups.open(group);
      if (left.length > 0)
        throw new WaitForTimeoutError(`waited ${timeout} s, but ${left.map(actionText).join(", ")} not done yet`);
    }
    goesOn = groups.open(group).length > 0;
    return !goesOn;
  } finally {
    if (!goesOn) execution.hooks.waitingFor(null);
  }
}

const actionText = ({ msg }: Action) => `${msg.command} ${deviceName(msg.obj)}`;

/** Functions, not promises: after a pause they are called again. */
function waitFor(_: Execution, msg: Msg): Waiting {
  const [factories] = msg.args;
  if (!Array.isArray(factories) || factories.some((factory) => typeof factory !== "function"))
    throw new UsageError(
      "wait_for takes a list of functions that return promises, so that it can be done again after a pause",
    );
  return new Waiting(waitForAll(factories as (() => PromiseLike<unknown>)[], msg.kwargs.timeout));
}

function* waitForAll(factories: readonly (() => PromiseLike<unknown>)[], timeout: unknown): Steps<unknown> {
  const all = Promise.all(factories.map((factory) => factory()));
  if (timeout === undefined || timeout === null) return yield all;
  if (!(yield* within(all, seconds(timeout, "wait_for")))) throw new WaitForTimeoutError(`waited ${timeout} s in vain`);
  return yield all;
}

function* resumeFromSuspender(execution: Execution, msg: Msg): Steps<void> {
  const [suspension, restart] = msg.args as [Suspension, readonly Msg[]];
  yield execution.letGo(suspension, restart);
}

function seconds(value: unknown, what: string): number {
  if (typeof value !== "number" || Number.isNaN(value))
    throw new UsageError(`${what} takes seconds, not ${String(value)}`);
  return value;
}
