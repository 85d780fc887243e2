/**
 * Ctrl-C in a script: aborts all running plans, which stops the hardware and closes the runs; then the
 * process ends as usual.
 */

// Ctrl-C once more ends the process at once.

/** How to abort the plans that run now. */
const aborts = new Set<() => Promise<unknown>>();

/** Calls `abort` at Ctrl-C. @returns a function that stops this */
export function onTerminalInterrupt(abort: () => Promise<unknown>): () => void {
  if (aborts.size === 0) process.once("SIGINT", abortAll);
  aborts.add(abort);
  return () => {
    aborts.delete(abort);
    if (aborts.size === 0) process.off("SIGINT", abortAll);
  };
}

function abortAll(): void {
  const end = () => process.kill(process.pid, "SIGINT");
  void Promise.allSettled([...aborts].map((abort) => abort())).then(end);
}
