/** Settings of a device: read from its signals, compared, applied, and kept in YAML files. */

import { readFile, writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { Document, isSeq, parse, visit } from "yaml";
import { formatValue } from "../../display/formatValue";
import { errorText, UsageError } from "../../errors";
import { exactNumber } from "../../exactNumber";
import type { Device } from "../device/device";
import type { SignalRW } from "../signal/signal";
import { walkConfigSignals, walkRwSignals } from "./walk";

/** The values of the settable signals of a device, by path (`cryo.ramp`). */
export type DeviceSettings = ReadonlyMap<string, unknown>;

/**
 * The present values of all settable signals of a device. Signals that cannot be read are left out.
 *
 * @param options With `onlyConfig`, only signals that are recorded as configuration: restoring these moves
 * nothing. Default false.
 */
export async function getSettings(
  device: Device,
  { onlyConfig = false }: { readonly onlyConfig?: boolean } = {},
): Promise<DeviceSettings> {
  const config = walkConfigSignals(device);
  const signals = [...walkRwSignals(device)].filter(([path]) => !onlyConfig || config.has(path));
  const read = async ([path, signal]: readonly [string, SignalRW]) => [path, await signal.getValue()] as const;
  const results = await Promise.allSettled(signals.map(read));
  return new Map(results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])));
}

/**
 * Sets all signals that differ from the settings, at the same time. A null in the settings leaves its signal
 * as it is.
 *
 * @returns the paths of the signals that were set.
 * @throws UsageError before anything is set if the device has no such signal, and after a set that failed.
 */
export async function applySettings(device: Device, settings: DeviceSettings): Promise<readonly string[]> {
  const signals = walkRwSignals(device);
  const unknown = [...settings.keys()].filter((path) => !signals.has(path));
  if (unknown.length > 0) {
    throw new UsageError(`${device.name || "the device"} has no settable ${unknown.join(", ")}: nothing was set`);
  }
  const apply = async ([path, value]: readonly [string, unknown]): Promise<readonly string[]> => {
    const signal = signals.get(path);
    if (!signal || value === null) return [];
    const present = await signal.getValue();
    const typed = like(present, value);
    if (isDeepStrictEqual(plain(present), plain(typed))) return [];
    await signal.set(typed).catch((error: unknown) => {
      const text = errorText(error);
      const wanted = text.startsWith("cannot set ") ? path : `${path} to ${formatValue(value)}`;
      throw new UsageError(`cannot restore ${wanted}: ${text}`, { cause: error });
    });
    return [path];
  };
  return (await Promise.all([...settings].map(apply))).flat();
}

/** Writes settings to a YAML file, one line for each signal where possible. */
export async function saveSettings(file: string, settings: DeviceSettings): Promise<void> {
  const document = new Document(Object.fromEntries([...settings].map(([path, value]) => [path, plain(value)])));
  visit(document, {
    Collection: (_key, node) => {
      if (isSeq(node)) node.flow = true;
    },
  });
  await writeFile(file, document.toString());
}

/** Reads settings from a YAML file. @throws UsageError if the file holds something else. */
export async function loadSettings(file: string): Promise<DeviceSettings> {
  const content: unknown = parse(await readFile(file, "utf8"), narrow, { intAsBigInt: true });
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new UsageError(`${file} holds no settings: expected lines "path: value"`);
  }
  return new Map(Object.entries(content));
}

/** Turns integers into numbers where numbers are exact; larger ones stay bigints. */
const narrow = (_key: unknown, value: unknown): unknown => (typeof value === "bigint" ? exactNumber(value) : value);

/** A value as YAML can hold it: typed arrays become lists, also inside structs. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

/** A value from a file in the type of the signal: a typed array or a bigint if the signal holds one. */
function like(present: unknown, value: unknown): unknown {
  if (typeof present === "bigint" && Number.isSafeInteger(value)) return BigInt(value as number);
  if (!ArrayBuffer.isView(present) || !Array.isArray(value)) return value;
  const isWide = present instanceof BigInt64Array || present instanceof BigUint64Array;
  const { from } = present.constructor as unknown as { from(list: readonly unknown[]): unknown };
  return from.call(present.constructor, isWide ? value.map((item) => BigInt(item as number)) : value);
}
