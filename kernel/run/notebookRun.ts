/** Runs a notebook without Jupyter: the kernel's own session, outputs into the file as they come and into the terminal. */

import { performance } from "node:perf_hooks";
import { UsageError } from "../../lib/errors";
import type { ExecuteReply, ExecutionClient, Session } from "../session";
import { CellOutputs } from "./cellOutputs";
import { type CodeCell, freshCodeCells, hasTag, type Notebook, sourceOf, writeNotebook } from "./notebookFile";
import { withParameters } from "./parameters";
import type { TerminalView } from "./terminalView";

export interface NotebookRunOptions {
  readonly session: Session;
  readonly notebook: Notebook;
  /** Where the executed notebook is written, also while it runs. */
  readonly outputPath: string;
  readonly view: TerminalView;
  readonly parameters: ReadonlyMap<string, unknown>;
}

/** A running notebook is saved this often at most. */
const SAVE_MS = 1000;

export class NotebookRun {
  readonly #options: NotebookRunOptions;
  readonly #outputs = new CellOutputs();
  #savedMs = 0;
  #saveLater: NodeJS.Timeout | undefined;

  constructor(options: NotebookRunOptions) {
    this.#options = options;
  }

  /** Resolves to whether no cell failed that was not meant to (tag `raises-exception`). The rest after a failure is not run. */
  async run(): Promise<boolean> {
    const { notebook, parameters, view } = this.#options;
    notebook.metadata.kernelspec = {
      name: "secop-lab",
      display_name: "TypeScript (secop-lab)",
      language: "typescript",
    };
    const cells = freshCodeCells(notebook);
    if (parameters.size > 0) this.#setParameters(cells);
    // A cell may wait for something that does not keep the process alive.
    const alive = setInterval(() => undefined, 60_000);
    try {
      for (const [index, cell] of cells.entries()) {
        const code = sourceOf(cell);
        if (code.trim() === "") continue;
        view.line(`[${index + 1}/${cells.length}] ${code.trim().split("\n", 1)[0]}`);
        const { status } = await this.#runCell(cell, code);
        if (status !== "ok" && !hasTag(cell, "raises-exception")) return false;
      }
      return true;
    } finally {
      clearInterval(alive);
      this.save();
    }
  }

  save(): void {
    clearTimeout(this.#saveLater);
    this.#saveLater = undefined;
    writeNotebook(this.#options.outputPath, this.#options.notebook);
    this.#savedMs = performance.now();
  }

  /** Puts the values into the cell tagged `parameters`; cells that start with `%%parameters` take them from the environment. */
  #setParameters(cells: readonly CodeCell[]): void {
    const { parameters } = this.#options;
    process.env.SECOP_LAB_PARAMETERS = JSON.stringify(Object.fromEntries(parameters));
    const cell = cells.find((candidate) => hasTag(candidate, "parameters"));
    if (cell) cell.source = withParameters(sourceOf(cell), parameters);
    else if (!cells.some((candidate) => /^\s*%%?parameters\b/.test(sourceOf(candidate)))) {
      throw new UsageError(
        "this notebook takes no parameters: it has no cell tagged `parameters` or starting with %%parameters",
      );
    }
  }

  async #runCell(cell: CodeCell, code: string): Promise<ExecuteReply> {
    const reply = await new Promise<ExecuteReply>((resolve) => {
      this.#options.session.execute({ code, stop_on_error: false }, this.#client(cell, resolve));
    });
    cell.execution_count = reply.execution_count;
    this.save();
    return reply;
  }

  #client(cell: CodeCell, end: (reply: ExecuteReply) => void): ExecutionClient {
    const { view } = this.#options;
    return {
      begin: () => undefined,
      stream: (name, text) => {
        this.#outputs.stream(cell.outputs, name, text);
        view.stream(name, text);
        this.#saveSoon();
      },
      publish: (type, content) => {
        const copy = JSON.parse(JSON.stringify(content)) as Record<string, unknown>;
        this.#outputs.publish(cell.outputs, type, copy);
        view.publish(type, copy);
        this.#saveSoon();
      },
      ask: (prompt) => Promise.reject(new Error(`a headless run cannot answer "${prompt}"`)),
      end,
    };
  }

  #saveSoon(): void {
    this.#saveLater ??= setTimeout(() => this.save(), Math.max(0, this.#savedMs + SAVE_MS - performance.now()));
  }
}
