/** `secop-lab run`: executes a notebook on a kernel of its own, without Jupyter. */

import { mkdirSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { parseParameter } from "../magics/index";
import { htmlPage, NotebookRun, type RunEnd, readNotebook, TerminalView } from "../run/index";

export interface RunOptions {
  readonly output?: string;
  readonly parameter?: readonly string[];
  /** Also writes an HTML page: at this path or, if true, beside the executed notebook. */
  readonly html?: string | true;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Sets the exit code: 0 if every cell succeeded, 1 if one failed, 130 after Ctrl-C (128 + number of the
 * signal).
 */
export async function runNotebook(file: string, options: RunOptions): Promise<void> {
  const input = resolve(file);
  const outputPath = resolve(options.output ?? input.replace(/(\.ipynb)?$/, ".executed.ipynb"));
  const parameters = new Map((options.parameter ?? []).map(parseParameter));
  const notebook = readNotebook(input);
  const pagePath =
    options.html === true ? outputPath.replace(/(\.ipynb)?$/, ".html") : options.html && resolve(options.html);
  for (const path of [outputPath, pagePath]) {
    if (path) mkdirSync(dirname(path), { recursive: true });
  }
  // A reader of our output may end early (`| head`). The run continues, since its result is the file.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const view = new TerminalView((text) => process.stdout.write(text));
  const run = new NotebookRun({ notebook, folder: dirname(input), outputPath, view, parameters });
  const codes: Record<RunEnd, number> = { executed: 0, failed: 1, interrupted: 0 };
  onSignals((signal, again) => {
    codes.interrupted = 128 + constants.signals[signal];
    if (again) {
      run.kill();
      process.exit(codes.interrupted);
    }
    view.line("interrupted: ending the running cell (interrupt once more to end at once)");
    run.interrupt();
  });
  const end = await run.run();
  if (pagePath) writeFileSync(pagePath, await htmlPage(notebook, basename(input, ".ipynb")));
  view.line(`${end}: ${outputPath}${pagePath ? ` and ${pagePath}` : ""}`);
  process.exitCode = codes[end];
}

function onSignals(listener: (signal: NodeJS.Signals, again: boolean) => void): void {
  let count = 0;
  for (const signal of SIGNALS) process.on(signal, () => listener(signal, count++ > 0));
}
