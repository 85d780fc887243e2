/** The error of everything in lib/epics. */

import { ClearError } from "../clearError";

/** An EPICS server refused something or cannot be reached. The message names the PV. */
export class EpicsError extends ClearError {
  override readonly name = "EpicsError";

  /** @internal */
  override advised(advice: string): EpicsError {
    return new EpicsError(`${this.message} (${advice})`, { cause: this });
  }
}
