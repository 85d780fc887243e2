// The last known state of every parameter of a node, and who wants to hear of changes.

import { type CacheItem, ReportedItem } from "./cacheItem";
import { type Codec, codecFor } from "./codec";
import type { NodeDescription, ParameterDescription } from "./description";
import { offsetName, SHIFTED, shiftedCodec } from "./offset";
import type { Source } from "./session";

export type ItemListener = (item: CacheItem) => void;

/** Reads of what a client knows; see `SecopClient.cache`. */
export interface Cache {
  readonly size: number;
  /** What the node last told; undefined if it told nothing yet, or has no such parameter. */
  get(module: string, parameter: string): CacheItem | undefined;
  [Symbol.iterator](): Iterator<{ readonly module: string; readonly parameter: string; readonly item: CacheItem }>;
}

/**
 * Two connections deliver in no order. Within this time the node's clock decides which item is newer; later than that
 * it may have been set, and the last one to arrive wins. Seconds.
 */
const REORDERING = 1;

/** A parameter a node has or had. It outlives reconnects and changes of the description, so that subscriptions do. */
export class ParameterEntry {
  readonly module: string;
  readonly parameter: string;
  /** `module:parameter` */
  readonly key: string;
  readonly listeners = new Set<ItemListener>();
  item: ReportedItem | undefined;
  #description: ParameterDescription;
  #codec: Codec;
  /** The connection the item came over. */
  #source: Source | undefined;
  #offset: ParameterEntry | undefined;
  /** The parameters whose values change with this one's, since the client adds it to them. */
  readonly shifted = new Set<ParameterEntry>();

  constructor(module: string, description: ParameterDescription) {
    this.module = module;
    this.parameter = description.name;
    this.key = `${module}:${description.name}`;
    this.#description = description;
    this.#codec = codecFor(description.datainfo);
  }

  get description(): ParameterDescription {
    return this.#description;
  }

  /** Between the wire and values, with the offset as it is now. */
  get codec(): Codec {
    const offset = this.#offset?.item?.value;
    return typeof offset === "number" ? shiftedCodec(this.#codec, offset) : this.#codec;
  }

  /** Takes a description over, and the parameter whose value is to be added to this one's. */
  adopt(description: ParameterDescription, offset: ParameterEntry | undefined): void {
    this.#description = description;
    this.#codec = codecFor(description.datainfo);
    this.#offset?.shifted.delete(this);
    this.#offset = offset;
    offset?.shifted.add(this);
  }

  /** Takes an item unless it is older than the one from another connection. */
  accept(item: ReportedItem, source: Source): boolean {
    const last = this.item;
    if (last && source !== this.#source && isOutrun(item, last)) return false;
    this.item = item;
    this.#source = source;
    return true;
  }
}

function isOutrun(item: ReportedItem, last: ReportedItem): boolean {
  return item.isTimed && last.isTimed && item.timestamp < last.timestamp && item.arrival - last.arrival < REORDERING;
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
      const offset = offsetName(module);
      for (const description of described) {
        const entry = this.#entryFor(module.name, description);
        const isShifted = offset !== undefined && SHIFTED.has(description.name);
        entry.adopt(description, isShifted ? this.#entries.get(`${module.name}:${offset}`) : undefined);
        if (description.constant !== undefined)
          entry.item = ReportedItem.ofConstant(entry.key, description.constant, now);
      }
    }
    for (const { item } of gone.values()) if (item) item.stale = "the node has no such parameter any more";
  }

  #entryFor(module: string, description: ParameterDescription): ParameterEntry {
    const key = `${module}:${description.name}`;
    const entry = this.#entries.get(key) ?? new ParameterEntry(module, description);
    this.#entries.set(key, entry);
    return entry;
  }

  /** Marks everything as no longer kept up to date. Constants stay true. */
  makeStale(reason: string): void {
    for (const { item, description } of this.#entries.values()) {
      if (item && description.constant === undefined) item.stale ||= reason;
    }
  }
}
