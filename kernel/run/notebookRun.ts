/**
 * Runs a notebook without Jupyter: on a kernel of its own, with outputs in the file and in the terminal while
 * it runs.
 */

import { performance } from "node:perf_hooks";
import { UsageError } from "../../lib/errors";
import { requireDeclared, withParameters } from "../magics/index";
import { type CodeCell, freshCodeCells, hasTag, type Notebook, sourceOf, writeNotebook } from "../notebookFile";
import { CellOutputs } from "./cellOutputs";
import { HeadlessKernel } from "./headlessKernel";
import { KernelDied } from "./kernelDied";
import type { TerminalView } from "./terminalView";

export interface NotebookRunOptions {
  readonly notebook: Notebook;
  /** The path of the notebook, which start documents of its runs name. */
  readonly path: string;
  /** The folder from which cells resolve modules and files. */
  readonly folder: string;
  /** Path of the executed notebook, which is also written while it runs. */
  readonly outputPath: string;
  readonly view: TerminalView;
  /**
   * Values of parameters, by name. The constructor throws a UsageError for a name that the notebook does not
   * declare.
   */
  readonly parameters: ReadonlyMap<string, unknown>;
  /** Variables of the environment of the kernel. */
  readonly env?: Readonly<Record<string, string>>;
  /** Code that runs after the last cell; its output is shown, but not kept. The run fails if it fails. */
  readonly lastCommand?: string;
}

/** How a run ended. */
export type RunEnd = "executed" | "failed" | "interrupted";

/** The shortest time between two saves of a running notebook. */
const SAVE_MS = 1000;

/** One run of a notebook. */
export class NotebookRun {
  readonly #options: NotebookRunOptions;
  readonly #cells: readonly CodeCell[];
  readonly #outputs = new CellOutputs();
  readonly #env: NodeJS.ProcessEnv = { ...process.env };
  #kernel: HeadlessKernel | undefined;
  #interrupted = false;
  /** Whether a cell showed an error without being tagged `raises-exception`, possibly after its end. */
  #failed = false;
  #savedMs = 0;
  #saveLater: NodeJS.Timeout | undefined;

  constructor(options: NotebookRunOptions) {
    this.#options = options;
    const { notebook, parameters, path } = options;
    // Jupyter's server sets this variable for its kernels, too.
    this.#env.JPY_SESSION_NAME = path;
    notebook.metadata.kernelspec = {
      name: "secop-lab",
      display_name: "TypeScript (secop-lab)",
      language: "typescript",
    };
    Object.assign(this.#env, options.env);
    this.#cells = freshCodeCells(notebook);
    if (parameters.size > 0) this.#setParameters();
  }

  /**
   * Runs the cells. The run fails if a cell fails that is not tagged `raises-exception`. Cells after a
   * failure or an interrupt do not run. Rejects if the notebook cannot be written: before any cell runs, or
   * after the first cell whose outputs could not be saved.
   */
  async run(): Promise<RunEnd> {
    this.save();
    const kernel = await HeadlessKernel.start(this.#options.folder, this.#env);
    this.#kernel = kernel;
    let end: RunEnd;
    try {
      end = await this.#runCells(kernel).catch(this.#endOfDeadKernel);
    } finally {
      await kernel.close();
      this.save();
    }
    // An error may come after its cell has ended: of a promise that nobody awaited, or of a timer.
    return end === "executed" && this.#failed ? "failed" : end;
  }

  /** Interrupts the running cell, whose plan stops the hardware by its policy, and then ends the run. */
  interrupt(): void {
    this.#interrupted = true;
    this.#kernel?.interrupt();
  }

  /** Ends the run at once; the file keeps the outputs so far. */
  kill(): void {
    this.#kernel?.kill();
    this.save();
  }

  /** Writes the executed notebook. */
  save(): void {
    clearTimeout(this.#saveLater);
    this.#saveLater = undefined;
    writeNotebook(this.#options.outputPath, this.#options.notebook);
    this.#savedMs = performance.now();
  }

  /**
   * Sets the values in the cell tagged `parameters`, or in the environment, where cells that start with
   * `%%parameters` read them.
   */
  #setParameters(): void {
    const { parameters } = this.#options;
    const tagged = this.#cells.find((candidate) => hasTag(candidate, "parameters"));
    if (tagged) {
      tagged.source = withParameters(sourceOf(tagged), parameters);
      return;
    }
    const magic = this.#cells.map(sourceOf).filter((code) => PARAMETERS_MAGIC.test(code));
    if (magic.length === 0) {
      throw new UsageError(
        "this notebook has no parameters: none of its cells is tagged `parameters` or starts with %%parameters",
      );
    }
    requireDeclared(magic.map((code) => code.replace(PARAMETERS_MAGIC, "")).join(";\n"), parameters);
    this.#env.SECOP_LAB_PARAMETERS = JSON.stringify(Object.fromEntries(parameters));
  }

  async #runCells(kernel: HeadlessKernel): Promise<RunEnd> {
    const { view } = this.#options;
    for (const [index, cell] of this.#cells.entries()) {
      if (this.#interrupted) return "interrupted";
      const code = sourceOf(cell);
      if (code.trim() === "") continue;
      view.line(`[${index + 1}/${this.#cells.length}] ${code.trim().split("\n", 1)[0]}`);
      const succeeded = await this.#runCell(kernel, cell, code);
      this.save();
      if (!succeeded && !this.#interrupted && !hasTag(cell, "raises-exception")) return "failed";
    }
    if (this.#interrupted) return "interrupted";
    return (await this.#runLastCommand(kernel)) ? "executed" : "failed";
  }

  async #runLastCommand(kernel: HeadlessKernel): Promise<boolean> {
    const { lastCommand, view } = this.#options;
    if (lastCommand === undefined) return true;
    const reply = await kernel.execute(lastCommand, (type, content) => {
      if (type !== "execute_input") view.publish(type, content);
    });
    return reply.status === "ok";
  }

  async #runCell(kernel: HeadlessKernel, cell: CodeCell, code: string): Promise<boolean> {
    try {
      const reply = await kernel.execute(code, (type, content) => this.#publish(cell, type, content), {
        cell: { cellId: cell.id, tags: cell.metadata.tags },
      });
      cell.execution_count = reply.execution_count ?? null;
      return reply.status === "ok";
    } catch (error) {
      if (error instanceof KernelDied) this.#publish(cell, "error", { ...error.report() });
      throw error;
    }
  }

  readonly #saveMeanwhile = (): void => {
    try {
      this.save();
    } catch {
      // A full disk must not cut off a running cell, which may be moving something. The save after the cell
      // reports it.
    }
  };

  /** No more cells can run without a kernel, whatever the tags of the cell that ended it. */
  readonly #endOfDeadKernel = (error: unknown): RunEnd => {
    if (!(error instanceof KernelDied)) throw error;
    return this.#interrupted ? "interrupted" : "failed";
  };

  #publish(cell: CodeCell, type: string, content: Readonly<Record<string, unknown>>): void {
    if (type === "error" && !hasTag(cell, "raises-exception")) this.#failed = true;
    this.#outputs.publish(cell.outputs, type, content);
    this.#options.view.publish(type, content);
    this.#saveLater ??= setTimeout(this.#saveMeanwhile, Math.max(0, this.#savedMs + SAVE_MS - performance.now()));
  }
}

/** The first line of a parameters cell. It may begin with a single %, which the kernel accepts as well. */
const PARAMETERS_MAGIC = /^\s*%%?parameters\b.*/;
