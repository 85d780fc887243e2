/** `secop-lab/kernel`: what notebooks and extensions can ask of the kernel. */

import type { CommRegistry } from "./cells/comms";
import { type InputOptions, kernelApi } from "./cells/kernelApi";
import type { Magic } from "./magics/registry";

export type { Comm, CommMessage, CommOptions, CommRegistry, CommTarget } from "./cells/comms";
export type { InputOptions } from "./cells/kernelApi";
export type { CellMagic, LineMagic, Magic, MagicCompletion, MagicContext } from "./magics/registry";

/** Asks the person for a line of text. Rejects where nobody can answer, and when the cell is interrupted. */
export function input(prompt = "", options: InputOptions = {}): Promise<string> {
  return kernelApi().input(prompt, options);
}

/** Removes the outputs of the current cell; with `wait`, when the next output comes. */
export function clearOutput(wait = false): void {
  kernelApi().clearOutput(wait);
}

/**
 * Adds a magic to this notebook, or replaces the one of that name. A module of yours that calls it is loaded by an `import` in a
 * cell; the magic works from the next cell on.
 */
export function registerMagic(magic: Magic): void {
  kernelApi().registerMagic(magic);
}

/** The comms of this notebook: channels to views in the front-end. */
export function comms(): CommRegistry {
  return kernelApi().comms;
}
