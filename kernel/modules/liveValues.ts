/**
 * The values of a notebook's names, each read when it is asked for.
 */

import type { Namespace } from "./namespaces";

/** The module that holds a name. */
interface ValueHolder {
  readonly exports: Namespace;
  /** Whether reading a name of it loads nothing. */
  isLoaded(): boolean;
}

/**
 * A map from names to values. Going over all of it leaves out the names of modules that nobody has used yet,
 * so that looking for a value loads nothing.
 */
export class LiveValues implements ReadonlyMap<string, unknown> {
  readonly #holders: ReadonlyMap<string, ValueHolder>;

  constructor(holders: ReadonlyMap<string, ValueHolder>) {
    this.#holders = holders;
  }

  get size(): number {
    return this.#holders.size;
  }

  has(name: string): boolean {
    return this.#holders.has(name);
  }

  get(name: string): unknown {
    return this.#holders.get(name)?.exports[name];
  }

  keys(): MapIterator<string> {
    return this.#holders.keys();
  }

  *entries(): MapIterator<[string, unknown]> {
    for (const [name, holder] of this.#holders) if (holder.isLoaded()) yield [name, holder.exports[name]];
  }

  *values(): MapIterator<unknown> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, unknown]> {
    return this.entries();
  }

  forEach(visit: (value: unknown, name: string, map: ReadonlyMap<string, unknown>) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this);
  }
}
