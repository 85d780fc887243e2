/** Keeps the modules of earlier cells, and which of them each living name belongs to. */

import type { DeclaredName, NameKind } from "./declarations";
import type { Namespace } from "./namespaces";
import type { CellSource } from "./source";

export interface LiveName {
  /** The module of the cell that last declared it: `__cell_3`. */
  readonly cell: string;
  readonly kind: NameKind;
  /** TypeScript's name for the kind of declaration: "const", "class", "interface" ... */
  readonly element: string;
}

/** The text for the checker: one generated line, followed by the cell with its own lines and columns. */
export interface CheckText {
  readonly text: string;
  /** The length of the generated line. */
  readonly offset: number;
}

interface CellModule {
  readonly exports: Namespace;
  /** How many living names belong to the cell. */
  names: number;
  /** Whether the code of the cell has come to a name. */
  readonly hasReached: (name: string) => boolean;
}

/** How many cells stay imported although the current one does not need them. */
const MAX_IMPORTED = 8;

export class Cells {
  readonly names = new Map<string, LiveName>();
  /**
   * The names that a failed cell would have declared and that do not exist now, with the label of that cell.
   */
  readonly lost = new Map<string, string>();
  readonly #modules = new Map<string, CellModule>();
  #imported: readonly string[] = [];

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
    this.#modules.set(cell, { exports, names: declared.length, hasReached });
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

  /** Removes names, as if no cell had declared them. */
  forget(names: Iterable<string>): void {
    for (const name of names) {
      this.#release(this.names.get(name)?.cell);
      this.names.delete(name);
    }
  }

  /** The values of all living names that have one. */
  values(): Map<string, unknown> {
    const values = new Map<string, unknown>();
    for (const [name, { cell, kind }] of this.names) {
      const module = this.#modules.get(cell);
      if (kind !== "type" && module?.hasReached(name)) values.set(name, module.exports[name]);
    }
    return values;
  }

  isAlive(cell: string): boolean {
    return this.#modules.has(cell);
  }

  /**
   * Drops cells that are imported without need: their global declarations would conflict with their own newer
   * version.
   */
  importOnlyNeeded(): void {
    this.#imported = [];
  }

  /** The cells whose names `source` uses. */
  used(source: CellSource): Set<string> {
    return new Set([...this.#visible(source)].map(([, { cell }]) => cell));
  }

  /** @param also Names to import although the cell does not use them, for completion. */
  checkText(source: CellSource, also: ReadonlySet<string> = new Set()): CheckText {
    const imported = new Map<string, string[]>();
    let variables = "";
    for (const [name, { cell, kind }] of this.#visible(source, also)) {
      // An import cannot be assigned to. A declaration of the same type can, and the assignment is checked.
      if (kind === "variable") {
        append(imported, cell, `${name} as ${cell}_${name}`);
        variables += `declare let ${name}: typeof ${cell}_${name};`;
      } else append(imported, cell, clause(name, kind));
    }
    this.#keepImported(imported);
    const prefix = `${imports(this.#imported.map((cell) => [cell, imported.get(cell) ?? []]))}${variables}\n`;
    const exported = source.declared.filter(({ name }) => !source.exportedByClause.has(name));
    return { text: `${prefix}${source.text}\n${exportClause(exported)}`, offset: prefix.length };
  }

  #release(cell: string | undefined): void {
    const module = cell === undefined ? undefined : this.#modules.get(cell);
    if (cell === undefined || module === undefined) return;
    module.names -= 1;
    if (module.names === 0) this.#modules.delete(cell);
  }

  /**
   * Adds empty imports of the cells that were imported last, so that the list of imports stays the same and
   * the program is reused.
   */
  #keepImported(needed: ReadonlyMap<string, unknown>): void {
    const added = [...needed.keys()].filter((cell) => !this.#imported.includes(cell));
    const kept = this.#imported.filter((cell) => needed.has(cell) || this.isAlive(cell));
    for (let surplus = kept.length + added.length - MAX_IMPORTED; surplus > 0; surplus--) {
      const oldest = kept.findIndex((cell) => !needed.has(cell));
      if (oldest === -1) break;
      kept.splice(oldest, 1);
    }
    this.#imported = [...kept, ...added];
  }

  /**
   * The names of earlier cells that `source` uses. It iterates over the text, since a notebook may have
   * thousands of names.
   */
  *#visible(source: CellSource, also: ReadonlySet<string> = new Set()): Iterable<[string, LiveName]> {
    const own = new Set([...source.declared.map(({ name }) => name), ...source.disposed]);
    for (const name of new Set([...source.identifiers, ...also])) {
      const live = own.has(name) ? undefined : this.names.get(name);
      if (live !== undefined) yield [name, live];
    }
  }
}

function clause(name: string, kind: NameKind): string {
  return kind === "type" ? `type ${name}` : name;
}

function exportClause(names: readonly DeclaredName[]): string {
  return `export {${names.map(({ name, kind }) => clause(name, kind)).join(",")}};`;
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function imports(byCell: readonly (readonly [string, readonly string[]])[]): string {
  return byCell.map(([cell, names]) => `import {${names.join(",")}} from "./${cell}";`).join("");
}
