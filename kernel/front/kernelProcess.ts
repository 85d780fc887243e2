/** The kernel process of a notebook: Jupyter starts it with a connection file, and ends it. */

import { errorText } from "../../lib/errors";
import { startSession } from "../cells/index";
import { notifyCodeStopped, runShutdown } from "../output/index";
import { KernelServer } from "./kernelServer";

/**
 * Starts a kernel, which runs until the front-end ends it. `connectionFile` is the path of
 * Jupyter's connection file.
 */
export async function startKernel(connectionFile: string): Promise<void> {
  const session = startSession();
  const interruptBySignal = (): void => void session.interrupt();
  const listenToSigint = (): void => {
    process.off("SIGINT", interruptBySignal).on("SIGINT", interruptBySignal);
  };
  listenToSigint();
  const server = new KernelServer(session, connectionFile, {
    firstReply: () => void session.warm(),
    terminated: () => {
      listenToSigint();
      notifyCodeStopped();
    },
    shutdown: runShutdown,
  });
  try {
    await server.init();
  } catch (error) {
    console.error(`secop-lab kernel: ${errorText(error)}`);
    // Sockets and threads that exist already would keep the process alive, although it cannot be reached.
    process.exit(1);
  }
}
