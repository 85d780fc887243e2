/** What earlier cells left: their modules, and which of them each living name belongs to. */

import type { DeclaredName, NameKind } from "./declarations";
import type { Namespace } from "./namespaces";
import type { CellSource } from "./source";

export interface LiveName {
  /** The module of the cell that declared it last: `__cell_3`. */
  readonly cell: string;
  readonly kind: NameKind;
  /** TypeScript's word for what it is: "const", "class", "interface" ... */
  readonly element: string;
}

/** The text the checker sees: ONE line that is ours, then the cell; its columns are the cell's. */
export interface CheckText {
  readonly text: string;
  /** Length of our line. */
  readonly offset: number;
}

/** Cells that stay imported although the current one does not need them. */
const MAX_IMPORTED = 8;

export class Cells {
  readonly names = new Map<string, LiveName>();
  /** Names that a failed cell would have declared, and are nothing now: which cell that was. */
  readonly lost = new Map<string, string>();
  readonly #modules = new Map<string, { readonly exports: Namespace; names: number }>();
  #imported: readonly string[] = [];

  /** An executed cell leaves `declared`. Cells without a name left are released, with all they hold. */
  commit(cell: string, exports: Namespace, declared: readonly DeclaredName[]): void {
    this.#modules.set(cell, { exports, names: declared.length });
    for (const { name, kind, element } of declared) {
      this.#release(this.names.get(name)?.cell);
      this.names.delete(name);
      this.names.set(name, { cell, kind, element });
      this.lost.delete(name);
    }
    if (declared.length === 0) this.#modules.delete(cell);
  }

  /** @param label The failed cell, as the person knows it. */
  lose(label: string, declared: readonly DeclaredName[]): void {
    for (const { name } of declared) if (!this.names.has(name)) this.lost.set(name, label);
  }

  /** The values of a cell that has names left, for an import of it. */
  module(id: string): Namespace | undefined {
    return this.#modules.get(id.slice("./".length))?.exports;
  }

  /** The values of all living names. */
  values(): Map<string, unknown> {
    const values = new Map<string, unknown>();
    for (const [name, { cell, kind }] of this.names) {
      if (kind !== "type") values.set(name, this.#modules.get(cell)?.exports[name]);
    }
    return values;
  }

  isAlive(cell: string): boolean {
    return this.#modules.has(cell);
  }

  /** Lets go of cells that are imported without need: what their files declare globally would meet its own newer version. */
  importOnlyNeeded(): void {
    this.#imported = [];
  }

  /** The cells whose names occur in `source`. */
  used(source: CellSource): Set<string> {
    return new Set([...this.#visible(source)].map(([, { cell }]) => cell));
  }

  /** @param also Names to bring in although they do not occur: what a completion may offer. */
  checkText(source: CellSource, also: ReadonlySet<string> = new Set()): CheckText {
    const imported = new Map<string, string[]>();
    let variables = "";
    for (const [name, { cell, kind }] of this.#visible(source, also)) {
      // An import cannot be assigned to, and is not checked if assigned; a declaration of the same type can and is.
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

  /** Also imports, of nothing, what the last cells imported: the same list of imports lets the compiler reuse its program. */
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

  /** The names of earlier cells that `source` means. Its own text is walked, not the names: a notebook may have thousands. */
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
