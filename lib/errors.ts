/**
 * The errors of the library: `SecopError` and its subclasses come from the node or the way to it,
 * `UsageError` from the caller, `InternalError` from us.
 */

// A message is one line: what was tried, on what, the limit with its unit, and what to do. It quotes texts of
// nodes (units, names, statuses), so `ClearError` makes every message printable: no escape sequence reaches a
// terminal.

import { ClearError } from "./clearError";
import { printable } from "./printable";

/** Where a SECoP error happened, and its cause. */
export interface SecopErrorOptions {
  readonly module?: string | undefined;
  readonly accessible?: string | undefined;
  readonly cause?: unknown;
}

/**
 * An error report of a SEC node, or a failure on the way to it. `code` is SECoP's error class as in the
 * message.
 */
export class SecopError extends ClearError {
  /** The error class of SECoP, as it came. */
  readonly code: string;
  /** The module that the error is about. */
  readonly module: string | undefined;
  /** The parameter or command that the error is about. */
  readonly accessible: string | undefined;

  constructor(code: string, message: string, options: SecopErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = printable(code);
    this.code = code;
    this.module = options.module;
    this.accessible = options.accessible;
  }

  /** Whether the same request may succeed later, which depends on the error class in SECoP. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}

const RETRYABLE = new Set([
  "CommandRunning",
  "CommunicationFailed",
  "TimeoutError",
  "IsBusy",
  "IsError",
  "Disabled",
  "Impossible",
  "ReadFailed",
  "OutOfRange",
  "InternalError",
]);

type SecopErrorClass = new (message: string, options?: SecopErrorOptions) => SecopError;

function secopErrorClass(code: string): SecopErrorClass {
  return class extends SecopError {
    constructor(message: string, options?: SecopErrorOptions) {
      super(code, message, options);
    }
  };
}

/** SECoP `ProtocolError`: the node did not understand the request. */
export class ProtocolError extends secopErrorClass("ProtocolError") {}
/** SECoP `NoSuchModule`: the node has no module of this name. */
export class NoSuchModuleError extends secopErrorClass("NoSuchModule") {}
/** SECoP `NoSuchParameter`: the module has no parameter of this name. */
export class NoSuchParameterError extends secopErrorClass("NoSuchParameter") {}
/** SECoP `NoSuchCommand`: the module has no command of this name. */
export class NoSuchCommandError extends secopErrorClass("NoSuchCommand") {}
/** SECoP `ReadOnly`: the parameter cannot be changed. */
export class ReadOnlyError extends secopErrorClass("ReadOnly") {}
/** SECoP `NotCheckable`: the node cannot check a change without making it. */
export class NotCheckableError extends secopErrorClass("NotCheckable") {}
/** SECoP `WrongType`: the value is not of the type that the node expects. */
export class WrongTypeError extends secopErrorClass("WrongType") {}
/** SECoP `RangeError`. The prefix distinguishes it from the one of JavaScript. */
export class SecopRangeError extends secopErrorClass("RangeError") {}
/** SECoP `BadJSON`: the node could not read the JSON of the request. */
export class BadJSONError extends secopErrorClass("BadJSON") {}
/** SECoP `NotImplemented`: the node knows the request but cannot do it yet. */
export class NotImplementedError extends secopErrorClass("NotImplemented") {}
/** SECoP `HardwareError`: the hardware does not work as it should. */
export class HardwareError extends secopErrorClass("HardwareError") {}
/** SECoP `CommandRunning`: the command is still running. */
export class CommandRunningError extends secopErrorClass("CommandRunning") {}
/** SECoP `CommunicationFailed`: the node cannot reach its hardware, or we cannot reach the node. */
export class CommunicationFailedError extends secopErrorClass("CommunicationFailed") {}
/**
 * A connection ended while a request waited for its reply: nobody knows whether the node did what was asked.
 */
export class LostInFlightError extends CommunicationFailedError {}
/** Whether a connection ended while this request waited for its reply, by the error or its causes. */
export function isLostInFlight(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) if (each instanceof LostInFlightError) return true;
  return false;
}
/**
 * The end of the error of a request whose answer was lost with the connection, for every control system: what
 * the other side may have done.
 */
export const MAY_BE_DONE = {
  set: "it may have been set: read it",
  executed: "it may have been executed",
  called: "it may have been called",
} as const;
/** SECoP `TimeoutError`: something took too long, for the node or for us. */
export class SecopTimeoutError extends secopErrorClass("TimeoutError") {}
/** SECoP `IsBusy`: the module is busy with something else. */
export class IsBusyError extends secopErrorClass("IsBusy") {}
/** SECoP `IsError`: the module is in an error state, which has to be cleared first. */
export class IsErrorError extends secopErrorClass("IsError") {}
/** SECoP `Disabled`: the module is switched off. */
export class DisabledError extends secopErrorClass("Disabled") {}
/** SECoP `Impossible`: the request cannot be done now, and trying again does not help. */
export class ImpossibleError extends secopErrorClass("Impossible") {}
/** SECoP `ReadFailed`: the value could not be read from the hardware. */
export class ReadFailedError extends secopErrorClass("ReadFailed") {}
/** SECoP `OutOfRange`: the hardware gave a value outside of its range. */
export class OutOfRangeError extends secopErrorClass("OutOfRange") {}
/**
 * SECoP `InternalError`: a bug of the node. The prefix distinguishes it from `InternalError`, a bug of this
 * library.
 */
export class SecopInternalError extends secopErrorClass("InternalError") {}

const BY_CODE: ReadonlyMap<string, SecopErrorClass> = new Map<string, SecopErrorClass>([
  ["ProtocolError", ProtocolError],
  ["NoSuchModule", NoSuchModuleError],
  ["NoSuchParameter", NoSuchParameterError],
  ["NoSuchCommand", NoSuchCommandError],
  ["ReadOnly", ReadOnlyError],
  ["NotCheckable", NotCheckableError],
  ["WrongType", WrongTypeError],
  ["RangeError", SecopRangeError],
  ["BadJSON", BadJSONError],
  ["NotImplemented", NotImplementedError],
  ["HardwareError", HardwareError],
  ["CommandRunning", CommandRunningError],
  ["CommunicationFailed", CommunicationFailedError],
  ["TimeoutError", SecopTimeoutError],
  ["IsBusy", IsBusyError],
  ["IsError", IsErrorError],
  ["Disabled", DisabledError],
  ["Impossible", ImpossibleError],
  ["ReadFailed", ReadFailedError],
  ["OutOfRange", OutOfRangeError],
  ["InternalError", SecopInternalError],
]);

/**
 * The error for an error class of SECoP. A subclass (`WrongType:MustBeInt`) gives the error of its class, an
 * unknown class a `SecopError`.
 */
export function secopError(code: string, message: string, options?: SecopErrorOptions): SecopError {
  const family = code.split(":", 1)[0] ?? code;
  const known = BY_CODE.get(family);
  return known ? new known(message, options) : new SecopError(code, message, options);
}

const UNCHECKED: readonly SecopErrorClass[] = [NotCheckableError, ProtocolError, NotImplementedError];

/**
 * Whether a node says by this answer to `check` that it cannot check, rather than that it would refuse the
 * value.
 */
export function cannotCheck(error: unknown): boolean {
  return UNCHECKED.some((type) => error instanceof type);
}

/** The caller asked for something that cannot work. The message says what to write instead. */
export class UsageError extends ClearError {
  override readonly name = "UsageError";
}

/** The caller's `AbortSignal` ended an action. The reason of the signal is the `cause`. */
export class AbortError extends ClearError {
  override readonly name = "AbortError";

  /** The message is `<what>: aborted`, or `<what>: <reason>` if the signal has a reason of its own. */
  constructor(what: string, reason: unknown) {
    const isPlain = reason instanceof DOMException && reason.name === "AbortError";
    super(`${what}: ${isPlain ? "aborted" : errorText(reason)}`, { cause: reason });
  }
}

/** A bug of this library: please report it. */
export class InternalError extends Error {
  override readonly name = "InternalError";

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}

/** The message of anything that was thrown, without escape sequences. */
export function errorText(error: unknown): string {
  return printable(error instanceof Error ? error.message || error.name : String(error));
}
