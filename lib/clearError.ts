/** The base of errors whose message says all that a user needs, and the user's own frames of a stack. */

import { dirname, join, sep } from "node:path";
import { type InspectOptions, inspect } from "node:util";
import { printable } from "./printable";

/**
 * An error that `console.log` and a script that ends by it show as one clear line and the user's own frames.
 * The whole stack, the fields and the causes are shown if the environment variable `SECOP_LAB_VERBOSE` is
 * set. A message may quote texts of a node or a server, so escape sequences in it are made visible.
 */
export class ClearError extends Error {
  constructor(message = "", options?: ErrorOptions) {
    super(printable(message), options);
    tidyFatalErrors();
  }

  /** Adds the user's frames of the call that started what failed: its own may be lost by then. */
  startedAt(stack: string | undefined): void {
    const known = new Set(userFrames(this.stack));
    const more = userFrames(stack).filter((frame) => !known.has(frame));
    this.stack = [this.stack, ...more].join("\n");
  }

  /**
   * @internal An error of the same class whose message says in addition what the user can do. Default: this
   * one, for classes whose messages say it already.
   */
  advised(_advice: string): ClearError {
    return this;
  }

  [inspect.custom](_depth: number, options: InspectOptions): string {
    return isVerbose() ? inspect(this, { ...options, customInspect: false }) : clearText(this, []).join("\n");
  }
}

/** Whether errors are shown with everything that is known about them. */
export function isVerbose(): boolean {
  return !["", "0", undefined].includes(process.env.SECOP_LAB_VERBOSE);
}

/** @param above The errors that contain this one as a cause. Causes may form a circle. */
function clearText(error: Error, above: readonly Error[]): string[] {
  const frames = userFrames(error.stack);
  const lines = [`${error.name}: ${error.message}`, ...frames];
  const { cause } = error;
  if (!(cause instanceof Error) || above.includes(cause)) return lines;
  // Messages quote their causes, so only a cause that came about in code of the user says more.
  if (!userFrames(cause.stack).some((frame) => !frames.includes(frame))) return lines;
  const [first, ...more] = clearText(cause, [...above, error]);
  return [...lines, `caused by ${first}`, ...more];
}

let tidied = false;

/**
 * Node prints an error that ends the process without asking its `inspect`, with all fields and causes. So
 * they are taken away in the moment before. Where somebody handles such errors, they stay as they are.
 */
function tidyFatalErrors(): void {
  if (tidied) return;
  tidied = true;
  process.on("uncaughtExceptionMonitor", (error) => {
    if (!(error instanceof ClearError) || isVerbose() || process.listenerCount("uncaughtException") > 0) return;
    error.stack = clearText(error, []).join("\n");
    delete error.cause;
    for (const key of Object.keys(error)) Object.defineProperty(error, key, { enumerable: false });
  });
}

/** This package: its library and its kernel. */
const PACKAGE = [`${__dirname}${sep}`, `${join(dirname(__dirname), "kernel")}${sep}`];

/** The frames of a stack that are not of this package, another one, or Node. */
export function userFrames(stack = ""): string[] {
  const frames = stack.split("\n").filter((line) => /^ {4}at /.test(line));
  return frames.filter(
    (line) =>
      !PACKAGE.some((folder) => line.includes(folder)) && !/node:|[\\/]node_modules[\\/]|\(<anonymous>\)$/.test(line),
  );
}
