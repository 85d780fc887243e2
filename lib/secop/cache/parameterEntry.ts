// One parameter of a node: what is known of it, and who wants to hear of it.

import type { ParameterDescription } from "../description/description";
import type { Source } from "../link/nodeSession";
import { type Codec, codecFor } from "../values/codecFor";
import type { CacheItem, ReportedItem } from "./cacheItem";
import { shiftedCodec } from "./offset";

/** Must not throw. */
export type ItemListener = (item: CacheItem) => void;

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
  /** The parameters whose values change with this one's, since the client adds it to them. */
  readonly shifted = new Set<ParameterEntry>();
  item: ReportedItem | undefined;
  #description: ParameterDescription;
  /** Made when it is first needed, and anew for another description. */
  #codec: Codec | undefined;
  /** The connection the item came over. */
  #source: Source | undefined;
  #offset: ParameterEntry | undefined;

  constructor(module: string, description: ParameterDescription) {
    this.module = module;
    this.parameter = description.name;
    this.key = `${module}:${description.name}`;
    this.#description = description;
  }

  get description(): ParameterDescription {
    return this.#description;
  }

  /** Between the wire and values, with the offset as it is now. */
  get codec(): Codec {
    this.#codec ??= codecFor(this.#description.datainfo);
    if (!this.#offset) return this.#codec;
    return shiftedCodec(this.#codec, this.#description.datainfo, this.#offset.item?.value);
  }

  /** Takes a description over, and the parameter whose value is to be added to this one's. */
  adopt(description: ParameterDescription, offset: ParameterEntry | undefined): void {
    this.#description = description;
    this.#codec = undefined;
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
