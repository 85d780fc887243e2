/** The displays of devices and signals: a device as a table of its children, a signal as one line. */

import type { MimeBundle } from "../../display/bundle";
import { displayBundle } from "../../display/displayBundle";
import { formatValue } from "../../display/formatValue";
import { header, headerText } from "../../display/header";
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
  for (const [key, child] of device.children()) rows.push(await childRow(key, child));
  const head = { title: device.name || device.constructor.name, facts: [device.constructor.name] };
  return displayBundle(
    `${headerText(head)}${rows.length > 0 ? `\n${textTable(COLUMNS, rows)}` : ""}`,
    header(head),
    rows.length > 0 ? htmlTable(COLUMNS, rows) : null,
  );
}

const COLUMNS: readonly TableColumn[] = [
  { title: "child", align: "left" },
  { title: "value" },
  { title: "unit", align: "left", mute: true },
  { title: "limits", mute: true },
];

/** The mark behind the names of signals that can be set. */
export const SETTABLE = " ✎";

async function childRow(key: string, child: HasName): Promise<string[]> {
  if (!("source" in child)) return [key, "", "", child.constructor.name];
  const { key: dataKey, reading } = await look(child);
  const value = reading ? valueText(reading, { ...dataKey, units: null }) : "";
  return [key + (isMovable(child) ? SETTABLE : ""), value, dataKey?.units ?? "", limitsText(dataKey)];
}

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
  try {
    const [keys, readings] = [signal.describe(), read.call(signal, { cached: true })];
    if (!(keys instanceof Promise || readings instanceof Promise)) return seen(keys, readings);
    return Promise.all([keys, readings]).then(([k, r]) => seen(k, r), unreadable);
  } catch (error) {
    return unreadable(error);
  }
}

function valueText(reading: Reading, key: Look["key"]): string {
  if ((reading.alarm_severity ?? 0) < 0) return "no value";
  return withUnits(formatValue(reading.value, { precision: key?.precision }), key?.units);
}

/** The allowed values: `0 … 325` or `ramp | pid | openloop`; empty if there are no limits. */
export function limitsText(key: Look["key"]): string {
  if (key?.choices) return key.choices.join(" | ");
  const { low = null, high = null } = key?.limits?.control ?? {};
  if (low === null && high === null) return "";
  return `${low === null ? "-∞" : formatNumber(low)} … ${high === null ? "∞" : formatNumber(high)}`;
}
