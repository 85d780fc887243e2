/** The longest delay of a Node timer in ms; longer ones (25 days, or Infinity) would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls `fn` after some seconds, and not before what arrived in the meantime has been looked at: while a cell computes,
 * nothing is, and its node must not be taken for dead when the cell is done. Returns what cancels it.
 */
export function afterSeconds(seconds: number, fn: () => void): () => void {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(
    () => {
      immediate = setImmediate(fn);
    },
    Math.min(seconds * 1000, LONGEST),
  );
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}
