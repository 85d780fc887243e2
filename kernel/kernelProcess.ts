/** The process behind a notebook: started by Jupyter with a connection file, ended by it. */

import { currentCell } from "./cell";
import { CellExecutor } from "./cellExecutor";
import { errorReport } from "./errorReport";
import { registerNotebookHost, runShutdown } from "./notebookHost";
import { captureProcessOutput } from "./processOutput";
import { KernelServer } from "./server";
import { Session } from "./session";
import { tslabConverter } from "./tslabAdapter";

/** Runs until the front-end ends it. `connectionFile` is Jupyter's. */
export async function startKernel(connectionFile: string): Promise<void> {
  const session = new Session(new CellExecutor(process.cwd(), tslabConverter()));
  registerNotebookHost();
  showUncaughtErrors();
  process.on("SIGINT", () => session.interrupt());
  const server = new KernelServer(session, connectionFile, runShutdown);
  await server.init();
  captureProcessOutput();
  session.executor.warm();
}

/** An error that nobody caught belongs to the cell whose code it came from; the kernel goes on. */
export function showUncaughtErrors(): void {
  const show = (error: unknown): void => {
    const report = errorReport(error);
    const cell = currentCell();
    if (cell) cell.publish("error", report);
    else console.error(report.traceback.join("\n"));
  };
  process.on("uncaughtException", show);
  process.on("unhandledRejection", show);
}
