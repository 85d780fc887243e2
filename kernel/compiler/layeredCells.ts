/** The living names of a notebook, whose types are in layers. */

import { Cells } from "../converter/cells";
import type { DeclaredName } from "../converter/declarations";
import type { Namespace } from "../converter/namespaces";
import type { CellText } from "./cellText";

export class LayeredCells extends Cells {
  readonly #left: (cell: string, names: ReadonlySet<string>) => void;

  /** @param left Called when a cell has run to its end, or as far as it came: it left these names. */
  constructor(left: (cell: string, names: ReadonlySet<string>) => void) {
    super();
    this.#left = left;
  }

  override commit(
    cell: string,
    exports: Namespace,
    declared: readonly DeclaredName[],
    hasReached?: (name: string) => boolean,
  ): void {
    super.commit(cell, exports, declared, hasReached);
    this.#left(cell, new Set(declared.map(({ name }) => name)));
  }

  /** The cells whose names occur in `source`. */
  usedBy({ declared, disposed, words }: CellText): Set<string> {
    const own = new Set([...declared.map(({ name }) => name), ...disposed]);
    const used = new Set<string>();
    for (const word of words) {
      const live = own.has(word) ? undefined : this.names.get(word);
      if (live !== undefined) used.add(live.cell);
    }
    return used;
  }
}
