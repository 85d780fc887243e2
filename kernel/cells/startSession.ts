/** Starts the session of a kernel process, and connects it to the process. */

import { errorText, UsageError } from "../../lib/errors";
import { type NotebookLanguage, openNotebookLanguage } from "../compiler/index";
import { packageRoot, version } from "../installation";
import type { MagicRegistry } from "../magics/index";
import { MagicTranslator } from "../magics/magicTranslator";
import {
  type Cell,
  captureInput,
  captureProcessOutput,
  currentCell,
  diagnosticLines,
  onCodeStopped,
  registerNotebookHost,
  showUncaughtErrors,
  toBundle,
} from "../output/index";
import { CellExecutor } from "./cellExecutor";
import { cellOrigin } from "./cellOrigin";
import { notebookComms } from "./comms";
import { provideKernelApi } from "./kernelApi";
import { builtLibrary, PRELUDE } from "./library";
import { NotebookParameters } from "./notebookParameters";
import { NotebookSession } from "./notebookSession";
import { type DisplayHandle, showValue } from "./showing";

/**
 * Starts a session. Its cells receive the output, the errors and the views of this process, and resolve
 * modules from its working directory.
 */
export function startSession(): NotebookSession {
  const executor = new CellExecutor(loadLanguage);
  executor.start();
  const parameters = new NotebookParameters(() => executor.values());
  registerNotebookHost(
    () => executor.values(),
    (cell) => cellOrigin(cell, parameters),
    () => session.interrupt(),
  );
  onCodeStopped(() => executor.forgetUnfinishedModules());
  beginRerun();
  captureProcessOutput();
  captureInput();
  showUncaughtErrors();
  const magics: MagicTranslator = new MagicTranslator(loadMagics, () => executor.values(), {
    inspect: (code, position) => executor.inspect(code, position),
    forget: (names) => executor.forget(names),
    inputs: () => session.history.inputs,
  });
  const prelude = builtLibrary(process.cwd()) ?? PRELUDE;
  const session: NotebookSession = new NotebookSession(executor, magics, prelude, parameters);
  provideApi(magics);
  return session;
}

/** Records, replays or simulates the session from its start, as `secop-lab run` asks by its environment. */
function beginRerun(): void {
  const { SECOP_LAB_RECORD: record, SECOP_LAB_REPLAY: replay, SECOP_LAB_SIMULATE: like } = process.env;
  if (!record && !replay && !like) return;
  const { startRecording, startReplay, startSimulation, useCellGlobals } =
    require("../../lib/index") as typeof import("../../lib/index");
  const { SECOP_LAB_RUNS: dir, SECOP_LAB_STRICT, SECOP_LAB_REDACT, SECOP_LAB_SPEED } = process.env;
  const { SECOP_LAB_RECORDED_PARAMETERS: parameters } = process.env;
  if (like) startSimulation({ like, speed: Number(SECOP_LAB_SPEED ?? 1) });
  if (!record && !replay) return;
  useCellGlobals();
  if (replay) {
    startReplay(replay, { strict: SECOP_LAB_STRICT === "1", simulateRest: like !== undefined, ...(dir && { dir }) });
  } else if (record)
    startRecording(record, {
      redact: SECOP_LAB_REDACT?.split(",") ?? [],
      client: `secop-lab ${version}`,
      ...(parameters && { parameters: JSON.parse(parameters) as Record<string, unknown> }),
      ...(dir && { runsFolder: () => dir }),
    });
}

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
    display: (value) => displayIn(cell(), value),
    help: (...about) => {
      const shownIn = cell();
      shownIn.hold(
        magics.help
          .about(about, shownIn, magics.context(shownIn))
          .then((help) => help && displayIn(shownIn, help))
          .catch((error: unknown) => shownIn.stream("stderr", `${errorText(error)}\n`)),
      );
    },
    showHelp: async (name, info) => {
      const shownIn = cell();
      displayIn(shownIn, await magics.help.show(name, info ?? undefined, shownIn));
    },
    registerMagic: (magic) => magics.registry.register(magic),
    runMagic: (name, args) => magics.run(name, args, cell()),
    get magicRuntime() {
      return require("../magics/magicRuntime") as typeof import("../magics/magicRuntime");
    },
  });
}

/** Shows a value in a cell; the cell waits until it is shown. */
function displayIn(cell: Cell, value: unknown): DisplayHandle {
  const { handle, shown } = showValue(value, toBundle, (data, id, update) =>
    cell.publish(update ? "update_display_data" : "display_data", {
      data,
      metadata: {},
      transient: { display_id: id },
    }),
  );
  cell.hold(shown);
  return handle;
}

function loadMagics(): MagicRegistry {
  return (require("../magics/builtinMagics") as typeof import("../magics/builtinMagics")).builtinMagics();
}

/** Loads the language service. Its warnings are shown in the cell that they are about. */
function loadLanguage(): NotebookLanguage {
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
