/** The error of a kernel process that ended too early. */

import type { CellError } from "../output/index";

/** How a process ended. */
export interface ProcessEnd {
  readonly code?: number | null;
  readonly signal?: NodeJS.Signals | null;
  /** The last part of its stderr. */
  readonly stderr?: string;
  /** The reason if it could not be started. */
  readonly error?: Error;
}

/** The kernel process ended before it was asked to. */
export class KernelDied extends Error {
  override readonly name = "KernelDied";
  /** Whether it could not use one of its ports, because another program had taken it. */
  readonly portTaken: boolean;
  /** The exit code, if code of a cell ended the process by `process.exit`. */
  readonly exitCode: number | undefined;

  constructor(end: ProcessEnd) {
    super(reasonOf(end), { cause: end.error });
    this.exitCode = end.signal || end.error || IN_TROUBLE.test(end.stderr ?? "") ? undefined : (end.code ?? undefined);
    this.portTaken = PORT_TAKEN.test(end.stderr ?? "");
  }

  /** The same as the error of the cell that ran. */
  report(): CellError {
    return { ename: this.name, evalue: this.message, traceback: [`${this.name}: ${this.message}`] };
  }
}

/** Matches the kernel's stderr if a port was taken. */
export const PORT_TAKEN = /address already in use/i;
const OUT_OF_MEMORY = /heap out of memory|Allocation failed/;
/** Matches the kernel's stderr if the process did not end by `process.exit`. */
const IN_TROUBLE = new RegExp(`${PORT_TAKEN.source}|${OUT_OF_MEMORY.source}`, "i");

function reasonOf({ code, signal, stderr = "", error }: ProcessEnd): string {
  if (error) return `the kernel could not be started: ${error.message}`;
  if (PORT_TAKEN.test(stderr)) return "the kernel could not be started: its ports are taken by other programs";
  if (OUT_OF_MEMORY.test(stderr)) {
    return (
      "the kernel ended because the notebook needed more memory than the kernel may use. " +
      "Keep less data, or allow more memory: NODE_OPTIONS=--max-old-space-size=8192 (MB)"
    );
  }
  if (signal === "SIGKILL") {
    return "the kernel was killed (SIGKILL), as the system does when the machine runs out of memory";
  }
  if (signal) return `the kernel was ended by ${signal}`;
  return `the code ended the process of the kernel with exit code ${code}`;
}
