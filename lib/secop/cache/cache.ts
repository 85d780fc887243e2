/** The known values of a node, as users see them. */

import type { CacheItem } from "./cacheItem";

/** The last known item of each parameter of a node; see `SecopClient.cache`. */
export interface Cache {
  /** How many parameters have an item. */
  readonly size: number;
  /**
   * The last item that the node sent; undefined before the first one, and for a parameter that the node does
   * not have.
   */
  get(module: string, parameter: string): CacheItem | undefined;
  [Symbol.iterator](): Iterator<Update>;
}

/** A new item of a parameter. */
export interface Update {
  readonly module: string;
  readonly parameter: string;
  readonly item: CacheItem;
}
