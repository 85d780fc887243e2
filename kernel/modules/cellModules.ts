/** Keeps the modules of earlier cells, and which of them each living name belongs to. */

import type { DeclaredName, NameKind } from "./declaredNames";
import { LiveValues } from "./liveValues";
import type { Namespace } from "./namespaces";

export interface LiveName {
  /** The module of the cell that last declared it: `__cell_3`. */
  readonly cell: string;
  readonly kind: NameKind;
  /** TypeScript's name for the kind of declaration: "const", "class", "interface" ... */
  readonly element: string;
}

interface CellModule {
  readonly exports: Namespace;
  /** Whether its names have values already, or reading one loads it. */
  readonly isLoaded: () => boolean;
  /** How many living names belong to the cell. */
  names: number;
  /** Whether the code of the cell has come to a name. */
  readonly hasReached: (name: string) => boolean;
}

/** The parts of a text from which the names that it uses are found. */
interface UsingText {
  readonly declared: readonly DeclaredName[];
  readonly disposed: readonly string[];
  readonly words: ReadonlySet<string>;
}

export class CellModules {
  readonly names = new Map<string, LiveName>();
  /**
   * The names that a failed cell would have declared and that do not exist now, with the label of that cell.
   */
  readonly lost = new Map<string, string>();
  readonly #modules = new Map<string, CellModule>();
  /** What `provide` declared, for names that a cell declares anew and that are then removed. */
  readonly #provided = new Map<string, LiveName>();
  readonly #left: (cell: string, names: ReadonlySet<string>) => void;

  /** @param left Called when a cell has run to its end, or as far as it came: it left these names. */
  constructor(left: (cell: string, names: ReadonlySet<string>) => void) {
    this.#left = left;
  }

  /**
   * Records the names of an executed cell. Cells that have no names left are released with all their values.
   * @param hasReached whether the code of the cell has come to a name; default: to all
   */
  commit(
    cell: string,
    exports: Namespace,
    declared: readonly DeclaredName[],
    hasReached: CellModule["hasReached"] = () => true,
  ): void {
    this.#add(cell, { exports, names: declared.length, hasReached, isLoaded: () => true }, declared);
    this.#left(cell, new Set(declared.map(({ name }) => name)));
  }

  /** Declares names of a module that is loaded when one of them is read. */
  provide(cell: string, declared: readonly DeclaredName[], load: () => Namespace): void {
    let loaded: Namespace | undefined;
    const exports: Namespace = Object.create(null);
    for (const { name, kind } of declared) {
      if (kind === "type") continue;
      const get = (): unknown => {
        loaded ??= load();
        return loaded[name];
      };
      Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });
    }
    const isLoaded = (): boolean => loaded !== undefined;
    this.#add(cell, { exports, names: declared.length, hasReached: () => true, isLoaded }, declared);
    for (const { name, kind, element } of declared) this.#provided.set(name, { cell, kind, element });
  }

  #add(cell: string, module: CellModule, declared: readonly DeclaredName[]): void {
    this.#modules.set(cell, module);
    for (const { name, kind, element } of declared) {
      this.#release(this.names.get(name)?.cell);
      this.names.delete(name);
      this.names.set(name, { cell, kind, element });
      this.lost.delete(name);
    }
    if (declared.length === 0) this.#modules.delete(cell);
  }

  /** Records the names that a failed cell would have declared. @param label The user's name for the cell. */
  lose(label: string, declared: readonly DeclaredName[]): void {
    for (const { name } of declared) if (!this.names.has(name)) this.lost.set(name, label);
  }

  /** The values of a cell that still has names, for an import. */
  module(id: string): Namespace | undefined {
    return this.#modules.get(id.slice("./".length))?.exports;
  }

  /** Takes back names of a cell that failed after it had declared them; those of newer cells stay. */
  withdraw(cell: string, label: string, declared: readonly DeclaredName[]): void {
    const own = declared.filter(({ name }) => this.names.get(name)?.cell === cell);
    for (const { name } of own) {
      this.names.delete(name);
      this.#release(cell);
    }
    this.lose(label, own);
  }

  /** Removes names, as if no cell had declared them: what is provided under such a name is there again. */
  forget(names: Iterable<string>): void {
    for (const name of names) {
      const removed = this.names.get(name)?.cell;
      this.#release(removed);
      this.names.delete(name);
      const provided = this.#provided.get(name);
      const module = provided && provided.cell !== removed ? this.#modules.get(provided.cell) : undefined;
      if (provided === undefined || module === undefined) continue;
      this.names.set(name, provided);
      module.names += 1;
    }
  }

  /** The present values of all living names that have one. */
  values(): ReadonlyMap<string, unknown> {
    const holders = new Map<string, CellModule>();
    for (const [name, { cell, kind }] of this.names) {
      const module = this.#modules.get(cell);
      if (kind !== "type" && module?.hasReached(name)) holders.set(name, module);
    }
    return new LiveValues(holders);
  }

  /** The cells whose names occur in a text. */
  usedBy({ declared, disposed, words }: UsingText): Set<string> {
    const own = new Set([...declared.map(({ name }) => name), ...disposed]);
    const used = new Set<string>();
    for (const word of words) {
      const live = own.has(word) ? undefined : this.names.get(word);
      if (live !== undefined) used.add(live.cell);
    }
    return used;
  }

  #release(cell: string | undefined): void {
    const module = cell === undefined ? undefined : this.#modules.get(cell);
    if (cell === undefined || module === undefined) return;
    module.names -= 1;
    if (module.names === 0) this.#modules.delete(cell);
  }
}
