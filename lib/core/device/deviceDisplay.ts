/** The displays of devices and signals: a device as a table of its children, a signal as one line. */

import { type Callout, callout, calloutText } from "../../display/callout";
import { displayBundle } from "../../display/displayBundle";
import { formatValue } from "../../display/formatValue";
import { header, headerText } from "../../display/header";
import type { MimeBundle } from "../../display/mimeBundle";
import { formatNumber, withUnits } from "../../display/number";
import { sentence } from "../../display/sentence";
import type { State } from "../../display/statusDot";
import { htmlTable, type TableColumn, textTable } from "../../display/table";
import { formatMoment } from "../../display/time";
import { errorText } from "../../errors";
import {
  type DataKey,
  type DataKeys,
  type HasName,
  isMovable,
  isReadable,
  type Readable,
  type Reading,
  type Readings,
  type SyncOrAsync,
} from "../protocols/protocols";

/** What the display of a device needs to know of it. */
interface DeviceWithChildren extends HasName {
  children(): Iterable<readonly [key: string, child: HasName]>;
}

/** What the display of a signal needs to know of it. */
interface NamedSource extends HasName {
  readonly source: string;
}

/** A signal with its present value: the last pushed one if there is one, else one that is read now. */
export function displaySignal(signal: NamedSource): SyncOrAsync<MimeBundle> {
  const seen = look(signal);
  return seen instanceof Promise ? seen.then((later) => signalBundle(signal, later)) : signalBundle(signal, seen);
}

function signalBundle(signal: NamedSource, { key, reading }: Look): MimeBundle {
  const severity = reading?.alarm_severity ?? 0;
  const state: State = severity === 0 ? "ok" : severity === 1 ? "warn" : "bad";
  const value = reading ? valueText(reading, key) : "";
  const head = {
    title: signal.name || "signal",
    ...(value === "" ? {} : { status: { state, word: value } }),
    facts: [
      reading?.message,
      limitsText(key),
      reading && severity >= 0 && `read ${formatMoment(reading.timestamp)}`,
      isMovable(signal) ? "can be set" : "read-only",
      signal.source,
    ],
  };
  return displayBundle(headerText(head), header(head));
}

/**
 * A device as a table of its children; signals have their values in it. If some signals have no value, the
 * first reason stands above the table.
 */
export async function displayDevice(device: DeviceWithChildren): Promise<MimeBundle> {
  const rows: Row[] = [];
  for (const [key, child] of device.children()) rows.push(...(await childRows(key, child)));
  const cells = rows.map((row) => row.cells);
  const head = { title: device.name || device.constructor.name, facts: [device.constructor.name] };
  const missing = missingValues(rows);
  return displayBundle(
    [headerText(head), missing && calloutText(missing), rows.length > 0 && textTable(COLUMNS, cells)]
      .filter(Boolean)
      .join("\n"),
    header(head),
    missing && callout(missing),
    rows.length > 0 ? htmlTable(COLUMNS, cells) : null,
  );
}

/** A row of the table. */
interface Row {
  readonly cells: readonly string[];
  /** The reason why its signal has no value, if it has none. */
  readonly problem?: string | undefined;
}

/** The most signals without a value that are named. */
const MOST_MISSING = 3;

/** Says which signals have no value, and why the first of them has none. */
function missingValues(rows: readonly Row[]): Callout | undefined {
  const missing = rows.filter(({ problem }) => problem !== undefined);
  if (missing.length === 0) return undefined;
  const names = missing.slice(0, MOST_MISSING).map(({ cells }) => cells[0]?.replace(SETTABLE, ""));
  const rest = missing.length - names.length;
  return {
    kind: "notice",
    title: `No value of ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`,
    text: sentence(missing[0]?.problem ?? ""),
  };
}

const COLUMNS: readonly TableColumn[] = [
  { title: "child", align: "left", names: true },
  { title: "value" },
  { title: "unit", align: "left", mute: true },
  { title: "limits", mute: true },
];

/** The mark behind the names of signals that can be set. */
export const SETTABLE = " ✎";

/** Levels of children below a device that are shown with their values. */
const DEEPEST = 3;
/** Rows of a child device at most: of a larger one, the rest is counted. */
const MOST_ROWS = 12;

/** A signal as one row, and a device as a row for each of its children. */
async function childRows(key: string, child: HasName, depth = 1): Promise<Row[]> {
  if ("source" in child) return [await signalRow(key, child)];
  const inner: Row[] = [];
  let left = 0;
  if (!hasChildren(child)) return [(await ownValue(key, child)) ?? { cells: [key, "", "", ""] }];
  if (depth < DEEPEST) {
    for (const [name, grandchild] of child.children()) {
      if (inner.length < MOST_ROWS) inner.push(...(await childRows(`${key}.${name}`, grandchild, depth + 1)));
      else left += 1;
    }
  }
  if (left > 0) inner.push({ cells: [`${key}: ${left} more`, "", "", ""] });
  return inner.length > 0 ? inner : [{ cells: [key, "", "", ""] }];
}

async function signalRow(key: string, signal: HasName): Promise<Row> {
  return lookedRow(key + (isMovable(signal) ? SETTABLE : ""), await look(signal));
}

/** The value that a readable object without children has under its own name. */
async function ownValue(name: string, device: HasName): Promise<Row | undefined> {
  if (!isReadable(device)) return undefined;
  const seen = await look(device);
  return seen.reading && lookedRow(name, seen);
}

function lookedRow(name: string, { key, reading }: Look): Row {
  const value = reading ? valueText(reading, { ...key, units: null }) : "";
  const problem = reading && !hasValue(reading) ? (reading.message ?? "") : undefined;
  return { cells: [name, value, key?.units ?? "", limitsText(key)], problem };
}

const hasChildren = (child: object): child is DeviceWithChildren =>
  typeof (child as Partial<DeviceWithChildren>).children === "function";

interface Look {
  readonly key?: Pick<DataKey, "units" | "precision" | "limits" | "choices"> | undefined;
  readonly reading?: Reading | undefined;
}

function look(signal: unknown): SyncOrAsync<Look> {
  if (!isReadable(signal)) return {};
  // A display may show the last pushed value. Readables that are not signals ignore the option.
  const read = signal.read as (options: { readonly cached: boolean }) => ReturnType<Readable["read"]>;
  const seen = (keys: DataKeys, readings: Readings): Look => ({
    key: keys[signal.name],
    reading: readings[signal.name],
  });
  const unreadable = (error: unknown): Look => ({
    reading: { value: null, timestamp: Number.NaN, alarm_severity: -1, message: errorText(error) },
  });
  let keys: SyncOrAsync<DataKeys> | undefined;
  try {
    keys = signal.describe();
    const readings = read.call(signal, { cached: true });
    if (!(keys instanceof Promise || readings instanceof Promise)) return seen(keys, readings);
    return Promise.all([keys, readings]).then(([k, r]) => seen(k, r), unreadable);
  } catch (error) {
    // The description may fail a moment later, for the same reason.
    if (keys instanceof Promise) keys.catch(() => {});
    return unreadable(error);
  }
}

const hasValue = (reading: Reading): boolean => (reading.alarm_severity ?? 0) >= 0;

function valueText(reading: Reading, key: Look["key"]): string {
  if (!hasValue(reading)) return "no value";
  return withUnits(formatValue(reading.value, { precision: key?.precision }), key?.units);
}

/**
 * The allowed values: `0 … 325` or `ramp | pid | openloop`; empty if there are no limits. If the lower limit
 * is above the upper one, they are marked as reversed.
 */
export function limitsText(key: Look["key"]): string {
  if (key?.choices) return key.choices.join(" | ");
  const { low = null, high = null } = key?.limits?.control ?? {};
  if (isOpen(low) && isOpen(high)) return "";
  const range = `${isOpen(low) ? "-∞" : formatNumber(low)} … ${isOpen(high) ? "∞" : formatNumber(high)}`;
  return !isOpen(low) && !isOpen(high) && low > high ? `${range} (reversed)` : range;
}

/** The largest number stands for no limit. */
function isOpen(limit: number | null): limit is null {
  return limit === null || Math.abs(limit) >= Number.MAX_VALUE / 2;
}
