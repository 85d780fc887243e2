/**
 * Headless runs: a notebook is executed without Jupyter, on a kernel process of its own.
 *
 * It may use protocol/ (to talk to that kernel), magics/ (to set parameters) and types of the chapters below.
 * Begin with notebookRun.ts (one run; scriptRun.ts runs a script), then headlessKernel.ts (the kernel
 * process). Outputs go to the notebook file (cellOutputs.ts), to the terminal (terminalView.ts) and to a web
 * page (htmlPage.ts).
 */

export { htmlPage } from "./htmlPage";
export { NotebookRun, type NotebookRunOptions, type RunEnd } from "./notebookRun";
export { ScriptRun, type ScriptRunOptions } from "./scriptRun";
export { TerminalView } from "./terminalView";
