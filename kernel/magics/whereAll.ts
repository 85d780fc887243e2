/** The table of `%wa`: every device that can be moved, where it is, where it should be. */

import { $display, type Displayable } from "../../lib/display/bundle";
import { displayBundle } from "../../lib/display/displayBundle";
import { type Column, htmlTable, textTable } from "../../lib/display/table";
import { errorText } from "../../lib/errors";

/** What a device has to be listed; everything beyond is asked for where it is there. */
interface Listed {
  readonly name: string;
  readonly children?: unknown;
  locate?(): unknown;
  read?(): unknown;
}

const COLUMNS: readonly Column[] = [
  { title: "device", align: "left" },
  { title: "position" },
  { title: "target" },
  { title: "status", align: "left" },
];

/** Devices have children that know their parent; a notebook's other values have not. */
export function devicesAmong(values: ReadonlyMap<string, unknown>): Map<string, unknown> {
  return new Map([...values].filter(([, value]) => isDevice(value)));
}

/** Reads the devices now. */
export async function whereAll(devices: Readonly<Record<string, unknown>>): Promise<Displayable> {
  const found = Object.entries(devices).flatMap(([name, device]) => movables(name, device));
  const rows = await Promise.all(found.map(([name, device]) => row(name, device)));
  const text = rows.length > 0 ? textTable(COLUMNS, rows) : "no device that can be moved";
  return { [$display]: () => displayBundle(text, htmlTable(COLUMNS, rows)) };
}

function isDevice(value: unknown): value is Listed {
  return typeof value === "object" && value !== null && "name" in value && "connect" in value && "dispose" in value;
}

/** The device itself if it can be located, else those in it, by the path one writes. */
function movables(path: string, device: unknown): [string, Listed][] {
  if (!isDevice(device)) return [];
  if (typeof device.locate === "function") return [[path, device]];
  const { modules } = device as { modules?: unknown };
  const children = modules instanceof Map ? [...modules] : [];
  return children.flatMap(([name, child]) => movables(`${path}.${name}`, child));
}

async function row(path: string, device: Listed): Promise<string[]> {
  try {
    const { readback, setpoint } = ((await device.locate?.()) ?? {}) as { readback?: unknown; setpoint?: unknown };
    return [path, format(readback), format(setpoint), await statusOf(device)];
  } catch (error) {
    return [path, "", "", errorText(error)];
  }
}

async function statusOf(device: Listed): Promise<string> {
  const { status } = device as { status?: { getValue?(): unknown } };
  if (typeof status?.getValue !== "function") return "";
  const value = await status.getValue();
  return Array.isArray(value) ? value.map(String).join(" ") : format(value);
}

function format(value: unknown): string {
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : value === undefined ? "" : String(value);
}
