/** One parameter of a node: its last item and its listeners. */

import type { ParameterDescription } from "../description/description";
import type { ConnectionRole } from "../link/linkListener";
import { type Codec, codecFor } from "../values/codecFor";
import { statusCodec } from "../values/codecs/statusCodec";
import type { CacheItem, ReportedItem } from "./cacheItem";
import { shiftedCodec } from "./offset";

/** Takes the items of a parameter. It must not throw. */
export type ItemListener = (item: CacheItem) => void;

/**
 * Messages of two connections arrive in any order. Within this time the node's clock decides which item is
 * newer; after a longer time the clock may have been set, so the item that arrived last counts. Seconds.
 */
const REORDERING = 1;

/**
 * A parameter that a node has or had. It and its listeners outlive reconnects and changes of the
 * description.
 */
export class ParameterEntry {
  readonly module: string;
  readonly parameter: string;
  /** `module:parameter` */
  readonly key: string;
  readonly listeners = new Set<ItemListener>();
  /** The parameters that have this one as their offset: the client adds its value to theirs. */
  readonly shifted = new Set<ParameterEntry>();
  item: ReportedItem | undefined;
  #description: ParameterDescription;
  /** The codec without offset: made when it is first needed, and again after a change of the description. */
  #codec: Codec | undefined;
  /** The connection over which the item came. */
  #cameOver: ConnectionRole | undefined;
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

  /** Converts between the wire and values, with the present offset. */
  get codec(): Codec {
    this.#codec ??= this.#plainCodec();
    if (!this.#offset) return this.#codec;
    return shiftedCodec(this.#codec, this.#description.datainfo, this.#offset.item?.value);
  }

  #plainCodec(): Codec {
    const codec = codecFor(this.#description.datainfo);
    return this.parameter === "status" ? statusCodec(codec) : codec;
  }

  /** Takes a new description, and the parameter that is now the offset of this one. */
  adopt(description: ParameterDescription, offset: ParameterEntry | undefined): void {
    this.#description = description;
    this.#codec = undefined;
    this.#offset?.shifted.delete(this);
    this.#offset = offset;
    offset?.shifted.add(this);
  }

  /**
   * Keeps an item unless it is older than the one that came over the other connection; returns whether it
   * did.
   */
  accept(item: ReportedItem, over: ConnectionRole): boolean {
    const last = this.item;
    if (last && over !== this.#cameOver && isOutrun(item, last)) return false;
    this.item = item;
    this.#cameOver = over;
    return true;
  }
}

/** Whether an item from the other connection was overtaken by a newer one. */
function isOutrun(item: ReportedItem, last: ReportedItem): boolean {
  return item.isTimed && last.isTimed && item.timestamp < last.timestamp && item.arrival - last.arrival < REORDERING;
}
