/** `secop-lab run`: executes a notebook in this process, without Jupyter. */

import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { isInterrupting } from "../interruption";
import { runShutdown } from "../notebookHost";
import { htmlPage } from "../run/htmlPage";
import { readNotebook } from "../run/notebookFile";
import { NotebookRun } from "../run/notebookRun";
import { parseParameter } from "../run/parameters";
import { TerminalView } from "../run/terminalView";
import { prelude, startSession } from "../startSession";

export interface RunOptions {
  readonly output?: string;
  readonly parameter?: readonly string[];
  /** Also an HTML page: at this path, or (`true`) beside the executed notebook. */
  readonly html?: string | true;
}

/** Exit code after a second interrupt, as a shell has it for SIGINT. */
const INTERRUPTED = 130;

/** Ends the process: 0 if every cell succeeded, 1 if one failed. */
export async function runNotebook(file: string, options: RunOptions): Promise<never> {
  const input = resolve(file);
  const outputPath = resolve(options.output ?? input.replace(/(\.ipynb)?$/, ".executed.ipynb"));
  const parameters = new Map((options.parameter ?? []).map(parseParameter));
  const notebook = readNotebook(input);
  const pagePath =
    options.html === true ? outputPath.replace(/(\.ipynb)?$/, ".html") : options.html && resolve(options.html);
  for (const path of [outputPath, pagePath]) if (path) mkdirSync(dirname(path), { recursive: true });
  process.chdir(dirname(input));
  const write = process.stdout.write.bind(process.stdout);
  const session = startSession();
  void session.prepare(prelude());
  const view = new TerminalView(write);
  const run = new NotebookRun({ session, notebook, outputPath, view, parameters });
  process.on("SIGINT", () => {
    if (isInterrupting() || !session.interrupt()) process.exit(INTERRUPTED);
    view.line("interrupted: ending the running cell (once more to end at once)");
  });
  const succeeded = await run.run();
  await runShutdown();
  run.save();
  if (pagePath) writeFileSync(pagePath, await htmlPage(notebook, basename(input, ".ipynb")));
  view.line(`${succeeded ? "executed" : "failed"}: ${outputPath}${pagePath ? ` and ${pagePath}` : ""}`);
  process.exit(succeeded ? 0 : 1);
}
