/** The process behind a notebook: started by Jupyter with a connection file, ended by it. */

import { runShutdown, tellCodeStopped } from "./notebookHost";
import { KernelServer } from "./server";
import { PRELUDE, startSession } from "./startSession";

/** Runs until the front-end ends it. `connectionFile` is Jupyter's. */
export async function startKernel(connectionFile: string): Promise<void> {
  const session = startSession();
  const interruptBySignal = (): void => void session.interrupt();
  const listenToSigint = (): void => {
    process.off("SIGINT", interruptBySignal).on("SIGINT", interruptBySignal);
  };
  listenToSigint();
  const server = new KernelServer(session, connectionFile, {
    firstReply: () => void session.prepare(PRELUDE),
    terminated: () => {
      listenToSigint();
      tellCodeStopped();
    },
    shutdown: runShutdown,
  });
  await server.init();
}
