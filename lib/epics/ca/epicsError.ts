/** An EPICS server refused something, or cannot be reached; the message names the PV. */
export class EpicsError extends Error {
  override readonly name = "EpicsError";
}
