/** What a process needs to run cells, whoever asks for them: Jupyter or a headless run. */

import { currentCell } from "./cell";
import { CellExecutor } from "./cellExecutor";
import { errorReport } from "./errorReport";
import { registerNotebookHost } from "./notebookHost";
import { captureProcessOutput } from "./processOutput";
import { Session } from "./session";
import { tslabConverter } from "./tslabAdapter";

/** A session whose cells own the output, the errors and the views of this process, and find modules from its working directory. */
export function startSession(): Session {
  registerNotebookHost();
  captureProcessOutput();
  showUncaughtErrors();
  return new Session(new CellExecutor(process.cwd(), tslabConverter()));
}

/** An error that nobody caught belongs to the cell whose code it came from; the kernel goes on. */
function showUncaughtErrors(): void {
  const show = (error: unknown): void => {
    const report = errorReport(error);
    const cell = currentCell();
    if (cell) cell.publish("error", report);
    else console.error(report.traceback.join("\n"));
  };
  process.on("uncaughtException", show);
  process.on("unhandledRejection", show);
}
