/** `secop-lab watch`: follows an experiment from a terminal, read-only. */

import { BestEffortCallback, follow } from "../../lib/index";

/** Prints the runs of a broker as they grow, until Ctrl-C. */
export async function watchCommand(uri: string): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  console.log(`following ${uri} (Ctrl-C ends it)`);
  await follow(uri, new BestEffortCallback(), stop.signal);
}
