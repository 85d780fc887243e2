/**
 * Defines what a magic is: a line that starts with `%`, or a cell that starts with `%%`, and is a command
 * instead of TypeScript.
 */

import { UsageError } from "../../lib/errors";
import { nearest } from "../../lib/nearest";

/** How the TypeScript of a magic refers to the kernel (cells/kernelApi.ts). */
export const KERNEL_API = '(globalThis as any)[Symbol.for("secop-lab.kernel")]';

/** The parts of the notebook that a magic may use when it is expanded or run. */
export interface MagicContext {
  /** Prints to the cell. */
  print(text: string): void;
  /** The variables of the notebook with their present values. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Aborts when the user interrupts the cell. */
  readonly signal: AbortSignal;
  /** Whether a word is a name of the notebook, or is declared in the cell before the magic. */
  isName(word: string): boolean;
  /** Removes variables of the notebook. */
  forget(names: readonly string[]): void;
}

/** The completions of the word before the cursor. */
export interface MagicCompletion {
  /** How many characters before the cursor are replaced. */
  readonly length: number;
  readonly matches: readonly string[];
}

interface MagicBase {
  /** The name without `%`; it consists of letters, digits and `_`. */
  readonly name: string;
  /** How the user writes it, on one line: `%mov DEVICE POSITION ...`. */
  readonly usage: string;
  /** The help text of the magic. `%name?` shows all of the text, `%lsmagic` only the first sentence. */
  readonly help: string;
  /**
   * Whether the arguments (of a cell magic: the body) are TypeScript, for completion and inspection. Default
   * false.
   */
  readonly expressions?: boolean;
  /**
   * Completes the arguments, and the body of a cell magic; `text` is the text between the name and the
   * cursor. If there are no matches and the arguments are `expressions`, TypeScript completes them.
   */
  complete?(text: string, context: MagicContext): MagicCompletion | Promise<MagicCompletion>;
}

/** `%name args`: it has either `expand` or `run`. */
export interface LineMagic extends MagicBase {
  readonly kind: "line";
  /**
   * Returns TypeScript that replaces the magic, and whose lines are joined. It is called before any code of
   * the cell runs.
   */
  expand?(args: string, context: MagicContext): string | Promise<string>;
  /** Runs after the code before it. The result is the value of the magic as an expression. */
  run?(args: string, context: MagicContext): unknown;
}

/** `%%name args` with the rest of the cell as body. */
export interface CellMagic extends MagicBase {
  readonly kind: "cell";
  /** Returns TypeScript that replaces the cell. */
  expand(args: string, body: string, context: MagicContext): string | Promise<string>;
}

/** A magic of either kind. */
export type Magic = LineMagic | CellMagic;

/** The magics of a session, by their names. A line magic and a cell magic may have the same name. */
export class MagicRegistry {
  readonly #line = new Map<string, LineMagic>();
  readonly #cell = new Map<string, CellMagic>();

  /** Adds a magic, or replaces the one with the same name. Throws UsageError for a malformed name. */
  register(magic: Magic): void {
    if (!/^[A-Za-z_]\w*$/.test(magic.name)) {
      throw new UsageError(`"${magic.name}" cannot be the name of a magic: use letters, digits and _`);
    }
    if (magic.kind === "cell") this.#cell.set(magic.name, magic);
    else this.#line.set(magic.name, magic);
  }

  /** The line magic of this name. */
  line(name: string): LineMagic | undefined {
    return this.#line.get(name);
  }

  /** The cell magic of this name. */
  cell(name: string): CellMagic | undefined {
    return this.#cell.get(name);
  }

  /** All magics, sorted by name. */
  list(): Magic[] {
    return [...this.#line.values(), ...this.#cell.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The error for an unknown name, which suggests the nearest one. */
  unknown(kind: Magic["kind"], name: string): UsageError {
    const sign = kind === "cell" ? "%%" : "%";
    const names = [...(kind === "cell" ? this.#cell : this.#line).keys()];
    const other = kind === "cell" ? this.#line.get(name) : this.#cell.get(name);
    const meant = other ? prefixedName(other) : nearest(name, names)?.replace(/^/, sign);
    const advice = meant === undefined ? "%lsmagic lists all magics" : `did you mean ${meant}?`;
    return new UsageError(`there is no magic ${sign}${name}: ${advice}`);
  }
}

/** The name with `%` or `%%`. */
export function prefixedName({ kind, name }: Magic): string {
  return `${kind === "cell" ? "%%" : "%"}${name}`;
}

/** How a magic is written. */
export function usageOf(magic: Magic): string {
  return /^[%!]|\?/.test(magic.usage) ? magic.usage : prefixedName(magic);
}
