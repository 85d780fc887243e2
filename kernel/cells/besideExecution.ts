/** Runs a compiled cell beside the one that tslab's executor runs. */

// That executor knows one cell at a time: all its cells share the object in which a cell leaves its value.

import vm from "node:vm";
import type { ConvertResult } from "../tslabAdapter";

/** How the code of a cell ended; neither member is set if it gave no value. */
export interface BesideEnd {
  readonly value?: unknown;
  readonly thrown?: unknown;
}

export class BesideExecution {
  #abandon: () => void = () => {};
  readonly #abandoned = new Promise<undefined>((resolve) => {
    this.#abandon = () => resolve(undefined);
  });

  /** Starts the code at once. Resolves when it has ended, or is abandoned. */
  async run({ output, lastExpressionVar }: ConvertResult): Promise<BesideEnd> {
    if (output === undefined) return {};
    const left: Record<string, unknown> = {};
    try {
      const start: unknown = vm.runInThisContext(`(async function (exports, require) { ${output}\n})`);
      const ended = (start as (exports: object) => Promise<void>)(left).then(() => left);
      // After it was abandoned nobody waits for its error; the cell has reported the interrupt.
      ended.catch(() => {});
      const done = await Promise.race([ended, this.#abandoned]);
      const value = lastExpressionVar === undefined ? undefined : done?.[lastExpressionVar];
      return value === undefined ? {} : { value };
    } catch (thrown) {
      return { thrown };
    }
  }

  /** Stops waiting for the code, which may continue. */
  abandon(): void {
    this.#abandon();
  }
}
