/** The notebook that a program without a Jupyter server executes, by the command line of that program. */

import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { basename, resolve } from "node:path";

/** Programs that start a kernel for the notebook in their command line. A server is not one of them. */
const EXECUTES = /^(?:papermill|nbconvert|nbclient|execute|jupyter-nbconvert|jupyter-execute)$/;

let found: { readonly path: string | undefined } | undefined;

/**
 * The notebook that nbconvert, `jupyter execute` or papermill executes on this kernel, as an absolute path;
 * undefined if none of them started it. They do not pass it to the kernel, so it is read from the command
 * line of the parent process. Only Linux lets us read that: elsewhere users set SECOP_LAB_NOTEBOOK.
 */
export function executedNotebook(): string | undefined {
  found ??= { path: notebookOf(commandLine(process.ppid)) };
  return found.path;
}

interface CommandLine {
  readonly words: readonly string[];
  readonly folder: string;
}

function commandLine(pid: number): CommandLine | undefined {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    return { words, folder: readlinkSync(`/proc/${pid}/cwd`) };
  } catch {
    return undefined;
  }
}

/** The only notebook in a command line; the first one for papermill, whose second is the one it writes. */
export function notebookOf(command: CommandLine | undefined): string | undefined {
  if (!command) return undefined;
  const { words, folder } = command;
  const program = words.slice(0, 4).find((word) => EXECUTES.test(basename(word)));
  if (program === undefined) return undefined;
  const named = words.filter(
    (word, i) => /\.ipynb$/i.test(word) && !word.startsWith("-") && words[i - 1] !== "--output",
  );
  const [first, ...others] = named.map((word) => resolve(folder, word));
  const isClear = others.length === 0 || basename(program).startsWith("papermill");
  return first !== undefined && isClear && existsSync(first) ? first : undefined;
}
