/** The status codes of Channel Access. */

// Source: EPICS base's caerr.h.

/** The status of success. */
export const NORMAL = 1;

const EXPLANATIONS: ReadonlyMap<number, string> = new Map([
  [80, "the server gave up waiting"],
  [114, "the server does not know this type"],
  [152, "the server cannot read the PV"],
  [160, "the server refuses the value"],
  [176, "the server does not accept this many elements"],
  [192, "the server has lost its connection to the PV"],
  [368, "you have no read access"],
  [376, "you have no write access"],
]);

/** Explains a status other than `NORMAL`. */
export const caStatusText = (status: number): string =>
  EXPLANATIONS.get(status) ?? `the server reports error ${status >> 3}`;
