/** The errors of a Tango device: what they mean, and their messages for the user. */

import { AbortError, errorText } from "../../errors";
import { nearest } from "../../nearest";
import { oneLine } from "../../printable";
import { ConnectionError } from "../giop/giopConnection";
import { SystemException, UserException } from "../giop/remoteObject";
import { type DevError, TangoError } from "../tangoError";
import * as idl from "../values/deviceIdl";

/** Whether the device cannot be reached: its server is down, or the connection to it is lost. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof SystemException) return ["TRANSIENT", "COMM_FAILURE", "OBJECT_NOT_EXIST"].includes(error.kind);
  // The server is not there, or the database does not know where it is at present.
  return error instanceof ConnectionError || error instanceof TangoError;
}

/** Whether the server refused the call because the device was busy with another one for too long. */
export function isServerBusy(error: unknown): boolean {
  if (!(error instanceof UserException) || error.id !== idl.DEV_FAILED) return false;
  // A copy is read, because the errors are read again when they are reported.
  return idl.devErrors.read(error.body.copy()).some(({ desc }) => /serialization .*monitor/i.test(desc));
}

/** The error for the user: one line that says what could not be done and why. */
export function explained(what: string, error: unknown): unknown {
  if (error instanceof UserException) {
    if (error.id === idl.DEV_FAILED) return devFailed(what, idl.devErrors.read(error.body));
    if (error.id === idl.MULTI_DEV_FAILED)
      return devFailed(
        what,
        idl.namedDevErrors.read(error.body).flatMap(({ err_list }) => err_list),
      );
  }
  const isGiopError =
    error instanceof ConnectionError || error instanceof SystemException || error instanceof UserException;
  if (isGiopError) return new TangoError(`${what}: ${error.message}`, { cause: error });
  if (error instanceof RangeError)
    return new TangoError(`${what}: the data does not follow Tango's protocol (${errorText(error)})`, { cause: error });
  // The device could not be located: the error of the database says why.
  if (error instanceof TangoError)
    return new TangoError(`${what}: ${error.message}`, { errors: error.errors, cause: error });
  if (error instanceof AbortError) return new AbortError(what, error);
  if (error instanceof Error)
    return new (error.constructor as typeof Error)(`${what}: ${error.message}`, { cause: error });
  return error;
}

/**
 * The error, to which `words` are added if the connection was lost after the request was sent.
 */
export function whetherDone(error: unknown, words: string): unknown {
  const isInFlight = error instanceof TangoError && error.cause instanceof ConnectionError && error.cause.inFlight;
  return isInFlight ? new TangoError(`${error.message}; ${words}`, { cause: error }) : error;
}

/** The error for a stack of errors from a server; `what` says what could not be done. */
export function devFailed(what: string, errors: readonly DevError[]): TangoError {
  const [first] = errors;
  const words = first
    ? `${oneLine(first.desc, LONGEST).trim()} (${oneLine(first.reason)})`
    : "the server does not say why";
  return new TangoError(`${what}: ${words}`, { errors });
}

/** ", did you mean x?"; empty if no name is close to the misspelt one. */
export function suggestion(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  // Short names may be close by chance: somebody who writes `nope` does not mean `mode`.
  return near === undefined || near.charAt(0).toLowerCase() !== name.charAt(0).toLowerCase()
    ? ""
    : `, did you mean ${oneLine(near)}?`;
}

/** The largest number of characters of a server's description in a message; `errors` has all of it. */
const LONGEST = 300;
