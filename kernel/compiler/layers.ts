/**
 * The declarations that earlier cells left, for the type check: a few modules ("layers") that hold one item
 * for each living name.
 */

// The text of a cell begins with one line that imports from each of them, so that the list of imports stays
// the same and a check stays cheap.

import type { NameKind } from "../modules/declaredNames";
import type { CellName } from "./cellDeclarations";
import type { CellText } from "./cellText";
import { MAX_KEPT, withJoinedImports } from "./joinedImports";
import type { LanguageServer } from "./languageServer";
import { wordsOf } from "./parser";

/** A piece of a layer: what one declaration left. */
export interface LayerItem {
  /** The names it declares; none if it adds to globals. */
  readonly names: readonly string[];
  /** The source, in terms of names of the same cell and of living ones. */
  readonly source: string;
  /** Whether it is an `export * from`, which needs a layer of its own. */
  readonly star?: boolean;
  /** Whether it comes from a TSX cell: such code needs a layer of its own language. */
  readonly tsx: boolean;
  /** The name of the cell that left it. */
  readonly cell: string;
}

interface PlacedItem extends LayerItem {
  /** Its source, if the compiler does not know it yet because no cell has used a name of it. */
  asleep?: (() => string) | undefined;
  readonly words: ReadonlySet<string>;
  readonly refers: ReadonlySet<PlacedItem>;
  /** How many placed items refer to it. */
  referrers: number;
  layer: number;
}

interface Layer {
  /** The packages that it imports, in the order in which they came; some without need. */
  readonly packages: Set<string>;
  readonly tsx: boolean;
  items: PlacedItem[];
  /** The names its items mean that lower layers hold. */
  readonly imports: Map<string, PlacedItem>;
  size: number;
  words: Set<string>;
}

/** The text that is checked: ONE line of ours, then the cell, then lines of ours. */
export interface CheckedText {
  readonly text: string;
  /** Length of our line. */
  readonly offset: number;
  /** Where in our line the moved imports begin. */
  readonly movedTo: readonly number[];
}

/** An import declaration of the cell that goes into our line. */
export interface MovedImport {
  /** Its module, as the compiler gets it. */
  readonly id: string;
  readonly text: string;
}

const FIRST_LAYERS = 4;
/** Writing a layer of that size costs a millisecond and a half. */
const FULL = 24_000;

export class Layers {
  readonly #server: LanguageServer;
  readonly #folder: string;
  readonly #layers: Layer[] = [];
  readonly #live = new Map<string, PlacedItem>();
  readonly #augmenting = new Map<string, PlacedItem>();
  #provided: PlacedItem | undefined;
  #hidden: ReadonlySet<PlacedItem> = new Set();
  #kept: readonly string[] = [];

  constructor(server: LanguageServer, folder: string) {
    this.#server = server;
    this.#folder = folder;
    while (this.#layers.length < FIRST_LAYERS) this.#add();
  }

  /**
   * @param cellText The text of the cell as the compiler gets it.
   * @param written How the specifier of a module is written there.
   * @param kindOf How a living name may be used; undefined if it lives no longer.
   * @param moved Imports of the cell that are no longer in `cellText`.
   * @param also Names to bring in although they do not occur: what a completion may offer.
   */
  checkText(
    source: CellText,
    cellText: string,
    written: (id: string) => string,
    kindOf: (name: string) => NameKind | undefined,
    moved: readonly MovedImport[],
    also: Iterable<string> = [],
  ): CheckedText {
    const own = new Set([...source.declared.map(({ name }) => name), ...source.disposed]);
    const lists = this.#layers.map((): string[] => []);
    let variables = "";
    for (const name of new Set([...source.words, ...also])) {
      const item = own.has(name) ? undefined : this.#live.get(name);
      const kind = kindOf(name);
      if (item === undefined || kind === undefined || this.#hidden.has(item)) continue;
      this.#wake(item);
      // An import cannot be assigned to, and is not checked if assigned; a declaration of the same type can
      // and is.
      if (kind === "variable") {
        lists[item.layer]?.push(`${name} as __let_${name}`);
        variables += `declare let ${name}: typeof __let_${name};`;
      } else lists[item.layer]?.push(name);
    }
    const imports = lists.map((names, k) => `import {${names.join(",")}} from "./__layer${k}";`).join("");
    const { text: packages, starts } = this.#packages(source, written, moved);
    const movedTo = starts.map((start) => imports.length + start);
    const prefix = `${imports}${packages}${variables}\n`;
    const clause = source.exported.filter(({ from }) => from === undefined).map(({ name }) => name);
    const exported = source.declared.filter(({ name }) => !clause.includes(name)).map(exportedName);
    const stars = source.stars.map((id, k) => `import * as ${starName(k)} from ${JSON.stringify(written(id))};`);
    const suffix = `\nexport {${exported.join(",")}};${stars.join("")}`;
    return { text: `${prefix}${cellText}${suffix}`, offset: prefix.length, movedTo };
  }

  /**
   * Imports of packages, always in the same order: those that earlier cells have imported, then what is new.
   */
  #packages(
    source: CellText,
    written: (id: string) => string,
    moved: readonly MovedImport[],
  ): { readonly text: string; readonly starts: readonly number[] } {
    const inPlace = new Set(source.specifiers.map(({ id }) => written(id)));
    for (const { id } of moved) inPlace.delete(id);
    let text = "";
    const starts: number[] = [];
    for (const id of new Set([...this.#kept, ...moved.map((one) => one.id)])) {
      const here = moved.flatMap((one, k) => (one.id === id ? [k] : []));
      if (here.length === 0 && !inPlace.has(id)) text += `import {} from ${JSON.stringify(id)};`;
      for (const k of here) {
        starts[k] = text.length;
        text += `${moved[k]?.text};`;
      }
    }
    return { text, starts };
  }

  /**
   * Declares names that are there before the first cell; the compiler reads where they come from when a cell
   * uses one of them.
   *
   * @param source An `export * from` or another export, made then.
   */
  provide(names: readonly string[], cell: string, source: () => string): void {
    const known = { names, source: "", star: true, tsx: false, cell, words: new Set<string>(), referrers: 0, layer: 0 };
    const item: PlacedItem = { ...known, refers: new Set(), asleep: source };
    this.#layers[0]?.items.push(item);
    this.#provided = item;
    this.provideAgain(names);
  }

  /**
   * Lets names that `provide` declared mean again what they meant then, since no cell declares them any more.
   */
  provideAgain(names: readonly string[]): void {
    const item = this.#provided;
    for (const name of names) if (item?.names.includes(name)) this.#live.set(name, item);
  }

  #wake(item: PlacedItem): void {
    if (item.asleep === undefined) return;
    Object.assign(item, { source: item.asleep(), asleep: undefined });
    this.#write(item.layer);
  }

  /**
   * The packages of an accepted cell stay imported: the same list of imports lets the compiler reuse its
   * program.
   */
  keepImported(written: readonly string[]): void {
    const added = written.filter((id) => !this.#kept.includes(id));
    if (added.length > 0) this.#kept = [...this.#kept, ...added].slice(-MAX_KEPT);
  }

  /** Lets go of packages that are imported without need. */
  importOnlyNeeded(): void {
    this.#kept = [];
    for (const [k, { packages }] of this.#layers.entries()) {
      if (packages.size === 0) continue;
      packages.clear();
      this.#write(k);
    }
  }

  /**
   * Leaves out of the program what a cell declares anew, until `showAll` or `commit`: globals of older
   * versions would meet their newer ones.
   */
  hide(names: Iterable<string>, augmentation: string | undefined): void {
    const replaced = [...names].flatMap((name) => this.#live.get(name) ?? []);
    const older = augmentation === undefined ? undefined : this.#augmenting.get(augmentation);
    const dead = new Set([...replaced, ...(older === undefined ? [] : [older])]);
    for (const item of this.#layers.flatMap(({ items }) => items)) {
      if (!dead.has(item)) for (const needed of item.refers) dead.delete(needed);
    }
    if (dead.size === 0) return;
    this.#hidden = dead;
    for (const layer of new Set([...dead].map(({ layer }) => layer))) this.#write(layer);
  }

  showAll(): void {
    const layers = new Set([...this.#hidden].map(({ layer }) => layer));
    this.#hidden = new Set();
    for (const layer of layers) this.#write(layer);
  }

  /** Places what an accepted cell left. */
  commit(left: readonly LayerItem[], augmentation?: string): void {
    this.showAll();
    const replaced = left.flatMap(({ names }) => names.flatMap((name) => this.#live.get(name) ?? []));
    const items = this.#referring(left);
    if (augmentation !== undefined) {
      const older = this.#augmenting.get(augmentation);
      const added = items.find(({ names }) => names.length === 0);
      if (older !== undefined) replaced.push(older);
      if (added !== undefined) this.#augmenting.set(augmentation, added);
    }
    for (const { names } of items) for (const name of names) this.#live.delete(name);
    const dirty = this.#collect(replaced);
    for (const star of items.filter((item) => item.star)) dirty.add(this.#place([star]));
    const others = items.filter((item) => !item.star);
    if (others.length > 0) dirty.add(this.#place(others));
    for (const item of items) for (const name of item.names) this.#live.set(name, item);
    for (const layer of dirty) this.#write(layer);
  }

  /** The cell that left `name` to a layer. */
  readonly cellOf = (layer: number, name: string): string | undefined =>
    this.#layers[layer]?.items.find(({ names }) => names.includes(name))?.cell;

  /** Which items of the cell and of layers each item needs. */
  #referring(left: readonly LayerItem[]): PlacedItem[] {
    const items = left.map((item) => {
      const source = item.source.replace(/import\("[^"]*\/__cell"\)\./g, "");
      return {
        ...item,
        source,
        words: wordsOf(source.replace(/import\("[^"]*"\)/g, " ")),
        refers: new Set<PlacedItem>(),
        referrers: 0,
        layer: 0,
      };
    });
    const own = new Map(items.flatMap((item) => item.names.map((name) => [name, item] as const)));
    for (const item of items) {
      for (const word of item.words) {
        const meant = own.get(word) ?? this.#live.get(word);
        if (meant === undefined || meant === item) continue;
        this.#wake(meant);
        item.refers.add(meant);
      }
      for (const [, layer, name] of item.source.matchAll(/\/__layer(\d+)"\)\.([\p{ID_Continue}$]+)/gu)) {
        const meant = this.#layers[Number(layer)]?.items.find(({ names }) => names.includes(name as string));
        if (meant !== undefined) item.refers.add(meant);
      }
    }
    return items;
  }

  /** Puts items into the lowest layer that can hold them. */
  #place(items: readonly PlacedItem[]): number {
    let k = Math.max(0, ...items.flatMap(({ refers }) => [...refers].map(({ layer }) => layer)));
    while (!this.#fits(items, k)) if (++k === this.#layers.length) this.#add(items.some(({ tsx }) => tsx));
    const layer = this.#layers[k] as Layer;
    for (const item of items) {
      item.layer = k;
      layer.items.push(item);
      layer.size += item.source.length;
      for (const word of item.words) layer.words.add(word);
      for (const needed of item.refers) needed.referrers += 1;
    }
    for (const item of items) this.#import(layer, item, k);
    return k;
  }

  #import(layer: Layer, item: PlacedItem, k: number): void {
    for (const needed of item.refers) {
      if (needed.layer === k) continue;
      for (const name of needed.names) if (item.words.has(name)) layer.imports.set(name, needed);
    }
  }

  #fits(items: readonly PlacedItem[], k: number): boolean {
    const layer = this.#layers[k] as Layer;
    if (items.some(({ tsx }) => tsx !== layer.tsx)) return false;
    if (layer.items.length === 0) return true;
    if (layer.size > FULL || items.some(({ star }) => star) || layer.items.some(({ star }) => star)) return false;
    const free = (name: string): boolean => !layer.words.has(name) && !layer.imports.has(name);
    const reached = (item: PlacedItem): boolean =>
      [...item.refers].every((needed) => {
        if (items.includes(needed) || needed.layer === k) return true;
        return needed.names.every((name) => {
          const imported = layer.imports.get(name);
          if (!item.words.has(name)) return true;
          return imported === undefined ? !layer.words.has(name) : imported === needed;
        });
      });
    return items.every((item) => item.names.every(free) && reached(item));
  }

  /** Removes items without a living name, unless others need them. Returns the layers that changed. */
  #collect(replaced: readonly PlacedItem[]): Set<number> {
    const dirty = new Set<number>();
    const candidates = [...replaced];
    for (let item = candidates.pop(); item !== undefined; item = candidates.pop()) {
      const { items } = this.#layers[item.layer] as Layer;
      const at = items.indexOf(item);
      if (at < 0 || item.referrers > 0 || item.names.some((name) => this.#live.get(name) === item)) continue;
      if (item.names.length === 0 && [...this.#augmenting.values()].includes(item)) continue;
      items.splice(at, 1);
      dirty.add(item.layer);
      for (const needed of item.refers) {
        needed.referrers -= 1;
        candidates.push(needed);
      }
    }
    for (const k of dirty) this.#recount(k);
    return dirty;
  }

  #recount(k: number): void {
    const layer = this.#layers[k] as Layer;
    layer.size = layer.items.reduce((sum, { source }) => sum + source.length, 0);
    layer.words = new Set(layer.items.flatMap(({ words }) => [...words]));
    layer.imports.clear();
    for (const item of layer.items) this.#import(layer, item, k);
  }

  #add(tsx = false): void {
    this.#layers.push({ packages: new Set(), tsx, items: [], imports: new Map(), size: 0, words: new Set() });
    this.#write(this.#layers.length - 1);
  }

  #write(k: number): void {
    const { packages, items, imports, tsx } = this.#layers[k] as Layer;
    const lower = Array.from({ length: k }, (_, j) => {
      const names = [...imports].filter(([, { layer }]) => layer === j).map(([name]) => name);
      return `import {${names.join(",")}} from "./__layer${j}";`;
    });
    const shown = items.filter((item) => !this.#hidden.has(item) && item.asleep === undefined);
    const sources = withJoinedImports(
      shown.map(({ source }) => source),
      packages,
    );
    this.#server.write(
      `${this.#folder}/__layer${k}.${tsx ? "tsx" : "ts"}`,
      `${lower.join("")}export {};\n${sources.join("\n")}\n`,
    );
  }
}

/** The name under which the checked text imports the module of its `export *` number `k`. */
export function starName(k: number): string {
  return `__secopLabStar${k}`;
}

function exportedName({ name, kind }: CellName): string {
  return kind === "type" ? `type ${name}` : name;
}
