/** Decides which lines share a panel. */

import type { Points } from "../view/series";
import type { StreamField } from "../view/streamFields";
import { rangeOf } from "./range";

/**
 * The largest ratio between the range of a panel and the spread of one of its lines; beyond it, that line
 * would look flat.
 */
const LARGEST_SPREAD_RATIO = 20;
/** The number of points from which the spread of a line means something. */
const FEWEST_FOR_SPREAD = 4;

/**
 * The fields of each panel. Fields of one unit share a panel unless one of them would look flat beside the
 * others; those are added to `alone`, where they stay while the plot grows, so that nothing jumps.
 */
export function panelGroups(
  fields: readonly StreamField[],
  pointsOf: (field: StreamField) => Points,
  alone: Set<string>,
): StreamField[][] {
  if (fields.length === 1) return [[...fields]];
  const groups: {
    readonly units: string | undefined;
    readonly fields: StreamField[];
    low: number;
    high: number;
    spread: number;
  }[] = [];
  for (const field of fields) {
    const { y, length } = pointsOf(field);
    const [low, high] = rangeOf([y.subarray(0, length)]);
    const spread = high - low;
    const group = groups.find(({ units }) => units !== undefined && units === field.units);
    if (group && spread > 0 && length >= FEWEST_FOR_SPREAD) {
      const smallest = group.spread > 0 ? Math.min(spread, group.spread) : spread;
      const range = Math.max(high, group.high) - Math.min(low, group.low);
      if (range > LARGEST_SPREAD_RATIO * smallest) alone.add(field.key);
    }
    if (!group || alone.has(field.key)) {
      const units = alone.has(field.key) ? undefined : field.units;
      groups.push({ units, fields: [field], low, high, spread });
    } else {
      group.fields.push(field);
      [group.low, group.high] = [Math.min(low, group.low), Math.max(high, group.high)];
      group.spread = group.spread > 0 && spread > 0 ? Math.min(group.spread, spread) : Math.max(group.spread, spread);
    }
  }
  return groups.map((group) => group.fields);
}
