/** One entry of the stack of errors that a Tango server sends. */
export interface DevError {
  /** A word to tell errors apart by: `API_AttrNotFound`. */
  readonly reason: string;
  readonly severity: string;
  readonly desc: string;
  /** Where it happened: function, file and line. */
  readonly origin: string;
}

/** A Tango device refused something, or cannot be reached; the message names the device, the attribute or the command. */
export class TangoError extends Error {
  override readonly name = "TangoError";
  /** What the server sent, the first cause first; empty where it did not answer. */
  readonly errors: readonly DevError[];

  constructor(message: string, options: ErrorOptions & { readonly errors?: readonly DevError[] } = {}) {
    super(message, options);
    this.errors = options.errors ?? [];
  }

  /** The reason of the first cause, for example `API_WAttrOutsideLimit`; empty where there is none. */
  get reason(): string {
    return this.errors[0]?.reason ?? "";
  }
}
