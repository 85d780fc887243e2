/** Starts the session of a kernel process, and connects it to the process. */

import { UsageError } from "../../lib/errors";
import { usesNativeCompiler } from "../compiler/index";
import type { NotebookLanguageService } from "../converter/index";
import { packageRoot } from "../installation";
import type { MagicRegistry } from "../magics/index";
import { MagicTranslator } from "../magics/magicTranslator";
import {
  type Cell,
  captureProcessOutput,
  currentCell,
  diagnosticLines,
  registerNotebookHost,
  showUncaughtErrors,
  toBundle,
} from "../output/index";
import { CellExecutor } from "./cellExecutor";
import { notebookComms } from "./comms";
import { provideKernelApi } from "./kernelApi";
import { NotebookSession } from "./notebookSession";
import { showValue } from "./showing";

/**
 * Starts a session. Its cells receive the output, the errors and the views of this process, and resolve
 * modules from its working directory.
 */
export function startSession(): NotebookSession {
  const executor = new CellExecutor(loadLanguage);
  if (usesNativeCompiler()) executor.start();
  registerNotebookHost(() => executor.values());
  captureProcessOutput();
  showUncaughtErrors();
  const magics = new MagicTranslator(loadMagics, () => executor.values());
  provideApi(magics);
  return new NotebookSession(executor, magics, PRELUDE);
}

/**
 * The names and types of the library need no import in a notebook. A name that the notebook
 * declares takes precedence.
 */
const PRELUDE =
  'export * from "secop-lab"; import { clearOutput, comms, display, image, input, json, md, svg, vegaLite } from "secop-lab/kernel";';

/** Lets code of cells use the kernel (kernelApi.ts). */
function provideApi(magics: MagicTranslator): void {
  const cell = (): Cell => {
    const running = currentCell();
    if (!running) throw new UsageError("no cell has run yet");
    return running;
  };
  provideKernelApi({
    comms: notebookComms,
    input: (prompt = "", { password = false } = {}) => cell().ask(prompt, password),
    clearOutput: (wait = false) => cell().publish("clear_output", { wait }),
    display: (value) => {
      const shownIn = cell();
      const { handle, shown } = showValue(value, toBundle, (data, id, update) =>
        shownIn.publish(update ? "update_display_data" : "display_data", {
          data,
          metadata: {},
          transient: { display_id: id },
        }),
      );
      shownIn.hold(shown);
      return handle;
    },
    registerMagic: (magic) => magics.registry.register(magic),
    runMagic: (name, args) => magics.run(name, args, cell()),
    get magicRuntime() {
      return require("../magics/magicRuntime") as typeof import("../magics/magicRuntime");
    },
  });
}

function loadMagics(): MagicRegistry {
  return (require("../magics/builtinMagics") as typeof import("../magics/builtinMagics")).builtinMagics();
}

/** Loads the language service. Its warnings are shown in the cell that they are about. */
function loadLanguage(): NotebookLanguageService {
  const { openNotebookLanguage } = require("../compiler/index") as typeof import("../compiler/index");
  return openNotebookLanguage({
    packageRoot,
    currentSignal: () => currentCell()?.signal,
    warn: (warnings) => {
      const cell = currentCell();
      if (!cell) return;
      for (const line of diagnosticLines(warnings, cell.code, cell.name)) cell.stream("stderr", `${line}\n`);
    },
  });
}
