import { readFile, writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { Document, isSeq, parse, visit } from "yaml";
import { formatValue } from "../../display/formatValue";
import { errorText, UsageError } from "../../errors";
import type { Device } from "../device/device";
import type { SignalRW } from "../signal/signal";
import { walkConfigSignals, walkRwSignals } from "./walk";

/** Values of a device's settable signals by path (`cryo.ramp`). */
export type DeviceSettings = ReadonlyMap<string, unknown>;

/**
 * What the settable signals of a device are set to now. A signal that cannot be read is left out.
 *
 * @param options `onlyConfig` leaves out what is not recorded as configuration: restoring then moves nothing. Default false.
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
 * Sets what differs from the settings, side by side; null in the settings leaves a signal as it is.
 *
 * @returns the paths that were set.
 * @throws UsageError before anything is set if the device lacks a signal of the settings.
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
    if (isDeepStrictEqual(plain(present), plain(value))) return [];
    await signal.set(like(present, value)).catch((error: unknown) => {
      const text = errorText(error);
      const wanted = text.startsWith("cannot set ") ? path : `${path} to ${formatValue(value)}`;
      throw new UsageError(`cannot restore ${wanted}: ${text}`, { cause: error });
    });
    return [path];
  };
  return (await Promise.all([...settings].map(apply))).flat();
}

/** Writes settings to a YAML file, one line a signal where possible. */
export async function saveSettings(file: string, settings: DeviceSettings): Promise<void> {
  const document = new Document(Object.fromEntries([...settings].map(([path, value]) => [path, plain(value)])));
  visit(document, {
    Collection: (_key, node) => {
      if (isSeq(node)) node.flow = true;
    },
  });
  await writeFile(file, document.toString());
}

/** Reads settings back from a YAML file. */
export async function loadSettings(file: string): Promise<DeviceSettings> {
  const content: unknown = parse(await readFile(file, "utf8"), narrow, { intAsBigInt: true });
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new UsageError(`${file} holds no settings: expected lines "path: value"`);
  }
  return new Map(Object.entries(content));
}

/** Integers as numbers where these hold them exactly. */
const narrow = (_key: unknown, value: unknown): unknown =>
  typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;

/** A value as YAML can hold it: lists for typed arrays, in structs as well. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

/** A list from a file as the typed array the signal holds. */
function like(present: unknown, value: unknown): unknown {
  if (!ArrayBuffer.isView(present) || !Array.isArray(value)) return value;
  const isWide = present instanceof BigInt64Array || present instanceof BigUint64Array;
  const { from } = present.constructor as unknown as { from(list: readonly unknown[]): unknown };
  return from.call(present.constructor, isWide ? value.map((item) => BigInt(item as number)) : value);
}
