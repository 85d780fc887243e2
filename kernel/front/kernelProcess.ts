/** The process behind a notebook: started by Jupyter with a connection file, ended by it. */

import { errorText } from "../../lib/errors";
import { startSession } from "../cells/index";
import { runShutdown, tellCodeStopped } from "../output/index";
import { KernelServer } from "./kernelServer";

/** Runs until the front-end ends it. `connectionFile` is Jupyter's. */
export async function startKernel(connectionFile: string): Promise<void> {
  const session = startSession();
  const interruptBySignal = (): void => void session.interrupt();
  const listenToSigint = (): void => {
    process.off("SIGINT", interruptBySignal).on("SIGINT", interruptBySignal);
  };
  listenToSigint();
  const server = new KernelServer(session, connectionFile, {
    firstReply: () => void session.prepare(),
    terminated: () => {
      listenToSigint();
      tellCodeStopped();
    },
    shutdown: runShutdown,
  });
  try {
    await server.init();
  } catch (error) {
    console.error(`secop-lab kernel: ${errorText(error)}`);
    // Sockets and threads that are there already would keep it alive, deaf.
    process.exit(1);
  }
}
