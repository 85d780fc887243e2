/** The displays of devices and signals: a device as a table of its children, a signal as one line. */

import { displayBundle } from "../../display/displayBundle";
import { formatValue } from "../../display/formatValue";
import { header, headerText } from "../../display/header";
import type { MimeBundle } from "../../display/mimeBundle";
import { formatNumber, withUnits } from "../../display/number";
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

/** A device as a table of its children; signals have their values in it. */
export async function displayDevice(device: DeviceWithChildren): Promise<MimeBundle> {
  const rows: string[][] = [];
  for (const [key, child] of device.children()) rows.push(...(await childRows(key, child)));
  const head = { title: device.name || device.constructor.name, facts: [device.constructor.name] };
  return displayBundle(
    `${headerText(head)}${rows.length > 0 ? `\n${textTable(COLUMNS, rows)}` : ""}`,
    header(head),
    rows.length > 0 ? htmlTable(COLUMNS, rows) : null,
  );
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
async function childRows(key: string, child: HasName, depth = 1): Promise<string[][]> {
  if ("source" in child) return [await signalRow(key, child)];
  const inner: string[][] = [];
  let left = 0;
  if (!hasChildren(child)) return [[key, ...((await ownValue(child)) ?? ["", "", ""])]];
  if (depth < DEEPEST) {
    for (const [name, grandchild] of child.children()) {
      if (inner.length < MOST_ROWS) inner.push(...(await childRows(`${key}.${name}`, grandchild, depth + 1)));
      else left += 1;
    }
  }
  if (left > 0) inner.push([`${key}: ${left} more`, "", "", ""]);
  return inner.length > 0 ? inner : [[key, "", "", ""]];
}

async function signalRow(key: string, signal: HasName): Promise<string[]> {
  const { key: dataKey, reading } = await look(signal);
  const value = reading ? valueText(reading, { ...dataKey, units: null }) : "";
  return [key + (isMovable(signal) ? SETTABLE : ""), value, dataKey?.units ?? "", limitsText(dataKey)];
}

/** The value that a readable object without children has under its own name. */
async function ownValue(device: HasName): Promise<string[] | undefined> {
  if (!isReadable(device)) return undefined;
  const { key, reading } = await look(device);
  if (!reading) return undefined;
  return [valueText(reading, { ...key, units: null }), key?.units ?? "", limitsText(key)];
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

function valueText(reading: Reading, key: Look["key"]): string {
  if ((reading.alarm_severity ?? 0) < 0) return "no value";
  return withUnits(formatValue(reading.value, { precision: key?.precision }), key?.units);
}

/**
 * The allowed values: `0 … 325` or `ramp | pid | openloop`; empty if there are no limits. A lower limit above
 * the upper one is said to be that.
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
