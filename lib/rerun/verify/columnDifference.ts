/** Whether a column of two runs differs by more than it may. */

import { isDeepStrictEqual } from "node:util";
import { counted } from "../../display/number";
import type { DataKey, EventDescriptor } from "../../engine/documents/documents";
import { UsageError } from "../../errors";
import { nearest } from "../../nearest";
import { oneLine } from "../../printable";
import { shownValue } from "./differenceText";
import { columnTolerance } from "./tolerance";

/** How much the values of columns may differ. */
interface Allowance {
  /** The allowed difference of a column, by its name. */
  readonly tolerances?: Readonly<Record<string, number>>;
  readonly exact: boolean;
}

/** The differences between the values of a column in two runs, in one line; undefined if there are none. */
export function columnDifference(
  key: string,
  dataKey: DataKey,
  then: readonly unknown[],
  now: readonly unknown[],
  { tolerances = {}, exact }: Allowance,
): string | undefined {
  const points = Math.min(then.length, now.length);
  const allowed = tolerances[key] ?? (exact ? 0 : columnTolerance(dataKey, then));
  let off = 0;
  let worst = { size: -1, point: 0 };
  for (let i = 0; i < points; i += 1) {
    const size = sizeOfDifference(then[i], now[i]);
    if (size <= allowed) continue;
    off += 1;
    if (size > worst.size) worst = { size, point: i };
  }
  if (off === 0) return undefined;
  const unit = dataKey.units ?? "";
  const limit = allowed > 0 ? ` by more than ${Number(allowed.toPrecision(2))} ${unit}`.trimEnd() : "";
  return (
    `${oneLine(key)}: ${off} of ${counted(points, "point")} ${off === 1 ? "is" : "are"} off${limit}; ` +
    `the worst is point ${worst.point + 1}: ${shownValue(then[worst.point])} then, ${shownValue(now[worst.point])} now`
  );
}

/** The difference of two numbers, or the largest in two arrays of one shape; `Infinity` for other values. */
function sizeOfDifference(a: unknown, b: unknown): number {
  if (isDeepStrictEqual(a, b)) return 0;
  if (typeof a === "number" && typeof b === "number")
    return Number.isNaN(a - b) ? Number.POSITIVE_INFINITY : Math.abs(a - b);
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most: number, value, i) => Math.max(most, sizeOfDifference(value, b[i])), 0);
}

/** @throws UsageError if a tolerance is for a column that none of the documents has */
export function checkTolerances(
  tolerances: Readonly<Record<string, number>>,
  documents: readonly (readonly [name: string, doc: object])[],
): void {
  const columns = documents.flatMap(([name, doc]) =>
    name === "descriptor" ? Object.keys((doc as EventDescriptor).data_keys) : [],
  );
  for (const key of Object.keys(tolerances)) {
    if (columns.includes(key)) continue;
    const meant = nearest(key, columns);
    const known = [...new Set(columns)].slice(0, 6).map((column) => oneLine(column));
    const advice = meant !== undefined ? `did you mean ${oneLine(meant)}?` : `there are ${known.join(", ") || "none"}`;
    throw new UsageError(`no run has a column ${oneLine(key)} for a tolerance: ${advice}`);
  }
}
