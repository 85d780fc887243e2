import type { CellError } from "../output/index";

/** How a process ended. */
export interface ProcessEnd {
  readonly code?: number | null;
  readonly signal?: NodeJS.Signals | null;
  /** The end of what it wrote to stderr. */
  readonly stderr?: string;
  /** Why it could not be started. */
  readonly error?: Error;
}

/** The kernel's process ended before it was asked to. */
export class KernelDied extends Error {
  override readonly name = "KernelDied";
  /** It could not listen where it was told to: another program came first. */
  readonly portTaken: boolean;

  constructor(end: ProcessEnd) {
    super(reasonOf(end), { cause: end.error });
    this.portTaken = PORT_TAKEN.test(end.stderr ?? "");
  }

  /** As the error of the cell that ran. */
  report(): CellError {
    return { ename: this.name, evalue: this.message, traceback: [`${this.name}: ${this.message}`] };
  }
}

/** What it writes to stderr then. */
export const PORT_TAKEN = /address already in use/i;

function reasonOf({ code, signal, stderr = "", error }: ProcessEnd): string {
  if (error) return `the kernel could not be started: ${error.message}`;
  if (PORT_TAKEN.test(stderr)) return "the kernel could not be started: its ports are taken by other programs";
  if (/heap out of memory|Allocation failed/.test(stderr)) {
    return (
      "the notebook needed more memory than its kernel may use, which ended it. " +
      "Keep less, or give more: NODE_OPTIONS=--max-old-space-size=8192 (MB)"
    );
  }
  if (signal === "SIGKILL") return "the kernel was killed (SIGKILL), as systems do when the machine runs out of memory";
  if (signal) return `the kernel was ended by ${signal}`;
  return `the code ended the process of the kernel with exit code ${code}`;
}
