/** Runs a notebook without Jupyter: on a kernel of its own, outputs into the file as they come and into the terminal. */

import { performance } from "node:perf_hooks";
import { UsageError } from "../../lib/errors";
import { requireDeclared, withParameters } from "../magics/parameters";
import { CellOutputs } from "./cellOutputs";
import { HeadlessKernel } from "./headlessKernel";
import { KernelDied } from "./kernelDied";
import { type CodeCell, freshCodeCells, hasTag, type Notebook, sourceOf, writeNotebook } from "./notebookFile";
import type { TerminalView } from "./terminalView";

export interface NotebookRunOptions {
  readonly notebook: Notebook;
  /** Its cells find modules and files from here. */
  readonly folder: string;
  /** Where the executed notebook is written, also while it runs. */
  readonly outputPath: string;
  readonly view: TerminalView;
  /** A UsageError is thrown for one that the notebook does not declare. */
  readonly parameters: ReadonlyMap<string, unknown>;
}

export type RunEnd = "executed" | "failed" | "interrupted";

/** A running notebook is saved this often at most. */
const SAVE_MS = 1000;

export class NotebookRun {
  readonly #options: NotebookRunOptions;
  readonly #cells: readonly CodeCell[];
  readonly #outputs = new CellOutputs();
  readonly #env: NodeJS.ProcessEnv = { ...process.env };
  #kernel: HeadlessKernel | undefined;
  #interrupted = false;
  #savedMs = 0;
  #saveLater: NodeJS.Timeout | undefined;

  constructor(options: NotebookRunOptions) {
    this.#options = options;
    const { notebook, parameters } = options;
    notebook.metadata.kernelspec = {
      name: "secop-lab",
      display_name: "TypeScript (secop-lab)",
      language: "typescript",
    };
    this.#cells = freshCodeCells(notebook);
    if (parameters.size > 0) this.#setParameters();
  }

  /**
   * "failed": a cell failed that was not meant to (tag `raises-exception`). What comes after a failure or an interrupt is not run.
   * Rejects where the notebook cannot be written: before any cell runs, or after the first whose outputs could not be kept.
   */
  async run(): Promise<RunEnd> {
    this.save();
    const kernel = await HeadlessKernel.start(this.#options.folder, this.#env);
    this.#kernel = kernel;
    try {
      return await this.#runCells(kernel).catch(this.#endOfDead);
    } finally {
      await kernel.close();
      this.save();
    }
  }

  /** Ends the running cell, which stops hardware by the policy of its plan, and then the run. */
  interrupt(): void {
    this.#interrupted = true;
    this.#kernel?.interrupt();
  }

  /** Ends the run at once; what the cells published so far is in the file. */
  kill(): void {
    this.#kernel?.kill();
    this.save();
  }

  save(): void {
    clearTimeout(this.#saveLater);
    this.#saveLater = undefined;
    writeNotebook(this.#options.outputPath, this.#options.notebook);
    this.#savedMs = performance.now();
  }

  /** Puts the values into the cell tagged `parameters`; cells that start with `%%parameters` take them from the environment. */
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
        "this notebook takes no parameters: it has no cell tagged `parameters` or starting with %%parameters",
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
    return this.#interrupted ? "interrupted" : "executed";
  }

  async #runCell(kernel: HeadlessKernel, cell: CodeCell, code: string): Promise<boolean> {
    try {
      const reply = await kernel.execute(code, (type, content) => this.#publish(cell, type, content));
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
      // A running cell, which may move something, is not cut off where the disk is full: its end tells.
    }
  };

  /** Nothing can run without a kernel, whatever the cell is tagged that ended it. */
  readonly #endOfDead = (error: unknown): RunEnd => {
    if (!(error instanceof KernelDied)) throw error;
    return this.#interrupted ? "interrupted" : "failed";
  };

  #publish(cell: CodeCell, type: string, content: Readonly<Record<string, unknown>>): void {
    this.#outputs.publish(cell.outputs, type, content);
    this.#options.view.publish(type, content);
    this.#saveLater ??= setTimeout(this.#saveMeanwhile, Math.max(0, this.#savedMs + SAVE_MS - performance.now()));
  }
}

/** With one % too few, too, as the kernel takes it. */
const PARAMETERS_MAGIC = /^\s*%%?parameters\b.*/;
