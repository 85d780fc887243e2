/** Errors that are thrown into a plan at its current `yield`. */

// A plan may catch them, clean up and throw them again.

import { ClearError, userFrames } from "../clearError";
import { errorText, UsageError } from "../errors";
import { nearest } from "../nearest";

/** How a run ended, as its stop document says. */
export type ExitStatus = "success" | "abort" | "fail";

/** `RE.abort()` was called; the run ends with exit status "abort" and the reason given there. */
export class RequestAbort extends ClearError {
  override readonly name = "RequestAbort";
}

/** `RE.stop()` was called: the plan ends early and its runs count as a success. */
export class RequestStop extends ClearError {
  override readonly name = "RequestStop";
}

/** `RE.halt()` was called. This error is never thrown into a plan, since a halted plan does not clean up. */
export class PlanHalt extends ClearError {
  override readonly name = "PlanHalt";
  /** The exit status with which the runs are marked. */
  readonly exitStatus: "abort" | "success";

  constructor(exitStatus: "abort" | "success" = "abort") {
    super();
    this.exitStatus = exitStatus;
  }
}

/**
 * The code of a plan blocked the process and was stopped by force. None of it goes on, not even its cleanup.
 */
export class PlanStoppedByForce extends ClearError {
  override readonly name = "PlanStoppedByForce";
}

/** A pause or a suspension was requested after `clear_checkpoint`: the plan can't be resumed, so it ends. */
export class FailedPause extends ClearError {
  override readonly name = "FailedPause";
}

/** The messages of a plan are in an order that makes no run, e.g. `save` without `create`. */
export class IllegalMessageSequence extends UsageError {}

/** A plan yielded a command the RunEngine doesn't know. */
export class InvalidCommand extends UsageError {
  readonly command: string;

  /** @param known the commands that the engine has */
  constructor(command: string, known: readonly string[] = []) {
    const meant = nearest(command, known);
    const advice = `register it with RE.registerCommand("${command}", fn)`;
    super(`the RunEngine has no command "${command}": ${meant ? `did you mean "${meant}"? Else ${advice}` : advice}`);
    this.command = command;
  }
}

/** A `wait` or `wait_for` was not done in time. */
export class WaitForTimeoutError extends ClearError {
  override readonly name = "WaitForTimeoutError";
}

/** A device throws this from `pause()` if what it did since the checkpoint can't be done again. */
export class NoReplayAllowed extends ClearError {
  override readonly name = "NoReplayAllowed";
}

/** A strict consumer of documents failed, which ends the run. `cause` is its error. */
export class ConsumerFailed extends ClearError {
  override readonly name = "ConsumerFailed";
}

/**
 * A device was gone for longer than the plan waits, see `onDisconnect`. `cause` is the error of the device.
 */
export class ConnectionLost extends ClearError {
  override readonly name = "ConnectionLost";
}

/** An action that a plan started on a device failed. `cause` is the device's own error. */
export class FailedStatus extends ClearError {
  override readonly name = "FailedStatus";
  readonly #device: unknown;
  readonly #action: string;
  readonly #value: unknown;

  constructor(action: string, device: unknown, value: unknown, cause: unknown) {
    super(failureText(action, device, value, errorText(cause)), { cause });
    this.stack = [`${this.name}: ${this.message}`, ...userFrames(this.stack)].join("\n");
    this.#device = device;
    this.#action = action;
    this.#value = value;
  }

  /** The object that the message was about. */
  get device(): unknown {
    return this.#device;
  }

  /** The command: "set", "trigger", "stage" ... */
  get action(): string {
    return this.#action;
  }

  /** The value of a `set`; undefined for other actions. */
  get value(): unknown {
    return this.#value;
  }
}

/** The name of a device in messages to the user. */
export function deviceName(device: unknown): string {
  const name = (device as { name?: unknown } | null | undefined)?.name;
  return typeof name === "string" && name !== "" ? name : "a device without name";
}

/**
 * The error for a message whose device lacks a method, is a list of devices, or is missing.
 * @param lack follows "can't", e.g. "be moved: it has no set()"
 */
export function unfitDevice(command: string, device: unknown, lack: string): UsageError {
  if (device === null || device === undefined)
    return new UsageError(`"${command}" got no device: is the name of the device right?`);
  if (Array.isArray(device))
    return new UsageError(`"${command}" got a list: give the devices one by one, such as (a, b) or (...devices)`);
  return new UsageError(`${deviceName(device)} can't ${lack}`);
}

/**
 * Adds action and device to the reason, unless it names both already: `cannot set cryo:target to 400 K: ...`.
 */
function failureText(action: string, device: unknown, value: unknown, reason: string): string {
  if (reason.startsWith(`cannot ${action} `) && / to .*: /.test(reason)) return reason;
  return `${action} ${deviceName(device)}${valueText(value)} failed: ${reason}`;
}

/** Longest text of a value in a message, in characters. */
const LONGEST_VALUE = 60;

function valueText(value: unknown): string {
  if (value === undefined) return "";
  const text = typeof value === "object" ? (JSON.stringify(value) ?? "") : String(value);
  return ` to ${text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text}`;
}

const ABORTED = [RequestAbort, FailedPause, PlanStoppedByForce];

/**
 * The exit status of a run that this error ends: requests of the user have their own, all other errors are
 * failures.
 */
export function exitStatusOf(error: unknown): ExitStatus {
  if (error instanceof RequestStop) return "success";
  if (error instanceof PlanHalt) return error.exitStatus;
  return ABORTED.some((kind) => error instanceof kind) ? "abort" : "fail";
}
