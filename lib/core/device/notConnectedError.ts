/** The error of devices that did not connect, as a tree. */

import { ClearError } from "../../clearError";
import { counted } from "../../display/number";
import { errorText } from "../../errors";

/** Devices that did not connect, and why: one line each, children indented below their parent. */
export class NotConnectedError extends ClearError {
  override readonly name = "NotConnectedError";
  /** The failures of the children, by name; empty if the error is that of a single device. */
  readonly failures: ReadonlyMap<string, Error>;

  constructor(reason: string | ReadonlyMap<string, Error>, options?: ErrorOptions) {
    const failures = typeof reason === "string" ? new Map<string, Error>() : reason;
    super(typeof reason === "string" ? reason : tree(reason), options);
    this.failures = failures;
  }

  /** Waits for all connections and throws one error for those that failed. The others stay connected. */
  static async gather(connections: Iterable<readonly [name: string, work: Promise<unknown>]>): Promise<void> {
    const entries = [...connections];
    const results = await Promise.allSettled(entries.map(([, work]) => work));
    const failures = new Map<string, Error>();
    for (const [i, result] of results.entries()) {
      const name = entries[i]?.[0] ?? "";
      if (result.status === "rejected") failures.set(name, asError(result.reason));
    }
    if (failures.size > 0) throw new NotConnectedError(failures);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(errorText(error)));

function tree(failures: ReadonlyMap<string, Error>): string {
  const lines = [`${counted(failures.size, "device")} could not be connected:`];
  append(lines, failures, "  ");
  return lines.join("\n");
}

function append(lines: string[], failures: ReadonlyMap<string, Error>, indent: string): void {
  for (const [name, error] of failures) {
    if (error instanceof NotConnectedError && error.failures.size > 0) {
      lines.push(`${indent}${name}:`);
      append(lines, error.failures, `${indent}  `);
    } else {
      lines.push(`${indent}${name}: ${errorText(error)}`);
    }
  }
}
