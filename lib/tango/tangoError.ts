/** The error of everything in lib/tango, and the entries of the error stack that a Tango server sends. */

import { ClearError } from "../clearError";

/** One entry of the stack of errors that a Tango server sends. */
export interface DevError {
  /** The identifier of the kind of error, for example `API_AttrNotFound`. */
  readonly reason: string;
  readonly severity: string;
  readonly desc: string;
  /** Where it happened: function, file and line. */
  readonly origin: string;
}

/**
 * A Tango device refused something or cannot be reached. The message names the device, attribute or command.
 */
export class TangoError extends ClearError {
  override readonly name = "TangoError";
  /** The error stack of the server, root cause first; empty if the server did not answer. */
  readonly errors: readonly DevError[];

  constructor(message: string, options: ErrorOptions & { readonly errors?: readonly DevError[] } = {}) {
    super(message, options);
    this.errors = options.errors ?? [];
  }

  /** @internal */
  override advised(advice: string): TangoError {
    return new TangoError(`${this.message} (${advice})`, { errors: this.errors, cause: this });
  }

  /**
   * The reason of the root cause, for example `API_WAttrOutsideLimit`; empty if the server sent no error
   * stack.
   */
  get reason(): string {
    return this.errors[0]?.reason ?? "";
  }
}
