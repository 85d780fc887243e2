// The last known state of every parameter of a node.

import type { NodeDescription, ParameterDescription } from "../description/description";
import { type CacheItem, ReportedItem } from "./cacheItem";
import { offsetOf } from "./offset";
import { ParameterEntry } from "./parameterEntry";

/** Reads of what a client knows; see `SecopClient.cache`. */
export interface Cache {
  readonly size: number;
  /** What the node last told; undefined if it told nothing yet, or has no such parameter. */
  get(module: string, parameter: string): CacheItem | undefined;
  [Symbol.iterator](): Iterator<{ readonly module: string; readonly parameter: string; readonly item: CacheItem }>;
}

/** All parameters of a node by key. */
export class ParameterTable implements Cache {
  readonly #entries = new Map<string, ParameterEntry>();

  get size(): number {
    let known = 0;
    for (const entry of this.#entries.values()) if (entry.item) known += 1;
    return known;
  }

  get(module: string, parameter: string): CacheItem | undefined {
    return this.#entries.get(`${module}:${parameter}`)?.item;
  }

  *[Symbol.iterator](): Generator<{ module: string; parameter: string; item: CacheItem }> {
    for (const { module, parameter, item } of this.#entries.values()) if (item) yield { module, parameter, item };
  }

  entry(key: string): ParameterEntry | undefined {
    return this.#entries.get(key);
  }

  /** Brings the table in line with a description. What it lacks stays known, but stale. */
  adopt(node: NodeDescription, now: number): void {
    const gone = new Map(this.#entries);
    for (const module of node.modules.values()) {
      const described = [...module.accessibles.values()].filter((a) => a.kind === "parameter");
      for (const description of described) gone.delete(this.#entryFor(module.name, description).key);
      for (const description of described) {
        const entry = this.#entryFor(module.name, description);
        const offset = offsetOf(module, description.name);
        entry.adopt(description, offset === undefined ? undefined : this.#entries.get(`${module.name}:${offset}`));
        if (description.constant === undefined) continue;
        entry.item = ReportedItem.ofConstant(entry.key, description.constant, now);
      }
    }
    for (const { item } of gone.values()) if (item) item.stale = "the node has no such parameter any more";
  }

  /** Marks everything as no longer kept up to date. Constants stay true. */
  makeStale(reason: string): void {
    for (const { item, description } of this.#entries.values()) {
      if (item && description.constant === undefined) item.stale ||= reason;
    }
  }

  #entryFor(module: string, description: ParameterDescription): ParameterEntry {
    const key = `${module}:${description.name}`;
    const entry = this.#entries.get(key) ?? new ParameterEntry(module, description);
    this.#entries.set(key, entry);
    return entry;
  }
}
