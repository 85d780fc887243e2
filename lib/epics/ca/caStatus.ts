// Status codes of Channel Access. Source: EPICS base's caerr.h.

export const NORMAL = 1;

const WORDS: ReadonlyMap<number, string> = new Map([
  [80, "the server gave up waiting"],
  [114, "the server does not know this type"],
  [152, "the server cannot read it"],
  [160, "the server refuses the value"],
  [176, "the server does not take this many elements"],
  [192, "the server lost the connection to it"],
  [368, "reading is not allowed to you here"],
  [376, "writing is not allowed to you here"],
]);

/** What a status other than `NORMAL` says. */
export const caStatusText = (status: number): string => WORDS.get(status) ?? `the server reports error ${status >> 3}`;
