/** `secop-lab run`: executes a notebook or a script on a kernel of its own, without Jupyter. */

import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { readRecording, UsageError } from "../../lib/index";
import { parseParameter } from "../magics/index";
import { isScript, readNotebook, stemOf } from "../notebookFile";
import { htmlPage, NotebookRun, type RunEnd, ScriptRun, TerminalView } from "../run/index";
import { speedOf } from "./numericOptions";

export interface RunOptions {
  readonly output?: string;
  readonly parameter?: readonly string[];
  /** Also writes an HTML page: at this path or, if true, beside the executed notebook. */
  readonly html?: string | true;
  /** Records the session: into this file or, if true, into NAME.rec beside the notebook. */
  readonly record?: string | true;
  /** Replays a recording instead of connecting to the nodes. */
  readonly replay?: string | true;
  /** Refuses reads that were not recorded. */
  readonly strict?: boolean;
  readonly redact?: string;
  /** Simulates the nodes; with `replay`, only from where the recording has no answer. */
  readonly simulate?: boolean;
  /** Simulated seconds per second. */
  readonly speed?: string;
  /** Shows errors with their whole stack, fields and causes. */
  readonly verbose?: boolean;
  /** A node that is not as it was locked is an error. */
  readonly locked?: boolean;
  /** Locks the nodes as they are now. */
  readonly accept?: boolean;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs a script if the file is called so, else a notebook. `args` are for the script. */
export function runFile(file: string, args: readonly string[], options: RunOptions): Promise<void> {
  if (isScript(file)) return runScript(file, args, options);
  if (args.length > 0)
    throw new UsageError(`${file} is a notebook, which takes no arguments but parameters: -p NAME=VALUE`);
  return runNotebook(file, options);
}

/** Sets the exit code: that of the script, or 130 after Ctrl-C. */
async function runScript(file: string, args: readonly string[], options: RunOptions): Promise<void> {
  const { output, html, parameter = [] } = options;
  if (output !== undefined || html !== undefined)
    throw new UsageError(`${file} is a script: --output and --html are for notebooks`);
  const path = resolve(file);
  const script = new ScriptRun({
    path,
    args,
    ...rerunOf(path, options, new Map(parameter.map(parseParameter))),
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
  ignoreClosedPipes();
  const interrupted = onSignals(script, (text) => console.error(text));
  const code = await script.run();
  process.exitCode = interrupted() ?? code;
}

/**
 * Sets the exit code: 0 if every cell succeeded, 1 if one failed, 130 after Ctrl-C (128 + number of the
 * signal).
 */
async function runNotebook(file: string, options: RunOptions): Promise<void> {
  const input = resolve(file);
  const rerun = rerunOf(input, options, new Map((options.parameter ?? []).map(parseParameter)));
  const outputPath = resolve(options.output ?? input.replace(/(\.ipynb)?$/, rerun.ending));
  const notebook = readNotebook(input);
  const pagePath =
    options.html === true ? outputPath.replace(/(\.ipynb)?$/, ".html") : options.html && resolve(options.html);
  for (const path of [outputPath, pagePath]) {
    if (path) mkdirSync(dirname(path), { recursive: true });
  }
  ignoreClosedPipes();
  const view = new TerminalView(
    (text) => process.stdout.write(text),
    (text) => process.stderr.write(text),
  );
  const run = new NotebookRun({
    notebook,
    path: input,
    folder: dirname(input),
    outputPath,
    view,
    ...rerun,
  });
  const interrupted = onSignals(run, (text) => view.line(text));
  const end = await run.run();
  if (pagePath) writeFileSync(pagePath, await htmlPage(notebook, basename(input, ".ipynb")));
  view.line(`${end}: ${outputPath}${pagePath ? ` and ${pagePath}` : ""}`);
  process.exitCode = interrupted() ?? EXIT_CODES[end];
}

const EXIT_CODES: Record<RunEnd, number> = { executed: 0, failed: 1, interrupted: 1 };

/** A reader of our output may end early (`| head`). The run continues, since its result is in files. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}

/**
 * Interrupts a run by the first signal and ends it at once by the second. Returns a function that returns the
 * exit code after a signal.
 */
function onSignals(run: Pick<NotebookRun, "interrupt" | "kill">, say: (text: string) => void) {
  let code: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    const again = code !== undefined;
    code = 128 + constants.signals[signal];
    if (again) {
      run.kill();
      process.exit(code);
    }
    say("interrupted: ending the running code (interrupt once more to end at once)");
    run.interrupt();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return (): number | undefined => code;
}

/**
 * How a run is recorded, replayed or simulated, and how its errors are shown. @throws UsageError if the
 * recording is damaged
 */
function rerunOf(input: string, options: RunOptions, parameters: ReadonlyMap<string, unknown>) {
  const { record, replay, strict, redact, simulate, speed, verbose, locked, accept } = options;
  if (locked && accept) throw new UsageError("choose one of --locked and --accept");
  if (accept && replay !== undefined) throw new UsageError("--accept is for nodes: a replay has none");
  if (record !== undefined && replay !== undefined) throw new UsageError("choose one of --record and --replay");
  if (record !== undefined && simulate) throw new UsageError("choose one of --record and --simulate");
  const stem = stemOf(input);
  const env: Record<string, string> = { SECOP_LAB_NOTEBOOK: basename(input) };
  if (verbose) env.SECOP_LAB_VERBOSE = "1";
  env.SECOP_LAB_LOCK = locked ? "locked" : accept ? "accept" : "report";
  if (redact !== undefined) env.SECOP_LAB_REDACT = redact;
  if (record !== undefined) env.SECOP_LAB_RECORD = record === true ? `${stem}.rec` : resolve(record);
  if (record !== undefined && parameters.size > 0)
    env.SECOP_LAB_RECORDED_PARAMETERS = JSON.stringify(Object.fromEntries(parameters));
  const path = typeof replay === "string" ? resolve(replay) : recordingBeside(stem);
  if (simulate) env.SECOP_LAB_SIMULATE = path;
  if (speed !== undefined) env.SECOP_LAB_SPEED = simulationSpeed(speed, simulate === true && replay === undefined);
  if (replay === undefined) return { env, parameters, ending: simulate ? ".simulated.ipynb" : ".executed.ipynb" };
  if (replay === true && !existsSync(path)) throw noRecording(path, input);
  const { cutOff, lines, name, parameters: recorded } = readRecording(path);
  if (cutOff) console.log(`${name} was cut off after ${lines.at(-1)?.at ?? 0} s: its last line is not complete`);
  // Replayed runs are made anew each time, in a folder of their own.
  rmSync(`${path.replace(/\.rec(\.gz)?$/, "")}.replay`, { recursive: true, force: true });
  env.SECOP_LAB_REPLAY = path;
  if (strict) env.SECOP_LAB_STRICT = "1";
  return {
    env,
    parameters: new Map([...recorded, ...parameters]),
    ending: ".replayed.ipynb",
    lastCommand: "%replay --summary",
  };
}

/** @throws UsageError if it is not a positive number, or nothing is simulated in real time */
function simulationSpeed(text: string, isSimulated: boolean): string {
  if (!isSimulated) throw new UsageError("--speed is for --simulate: a replay is as fast as the computer");
  return String(speedOf(text));
}

/** The error where a notebook or script has no recording beside it: it may have been renamed. */
export function noRecording(path: string, file: string): UsageError {
  const advice = `make one by  secop-lab run ${basename(file)} --record  or name it: --replay FILE`;
  return new UsageError(`there is no recording ${path}: ${advice}`);
}

/**
 * The recording of a notebook, which may be packed.
 * @param stem the path of the notebook without its ending
 */
export function recordingBeside(stem: string): string {
  return existsSync(`${stem}.rec`) || !existsSync(`${stem}.rec.gz`) ? `${stem}.rec` : `${stem}.rec.gz`;
}
