/**
 * The package entry `secop-lab/kernel`: what notebooks and extensions can use of the kernel.
 *
 * The kernel runs TypeScript cells on tslab's executor and speaks Jupyter's messaging protocol. It may use
 * lib/index and the ground floor of lib/. Begin with main.ts (the command line), then front/kernelProcess.ts
 * (a kernel starts) and cells/notebookSession.ts (a cell runs).
 */

import type { CommRegistry } from "./cells/comms";
import { type InputOptions, kernelApi } from "./cells/kernelApi";
import type { Magic } from "./magics/magicRegistry";

export type { Comm, CommMessage, CommOptions, CommRegistry, CommTarget } from "./cells/comms";
export type { InputOptions } from "./cells/kernelApi";
export type { CellMagic, LineMagic, Magic, MagicCompletion, MagicContext } from "./magics/magicRegistry";

/**
 * Asks the user for a line of text. Rejects if the front-end cannot ask, and when the cell is interrupted.
 */
export function input(prompt = "", options: InputOptions = {}): Promise<string> {
  return kernelApi().input(prompt, options);
}

/** Removes the outputs of the current cell: now or, with `wait`, when the next output arrives. */
export function clearOutput(wait = false): void {
  kernelApi().clearOutput(wait);
}

/**
 * Adds a magic to this notebook, or replaces the one of that name. Call it in a cell, or in a module that a
 * cell imports; the magic works from the next cell on.
 */
export function registerMagic(magic: Magic): void {
  kernelApi().registerMagic(magic);
}

/** Returns the comms of this notebook: its channels to views in the front-end. */
export function comms(): CommRegistry {
  return kernelApi().comms;
}
