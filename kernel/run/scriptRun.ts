/** Runs a TypeScript file without Jupyter, as one cell on a kernel of its own. */

import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { errorText, UsageError } from "../../lib/errors";
import { withParameters } from "../magics/index";
import { HeadlessKernel } from "./headlessKernel";
import { KernelDied } from "./kernelDied";
import { TerminalView } from "./terminalView";

export interface ScriptRunOptions {
  /** Absolute path of the script. Its folder is the working directory, as that of a notebook is. */
  readonly path: string;
  /** The arguments that the script finds in `process.argv.slice(2)`. */
  readonly args: readonly string[];
  /** New initial values of top-level variables of the script, by name. */
  readonly parameters: ReadonlyMap<string, unknown>;
  /** Variables of the kernel's environment, beside those of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** A magic that runs after a script that did not end its process; its output goes to stderr. */
  readonly lastCommand?: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The place of an error, as the kernel names it in its first cell. */
const PLACE = /\bIn\[1\](?=:\d+:\d+)/g;

/** One run of a script. */
export class ScriptRun {
  readonly #options: ScriptRunOptions;
  readonly #code: string;
  readonly #name: string;
  readonly #out: TerminalView;
  readonly #err: TerminalView;
  #kernel: HeadlessKernel | undefined;
  #interrupted = false;
  #failed = false;

  /** Throws a UsageError if the script cannot be read, or does not declare one of the parameters. */
  constructor(options: ScriptRunOptions) {
    this.#options = options;
    this.#name = basename(options.path);
    this.#code = withParameters(readScript(options.path), options.parameters, this.#name);
    this.#out = new TerminalView(options.out);
    this.#err = new TerminalView(options.err);
  }

  /**
   * Resolves with the exit code: that which the script asked for by `process.exit` or `process.exitCode`,
   * else 1 if it threw or does not compile, else 0.
   */
  async run(): Promise<number> {
    const { path, args, env, lastCommand } = this.#options;
    const kernel = await HeadlessKernel.start(dirname(path), { ...process.env, JPY_SESSION_NAME: path, ...env });
    this.#kernel = kernel;
    try {
      const argv = JSON.stringify([path, ...args]);
      await kernel.execute(`process.argv.splice(1, process.argv.length, ...${argv})`, () => {}, { silent: true });
      // Ctrl-C may have come before there was anything to interrupt.
      if (this.#interrupted) return 1;
      const { status } = await kernel.execute(this.#code, this.#publish);
      if (lastCommand !== undefined && !this.#interrupted) await kernel.execute(lastCommand, this.#publishSummary);
      const asked = await kernel.execute("", () => {}, {
        silent: true,
        user_expressions: { code: "process.exitCode" },
      });
      return exitCodeOf(asked) || (status === "ok" && !this.#failed ? 0 : 1);
    } catch (error) {
      if (!(error instanceof KernelDied)) throw error;
      if (typeof error.exitCode === "number") return error.exitCode;
      this.#err.line(`${error.name}: ${error.message}`);
      return 1;
    } finally {
      await kernel.close();
    }
  }

  /** Interrupts the script: its plan is aborted and stops the hardware by its policy. */
  interrupt(): void {
    this.#interrupted = true;
    this.#kernel?.interrupt();
  }

  /** Ends the script at once. */
  kill(): void {
    this.#kernel?.kill();
  }

  /** Text goes to stdout and stderr, as that of any program; the value of the last line is not shown. */
  readonly #publish = (type: string, content: Readonly<Record<string, unknown>>): void => {
    if (type === "execute_result") return;
    if (type === "error") {
      this.#failed = true;
      const lines = (content.traceback as readonly string[]).map(this.#placed);
      this.#err.publish(type, { ...content, traceback: lines });
    } else if (type === "stream") {
      const view = content.name === "stderr" ? this.#err : this.#out;
      view.publish(type, { ...content, text: this.#placed(String(content.text)) });
    } else {
      this.#out.publish(type, content);
    }
  };

  readonly #publishSummary = (type: string, content: Readonly<Record<string, unknown>>): void =>
    this.#err.publish(type, content);

  readonly #placed = (text: string): string => text.replace(PLACE, this.#name);
}

/** The text of a script. Its first line may name the program that runs it (`#!`). */
function readScript(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF?#!/, "//");
  } catch (error) {
    throw new UsageError(`cannot read the script ${path}: ${errorText(error)}`, { cause: error });
  }
}

/** The exit code that the script has set, 0 if it has not. */
function exitCodeOf(reply: Readonly<Record<string, unknown>>): number {
  const { code } = (reply.user_expressions ?? {}) as { code?: { data?: Readonly<Record<string, string>> } };
  return Number(code?.data?.["text/plain"]) || 0;
}
