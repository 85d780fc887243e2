/** Runs Jupyter's own programs with our kernel, independently of the user's Jupyter. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { peersPython, repository, runProgram } from "./peers";

/** A cell in a notebook file. */
export interface NotebookCell {
  readonly cell_type: "code" | "markdown";
  readonly source: string | readonly string[];
  readonly outputs?: readonly NotebookOutput[];
  readonly execution_count?: number | null;
  readonly metadata?: { readonly tags?: readonly string[] };
}

/** An output of a cell in a notebook file. */
export interface NotebookOutput {
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
  readonly name?: string;
  readonly text?: string | readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
}

/** The content of a notebook file. */
export interface Notebook {
  readonly nbformat?: number;
  readonly nbformat_minor?: number;
  readonly metadata?: object;
  readonly cells: readonly NotebookCell[];
}

/** A temporary folder for Jupyter's files, with our kernel installed under `prefix`. `close()` removes it. */
export class JupyterHome {
  readonly path = mkdtempSync(join(tmpdir(), "secop-lab-jupyter-"));
  /** The folder for notebooks. */
  readonly workspace = join(this.path, "workspace");

  static async create(): Promise<JupyterHome> {
    const home = new JupyterHome();
    mkdirSync(home.workspace);
    const install = [join(repository, "dist/kernel/main.js"), "install", "--prefix", join(home.path, "prefix")];
    const { code, stderr } = await runProgram(process.execPath, install);
    if (code !== 0) throw new Error(`secop-lab install: ${stderr}`);
    return home;
  }

  /** The environment in which Jupyter's programs use this folder. */
  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      HOME: this.path,
      JUPYTER_CONFIG_DIR: join(this.path, "config"),
      JUPYTER_DATA_DIR: join(this.path, "data"),
      JUPYTER_RUNTIME_DIR: join(this.path, "runtime"),
      JUPYTER_PATH: join(this.path, "prefix/share/jupyter"),
    };
  }

  /** Runs a notebook with nbclient in the workspace. */
  async execute(
    notebook: Notebook,
    options: { readonly allowErrors?: boolean; readonly kernel?: string } = {},
  ): Promise<{ code: number | null; stderr: string; notebook: Notebook }> {
    const source = join(this.workspace, "source.ipynb");
    const target = join(this.workspace, "executed.ipynb");
    writeFileSync(source, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, ...notebook }));
    const script = join(repository, "test/peers/jupyter/execute.py");
    const args = [
      script,
      source,
      target,
      options.kernel ?? "secop-lab",
      ...(options.allowErrors ? ["--allow-errors"] : []),
    ];
    const { code, stderr } = await runProgram(peersPython(), args, {
      cwd: this.workspace,
      env: this.env,
      timeout: 150,
    });
    return { code, stderr, notebook: readNotebook(target) };
  }

  close(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Reads a notebook file. */
export function readNotebook(path: string): Notebook {
  return JSON.parse(readFileSync(path, "utf8")) as Notebook;
}

/** A notebook with these code cells. */
export function notebookOf(...sources: readonly string[]): Notebook {
  const cell = (source: string, i: number) => ({
    cell_type: "code" as const,
    id: `cell-${i}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  });
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: sources.map(cell) };
}

/** Joins a multi-line string of a notebook file, which may be a list of lines. */
export const joined = (text: string | readonly string[] | undefined): string =>
  typeof text === "string" ? text : (text ?? []).join("");
