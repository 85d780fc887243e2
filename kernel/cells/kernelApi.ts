/** What code of cells can use of the kernel. */

// It is found by a global symbol, not by import, since a workspace may have its own copy of this package.
// Users import `secop-lab/kernel` (../index.ts), which calls it. That copy must load nothing else of the
// kernel, so index.ts imports this file.

import { UsageError } from "../../lib/errors";
import type { Magic } from "../magics/index";
import type * as MagicRuntime from "../magics/magicRuntime";
import type { QuickInfo } from "../tslabAdapter";
import type { CommRegistry } from "./comms";
import type { DisplayHandle } from "./showing";

/** Options of `input`. */
export interface InputOptions {
  /** Whether the typed text is hidden. Default false. */
  readonly password?: boolean;
}

/** See ../index.ts for the first five members. */
export interface KernelApi {
  readonly comms: CommRegistry;
  input(prompt?: string, options?: InputOptions): Promise<string>;
  clearOutput(wait?: boolean): void;
  display(value: unknown): DisplayHandle;
  registerMagic(magic: Magic): void;
  /** Called by the code that a line magic `%name` is translated to. */
  runMagic(name: string, args: string): Promise<unknown>;
  /** Shows help about a value, or about the name in a string; without an argument, how to get help. */
  help(...about: readonly unknown[]): void;
  /** Called by the code that `name?` is translated to; `info` is from the type checker. */
  showHelp(name: string, info: QuickInfo | null): Promise<void>;
  /** Called by the code that other magics are translated to. */
  readonly magicRuntime: typeof MagicRuntime;
}

const KEY: unique symbol = Symbol.for("secop-lab.kernel") as never;
type Global = { [KEY]?: KernelApi };

/** @throws UsageError if the process is not a kernel of secop-lab. */
export function kernelApi(): KernelApi {
  const api = (globalThis as Global)[KEY];
  if (!api) throw new UsageError("this works only in a notebook of the secop-lab kernel");
  return api;
}

/** Makes `api` the one that `kernelApi` returns in this process. */
export function provideKernelApi(api: KernelApi): void {
  (globalThis as Global)[KEY] = api;
}
