/** Says which key of a query no run has, for the display of an empty list. */

import { nearest } from "../../nearest";
import { oneLine } from "../../printable";
import { isRunKey, type RunQuery, type Searched, valueAt } from "./runQuery";

/** Why nothing fits, if a condition is about a key that no run has; undefined otherwise. */
export function unknownKey(runs: readonly Searched[], query: RunQuery): string | undefined {
  if (runs.length === 0) return undefined;
  const wanted = Object.keys(query).filter((key) => isRunKey(key) && query[key] !== undefined);
  const unknown = wanted.find((key) => runs.every(({ start }) => valueAt(start, key) === undefined));
  if (unknown === undefined) return undefined;
  const meant = nearest(unknown, keysOfRuns(runs, unknown.includes(".")));
  const hint = meant === undefined ? "" : `; did you mean ${oneLine(meant)}?`;
  return `no run has the key ${oneLine(unknown)}${hint}`;
}

/** The keys of the start documents, or with `inner` those of the objects in them: `sample.name`. */
function keysOfRuns(runs: readonly Searched[], inner: boolean): string[] {
  const keys = new Set<string>();
  for (const { start } of runs) {
    for (const [key, value] of Object.entries(start)) {
      if (!inner) keys.add(key);
      else if (!Array.isArray(value)) for (const name of Object.keys(Object(value))) keys.add(`${key}.${name}`);
    }
  }
  return [...keys];
}
