/**
 * Finds the devices of a notebook, and makes the table of `%wa` with the position and target of all that can
 * be moved.
 */

import { displayBundle } from "../../lib/display/displayBundle";
import { $display, type Displayable } from "../../lib/display/mimeBundle";
import { muted } from "../../lib/display/muted";
import { formatQuantity } from "../../lib/display/number";
import { htmlTable, type TableColumn, textTable } from "../../lib/display/table";
import { errorText } from "../../lib/errors";
import { isDevice, type NotebookDevice } from "./notebookDevice";

interface DeviceRow {
  readonly path: string;
  readonly cells: readonly string[];
  /** Why the device could not be read. */
  readonly problem?: string;
}

const COLUMNS: readonly TableColumn[] = [
  { title: "device", align: "left" },
  { title: "position" },
  { title: "target" },
  { title: "status", align: "left" },
];

/** The devices among the variables of a notebook. */
export function devicesAmong(values: ReadonlyMap<string, unknown>): Map<string, unknown> {
  return new Map([...values].filter(([, value]) => isDevice(value)));
}

/** The paths, such as `cryo.magnet`, of all devices that can be moved. */
export function movablePaths(values: ReadonlyMap<string, unknown>): string[] {
  return [...devicesAmong(values)].flatMap(([name, device]) => movables(name, device)).map(([path]) => path);
}

/** The paths of all devices that can be read: nodes and their modules. */
export function readablePaths(values: ReadonlyMap<string, unknown>): string[] {
  const readable = (path: string, device: unknown): string[] => {
    if (!isDevice(device) || typeof device.read !== "function") return [];
    return [path, ...modulesOf(device).flatMap(([name, module]) => readable(`${path}.${name}`, module))];
  };
  return [...devicesAmong(values)].flatMap(([name, device]) => readable(name, device));
}

/** Reads the devices and makes the table. */
export async function whereAll(devices: Readonly<Record<string, unknown>>): Promise<Displayable> {
  const found = Object.entries(devices).flatMap(([name, device]) => movables(name, device));
  const rows = await Promise.all(found.map(([path, device]) => row(path, device)));
  const cells = rows.map((one) => [one.path, ...one.cells]);
  const problems = problemsOf(rows);
  const table = cells.length > 0 ? textTable(COLUMNS, cells) : "there is no device that can be moved";
  const notes = problems.map((problem) => muted(problem));
  return { [$display]: () => displayBundle([table, ...problems].join("\n"), htmlTable(COLUMNS, cells), ...notes) };
}

/**
 * The reasons why devices could not be read. Modules with the same reason, such as a lost node, share one
 * line.
 */
function problemsOf(rows: readonly DeviceRow[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { path, problem } of rows) {
    if (problem === undefined) continue;
    const reason = problem.replace(/^cannot read [^\s]+: /, "");
    byReason.set(reason, [...(byReason.get(reason) ?? []), path]);
  }
  return [...byReason].map(([reason, paths]) => `${paths.join(", ")}: ${reason}`);
}

/** The device itself if it can be located, or else those of its modules that can be, with their paths. */
function movables(path: string, device: unknown): [string, NotebookDevice][] {
  if (!isDevice(device)) return [];
  if (typeof device.locate === "function") return [[path, device]];
  return modulesOf(device).flatMap(([name, module]) => movables(`${path}.${name}`, module));
}

function modulesOf(device: object): [string, unknown][] {
  const { modules } = device as { readonly modules?: unknown };
  return modules instanceof Map ? [...modules] : [];
}

async function row(path: string, device: NotebookDevice): Promise<DeviceRow> {
  try {
    const { readback, setpoint } = ((await device.locate?.()) ?? {}) as { readback?: unknown; setpoint?: unknown };
    const units = await unitsOf(device);
    return { path, cells: [quantity(readback, units), quantity(setpoint, units), await statusOf(device)] };
  } catch (error) {
    return { path, cells: ["", "", "unknown"], problem: errorText(error) };
  }
}

async function unitsOf(device: NotebookDevice): Promise<string | undefined> {
  const keys = ((await device.describe?.()) ?? {}) as Readonly<Record<string, { readonly units?: unknown }>>;
  const units = keys[device.hints?.fields?.[0] ?? device.name]?.units;
  return typeof units === "string" ? units : undefined;
}

async function statusOf(device: NotebookDevice): Promise<string> {
  const { status } = device as { status?: { getValue?(): unknown } };
  if (typeof status?.getValue !== "function") return "";
  const value = await status.getValue();
  return Array.isArray(value) ? value.filter((part) => part !== "").join(": ") : String(value);
}

function quantity(value: unknown, units: string | undefined): string {
  if (typeof value === "number") return formatQuantity(value, units);
  return value === undefined ? "" : String(value);
}
