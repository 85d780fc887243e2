/**
 * Ctrl-C in a script: the plan is aborted, which stops the hardware and closes the run, and then the process ends as it would have.
 * Ctrl-C again ends it at once.
 */
export function onTerminalInterrupt(abort: () => Promise<unknown>): () => void {
  const listener = () => {
    const end = () => process.kill(process.pid, "SIGINT");
    abort().then(end, end);
  };
  process.once("SIGINT", listener);
  return () => process.off("SIGINT", listener);
}
