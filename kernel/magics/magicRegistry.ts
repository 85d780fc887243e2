/** Magics: lines of a cell that start with `%` (or a whole cell that starts with `%%`) and are commands instead of TypeScript. */

import { UsageError } from "../../lib/errors";
import { nearest } from "../../lib/nearest";

/** What a magic may use while it is expanded, before the cell is compiled. */
export interface MagicContext {
  /** Prints to the cell. */
  print(text: string): void;
  /** The values of the notebook's names, as earlier cells left them. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Aborted when the person interrupts the cell. */
  readonly signal: AbortSignal;
}

/** What completes the word before the cursor. */
export interface MagicCompletion {
  /** How many characters before the cursor are replaced. */
  readonly length: number;
  readonly matches: readonly string[];
}

interface MagicBase {
  /** Without `%`: letters, digits, `_`. */
  readonly name: string;
  /** One line as the person writes it: `%mov DEVICE POSITION ...`. */
  readonly usage: string;
  /** What it does, for `%name?` and `%lsmagic`; the first sentence alone stands in lists. */
  readonly help: string;
  /** The arguments (of a cell magic: the body) are TypeScript, completed and inspected as such. Default false. */
  readonly expressions?: boolean;
  /**
   * Completes the arguments, of a cell magic the body too; `text` is what stands between the name and the cursor. Where it finds
   * nothing and the magic takes `expressions`, TypeScript is asked.
   */
  complete?(text: string, context: MagicContext): MagicCompletion | Promise<MagicCompletion>;
}

/** `%name args`: either text that takes its place, or something to do in its place. */
export interface LineMagic extends MagicBase {
  readonly kind: "line";
  /** Returns TypeScript, on one line, that is compiled and run where the magic stands. Runs before any code of the cell. */
  expand?(args: string, context: MagicContext): string | Promise<string>;
  /** Runs when the code before it has; what it resolves to is the value of the expression. */
  run?(args: string, context: MagicContext): unknown;
}

/** `%%name args` with the rest of the cell as body. */
export interface CellMagic extends MagicBase {
  readonly kind: "cell";
  /** Returns TypeScript that is compiled and run instead of the cell. */
  expand(args: string, body: string, context: MagicContext): string | Promise<string>;
}

export type Magic = LineMagic | CellMagic;

export class MagicRegistry {
  readonly #line = new Map<string, LineMagic>();
  readonly #cell = new Map<string, CellMagic>();

  /** Adds a magic, or replaces the one of that name. Throws a UsageError for a name nobody could write. */
  register(magic: Magic): void {
    if (!/^[A-Za-z_]\w*$/.test(magic.name)) {
      throw new UsageError(`"${magic.name}" cannot be the name of a magic: use letters, digits and _`);
    }
    if (magic.kind === "cell") this.#cell.set(magic.name, magic);
    else this.#line.set(magic.name, magic);
  }

  line(name: string): LineMagic | undefined {
    return this.#line.get(name);
  }

  cell(name: string): CellMagic | undefined {
    return this.#cell.get(name);
  }

  /** All of them, by name. */
  list(): Magic[] {
    return [...this.#line.values(), ...this.#cell.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The error for a name that is none, with the one that was probably meant. */
  unknown(kind: Magic["kind"], name: string): UsageError {
    const sign = kind === "cell" ? "%%" : "%";
    const names = [...(kind === "cell" ? this.#cell : this.#line).keys()];
    const other = kind === "cell" ? this.#line.get(name) : this.#cell.get(name);
    const meant = other ? prefixedName(other) : nearest(name, names)?.replace(/^/, sign);
    const advice = meant === undefined ? "%lsmagic lists what there is" : `did you mean ${meant}?`;
    return new UsageError(`there is no magic ${sign}${name}: ${advice}`);
  }
}

/** How a magic is written, for lists and messages. */
export function prefixedName({ kind, name }: Magic): string {
  return `${kind === "cell" ? "%%" : "%"}${name}`;
}
