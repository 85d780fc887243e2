/**
 * What code of cells can ask of the kernel, beyond the library. Under a global symbol and not by import, since a workspace may
 * have its own copy of this package; `secop-lab/kernel` (index.ts) is the typed way to it.
 */

import { UsageError } from "../../lib/errors";
import type * as MagicRuntime from "../magics/magicRuntime";
import type { Magic } from "../magics/registry";
import type { CommRegistry } from "./comms";

export interface InputOptions {
  /** What is typed does not show. Default false. */
  readonly password?: boolean;
}

export interface KernelApi {
  readonly comms: CommRegistry;
  /** Asks the person for a line of text. Rejects where nobody can answer, and when the cell is interrupted. */
  input(prompt?: string, options?: InputOptions): Promise<string>;
  /** Removes the outputs of the current cell; with `wait`, when the next output comes. */
  clearOutput(wait?: boolean): void;
  /** Adds a magic to this notebook. */
  registerMagic(magic: Magic): void;
  /** Called by the text that `%name` becomes. */
  runMagic(name: string, args: string): Promise<unknown>;
  /** What the text of other magics calls. */
  readonly magicRuntime: typeof MagicRuntime;
}

const KEY: unique symbol = Symbol.for("secop-lab.kernel") as never;
type Global = { [KEY]?: KernelApi };

/** @throws UsageError outside of our kernel. */
export function kernelApi(): KernelApi {
  const api = (globalThis as Global)[KEY];
  if (!api) throw new UsageError("this works in a notebook of the secop-lab kernel only");
  return api;
}

export function provideKernelApi(api: KernelApi): void {
  (globalThis as Global)[KEY] = api;
}
