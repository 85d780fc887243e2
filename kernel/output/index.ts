/**
 * What cells show: text, results, displays and errors, each attributed to the cell whose code produced it.
 *
 * It may use the types of protocol/ and stop/, tslab's adapter, and the display chapter of the library. Begin
 * with cell.ts: code finds its cell by async context. resultBundle.ts turns a value into a result,
 * cellError.ts an error into a traceback, and notebookHost.ts connects the views of the library.
 */

export {
  bindToCell,
  Cell,
  type CellMetadata,
  currentCell,
  KeyboardInterrupt,
  OutOfMemory,
  type OutputSink,
  runInCell,
} from "./cell";
export { type CellError, cellErrorOf, diagnosticLines, typeCheckError } from "./cellError";
export { captureInput } from "./cellInput";
export { publishChanging } from "./changingResults";
export type { Evaluation } from "./evaluation";
export { inspected } from "./inspected";
export { notifyCodeStopped, onCodeStopped, registerNotebookHost, runShutdown } from "./notebookHost";
export { passOnText } from "./pipedText";
export { captureProcessOutput } from "./processOutput";
export { toBundle } from "./resultBundle";
export { showUncaughtErrors } from "./uncaughtErrors";
export { wholeError } from "./wholeError";
