/** What a process needs to run cells, whoever asks for them: Jupyter or a headless run. */

import { currentCell } from "./cell";
import { CellExecutor } from "./cellExecutor";
import type { CellLanguageService } from "./converter/index";
import { diagnosticLines, errorReport } from "./errorReport";
import { packageRoot } from "./installation";
import { registerNotebookHost } from "./notebookHost";
import { captureProcessOutput } from "./processOutput";
import { Session } from "./session";

/** A session whose cells own the output, the errors and the views of this process, and find modules from its working directory. */
export function startSession(): Session {
  registerNotebookHost();
  captureProcessOutput();
  showUncaughtErrors();
  return new Session(new CellExecutor(loadLanguage));
}

/** The language service, with its warnings in the cell they are about. */
function loadLanguage(): CellLanguageService {
  const { createNotebookConverter } = require("./converter/index") as typeof import("./converter/index");
  return createNotebookConverter({
    packageRoot,
    currentSignal: () => currentCell()?.signal,
    warn: (warnings) => {
      const cell = currentCell();
      for (const line of cell ? diagnosticLines(warnings, cell.code, cell.name) : [])
        cell?.stream("stderr", `${line}\n`);
    },
  });
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
