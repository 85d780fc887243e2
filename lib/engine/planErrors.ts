/**
 * What is thrown into a plan, at the `yield` where it stands. Plans may catch them, clean up and throw again.
 */
import { errorText, UsageError } from "../errors";

/** How a run ended, as its stop document says. */
export type ExitStatus = "success" | "abort" | "fail";

/** `RE.abort()` was called; the run ends with exit status "abort" and the reason given there. */
export class RequestAbort extends Error {
  override readonly name = "RequestAbort";
}

/** `RE.stop()` was called: the plan ends early, what was measured counts as a success. */
export class RequestStop extends Error {
  override readonly name = "RequestStop";
}

/** `RE.halt()` was called: what a halted plan ends with. It is never thrown into a plan: a plan has no say in a halt. */
export class PlanHalt extends Error {
  override readonly name = "PlanHalt";
}

/** The code of a plan blocked the process and was stopped by force; nothing of it goes on, not even its cleaning. */
export class PlanCut extends Error {
  override readonly name = "PlanCut";
}

/** A pause or a suspension was asked for after `clear_checkpoint`: the plan can't be resumed, so it ends. */
export class FailedPause extends Error {
  override readonly name = "FailedPause";
}

/** The messages of a plan are in an order that makes no run, e.g. `save` without `create`. */
export class IllegalMessageSequence extends UsageError {}

/** A plan yielded a command the RunEngine doesn't know. */
export class InvalidCommand extends UsageError {
  readonly command: string;

  constructor(command: string) {
    super(`the RunEngine has no command "${command}": register it with RE.registerCommand("${command}", fn)`);
    this.command = command;
  }
}

/** A `wait` or `wait_for` was not done in time. */
export class WaitForTimeoutError extends Error {
  override readonly name = "WaitForTimeoutError";
}

/** A pausable device throws this from `pause()` when what it did since the checkpoint can't be done again. */
export class NoReplayAllowed extends Error {
  override readonly name = "NoReplayAllowed";
}

/** An action that a plan started on a device went wrong. `cause` is the device's own error. */
export class FailedStatus extends Error {
  override readonly name = "FailedStatus";
  /** The object the message was about. */
  readonly device: unknown;
  /** The command: "set", "trigger", "stage" ... */
  readonly action: string;
  /** What it was set to; undefined for actions without a value. */
  readonly value: unknown;

  constructor(action: string, device: unknown, value: unknown, cause: unknown) {
    super(failureText(action, device, value, errorText(cause)), { cause });
    this.device = device;
    this.action = action;
    this.value = value;
  }
}

/** The name a person knows a device by. */
export function deviceName(device: unknown): string {
  const name = (device as { name?: unknown } | null | undefined)?.name;
  return typeof name === "string" && name !== "" ? name : "a device without name";
}

/** A device that says itself what it refused to do on what is not repeated: `cannot set cryo:target to 400 K: ...`. */
function failureText(action: string, device: unknown, value: unknown, reason: string): string {
  if (reason.startsWith(`cannot ${action} `) && / to .*: /.test(reason)) return reason;
  return `${action} ${deviceName(device)}${valueText(value)} failed: ${reason}`;
}

const SHOWN = 60;

function valueText(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "object" ? (JSON.stringify(value) ?? "") : String(value);
  return ` to ${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}`;
}

const ABORTED = [RequestAbort, FailedPause, PlanHalt, PlanCut];

/** How a run ends that this error ends: requests from outside have their own status, all else is a failure. */
export function exitStatusOf(error: unknown): ExitStatus {
  if (error instanceof RequestStop) return "success";
  return ABORTED.some((kind) => error instanceof kind) ? "abort" : "fail";
}
