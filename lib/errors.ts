/**
 * Errors a person may meet. The class says whose move it is: `SecopError` and its subclasses come from the node or the way
 * to it, `UsageError` is the caller's, `InternalError` is ours.
 *
 * A message is one line: what was tried, on what, with unit, what the limit is and what to do.
 */

/** Where a SECoP error happened and what caused it. */
export interface SecopErrorOptions {
  readonly module?: string | undefined;
  readonly accessible?: string | undefined;
  readonly cause?: unknown;
}

/** An error report of a SEC node, or a failure on the way to it. `code` is SECoP's error class as on the wire. */
export class SecopError extends Error {
  readonly code: string;
  readonly module: string | undefined;
  readonly accessible: string | undefined;

  constructor(code: string, message: string, options: SecopErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = code;
    this.code = code;
    this.module = options.module;
    this.accessible = options.accessible;
  }

  /** Whether the same request can succeed later (SECoP "retryable" error classes). */
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

export class ProtocolError extends secopErrorClass("ProtocolError") {}
export class NoSuchModuleError extends secopErrorClass("NoSuchModule") {}
export class NoSuchParameterError extends secopErrorClass("NoSuchParameter") {}
export class NoSuchCommandError extends secopErrorClass("NoSuchCommand") {}
export class ReadOnlyError extends secopErrorClass("ReadOnly") {}
export class NotCheckableError extends secopErrorClass("NotCheckable") {}
export class WrongTypeError extends secopErrorClass("WrongType") {}
/** SECoP `RangeError`; prefixed because JavaScript has one. */
export class SecopRangeError extends secopErrorClass("RangeError") {}
export class BadJSONError extends secopErrorClass("BadJSON") {}
export class NotImplementedError extends secopErrorClass("NotImplemented") {}
export class HardwareError extends secopErrorClass("HardwareError") {}
export class CommandRunningError extends secopErrorClass("CommandRunning") {}
/** The node cannot reach its hardware, or we cannot reach the node. */
export class CommunicationFailedError extends secopErrorClass("CommunicationFailed") {}
/** A deadline passed: the node's, or ours for the node. */
export class SecopTimeoutError extends secopErrorClass("TimeoutError") {}
export class IsBusyError extends secopErrorClass("IsBusy") {}
export class IsErrorError extends secopErrorClass("IsError") {}
export class DisabledError extends secopErrorClass("Disabled") {}
export class ImpossibleError extends secopErrorClass("Impossible") {}
export class ReadFailedError extends secopErrorClass("ReadFailed") {}
export class OutOfRangeError extends secopErrorClass("OutOfRange") {}
/** SECoP `InternalError`: the node's own fault; prefixed because ours is `InternalError`. */
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

/** The typed error for an error class of the wire. Sub-classes (`WrongType:MustBeInt`) count as their class; unknown ones stay generic. */
export function secopError(code: string, message: string, options?: SecopErrorOptions): SecopError {
  const family = code.split(":", 1)[0] ?? code;
  const known = BY_CODE.get(family);
  return known ? new known(message, options) : new SecopError(code, message, options);
}

/** The caller asked for something that cannot work; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The caller's `AbortSignal` ended what was tried; the signal's reason is the `cause`. */
export class AbortError extends Error {
  override readonly name = "AbortError";

  /** @param what what was tried: the message is `<what>: aborted`, or the reason if the signal has one of its own. */
  constructor(what: string, reason: unknown) {
    const isPlain = reason instanceof DOMException && reason.name === "AbortError";
    super(`${what}: ${isPlain ? "aborted" : errorText(reason)}`, { cause: reason });
  }
}

/** An invariant of ours broke: please report it. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}

/** The words of anything thrown, on one line. */
export function errorText(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  return String(error);
}
