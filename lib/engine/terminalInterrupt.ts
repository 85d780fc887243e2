/**
 * Ctrl-C in a script: all plans that run are aborted, which stops the hardware and closes the runs, and then the process ends as it
 * would have. Ctrl-C again ends it at once.
 */
const aborts = new Set<() => Promise<unknown>>();

/** `abort` is called at Ctrl-C, until the function is called that this returns. */
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
