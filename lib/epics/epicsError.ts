/** The error of everything in lib/epics. */

/** An EPICS server refused something or cannot be reached. The message names the PV. */
export class EpicsError extends Error {
  override readonly name = "EpicsError";
}
