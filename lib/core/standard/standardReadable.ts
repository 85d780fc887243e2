/** Devices that are read as a bundle of their children. */

import { timeNow } from "../../clock";
import { errorText, UsageError } from "../../errors";
import { Device } from "../device/device";
import { DeviceVector } from "../device/deviceVector";
import {
  type ActionResult,
  type Configurable,
  type DataKeys,
  type HasHints,
  type HasName,
  type Hints,
  hasHints,
  isConfigurable,
  isReadable,
  isStageable,
  type Readable,
  type Readings,
  type Stageable,
  type SyncOrAsync,
} from "../protocols/protocols";
import { SignalR } from "../signal/signal";
import { describeFields, readFields } from "../signal/signalFields";
import { Status } from "../status/status";
import { statusOf } from "../status/statusOf";
import { withReadAdvice } from "./readAdvice";

/**
 * How a child is recorded with its parent:
 * - `hinted`: in `read()`, and views show it first; while staged its pushed values are used
 * - `hinted-uncached`: the same, but the hardware is always asked
 * - `uncached`: in `read()`, the hardware is always asked, and views do not show it first
 * - `config`: in `readConfiguration()`, recorded once in each run
 * - `child`: a device that is recorded with its own readings, configuration and hints
 * - `omit`: not recorded
 */
export type Format = "hinted" | "hinted-uncached" | "uncached" | "config" | "child" | "omit";

/** How a readable records one of its signals. */
export interface FormatOptions {
  /**
   * Whether each field of a struct or tuple is recorded under a key of its own, `<signal>-<field>`. Default
   * false.
   */
  readonly flatten?: boolean;
}

/**
 * What happens if a child cannot be read: `fail` fails the whole reading, `nan` records NaN (null for values
 * that are not numbers) with the reason as its message.
 */
export type ReadErrorPolicy = "fail" | "nan";

type Verb = "read" | "config";

interface Part {
  readonly read: () => SyncOrAsync<Readings>;
  readonly describe: () => SyncOrAsync<DataKeys>;
}

/**
 * Leaves children out of readings, configuration, hints and staging, whatever their formats, since they do
 * not exist.
 */
export let leaveOut: (device: StandardReadable, children: ReadonlySet<Device>) => void;

/** A device that is read as a bundle of those children that have a format. */
export class StandardReadable extends Device implements Readable, Configurable, HasHints, Stageable {
  static {
    leaveOut = (device, children) => {
      device.#leftOut = children;
      device.#parts = undefined;
    };
  }

  #defaults = new Map<Device, Format>();
  #formats = new Map<Device, Format>();
  #flat = new Set<Device>();
  /** The properties in which the children were when they were added: a subclass may redefine them. */
  readonly #keys = new Map<Device, string | undefined>();
  #leftOut: ReadonlySet<Device> = new Set();
  #parts: Record<Verb, Part[]> | undefined;
  #errorPolicy: ReadErrorPolicy = "fail";

  /** Adds children to the readings. Default of the format: `hinted` for signals, `child` for devices. */
  addReadables(children: Iterable<Device>, format?: Format): void {
    const keys = memberNamesOf(this);
    for (const child of withoutVectors(children)) {
      const chosen = format ?? (child instanceof SignalR ? "hinted" : "child");
      check(child, chosen);
      checkReadable(child, chosen);
      this.#keys.set(child, keys.get(child));
      this.#defaults.set(child, chosen);
      this.#formats.set(child, chosen);
    }
    this.#parts = undefined;
  }

  /** The format of a child: `omit` if it was never added, or does not exist. */
  formatOf(child: Device): Format {
    return this.#leftOut.has(child) ? "omit" : (this.#formats.get(child) ?? "omit");
  }

  /** Changes how a child is recorded, from the next run on. `restoreFormats` undoes it. */
  setFormat(child: Device, format: Format, options: FormatOptions = {}): void {
    check(child, format);
    this.#formats.set(child, format);
    if (options.flatten) this.#flat.add(child);
    else this.#flat.delete(child);
    this.#parts = undefined;
  }

  /** Undoes all calls of `setFormat`. */
  restoreFormats(): void {
    this.#formats = new Map(this.#defaults);
    this.#flat.clear();
    this.#parts = undefined;
  }

  /** What happens if a child cannot be read. Default "fail". */
  get readErrorPolicy(): ReadErrorPolicy {
    return this.#errorPolicy;
  }

  set readErrorPolicy(policy: ReadErrorPolicy) {
    this.#errorPolicy = policy;
    this.#parts = undefined;
  }

  read(): SyncOrAsync<Readings> {
    return merge(this.#verb("read"), "read");
  }

  describe(): SyncOrAsync<DataKeys> {
    return merge(this.#verb("read"), "describe");
  }

  readConfiguration(): SyncOrAsync<Readings> {
    return merge(this.#verb("config"), "read");
  }

  describeConfiguration(): SyncOrAsync<DataKeys> {
    return merge(this.#verb("config"), "describe");
  }

  get hints(): Hints {
    const merged: { fields: string[] } & Omit<Hints, "fields"> = { fields: [] };
    for (const [child, format] of this.#present()) {
      if (format === "hinted" || format === "hinted-uncached") merged.fields.push(child.name);
      else if (format === "child" && hasHints(child)) mergeHints(this.name, merged, child.hints);
    }
    return merged;
  }

  /**
   * Stages all `hinted` and `child` children, so that `read()` takes values that were pushed instead of
   * asking for them.
   */
  stage(): ActionResult | readonly unknown[] {
    return joined(this.#stageables().map((child) => [child, child.stage()]));
  }

  unstage(): ActionResult | readonly unknown[] {
    return joined(
      this.#stageables()
        .reverse()
        .map((child) => [child, child.unstage()]),
    );
  }

  #present(): [Device, Format][] {
    // The search gives children their names, and may not have happened yet for a subclass.
    Array.from(this.children());
    this.#adoptRedefined();
    return [...this.#formats].filter(([child]) => !this.#leftOut.has(child));
  }

  /** A child with which a subclass has replaced another one is recorded in the same format. */
  #adoptRedefined(): void {
    for (const [child, key] of this.#keys) {
      const present = key === undefined ? child : (this as Readonly<Record<string, unknown>>)[key];
      if (present === child || !(present instanceof Device)) continue;
      this.#keys.delete(child);
      this.#keys.set(present, key);
      for (const formats of [this.#defaults, this.#formats]) replaceKey(formats, child, present);
    }
  }

  #stageables(): Stageable[] {
    const staged: Stageable[] = [];
    for (const [child, format] of this.#present()) {
      if ((format === "hinted" || format === "child") && isStageable(child)) staged.push(child);
    }
    return staged;
  }

  #verb(verb: Verb): Part[] {
    if (this.#parts) return this.#parts[verb];
    // Children may be made, and added, when they are first needed.
    const present = this.#present();
    const parts: Record<Verb, Part[]> = { read: [], config: [] };
    const names = new Set<string>();
    for (const [child, format] of present) {
      if (format !== "omit" && child.name !== "" && names.has(child.name)) {
        throw new UsageError(`${this.name || "a device"} has two children named "${child.name}": rename one of them`);
      }
      names.add(child.name);
      if (child instanceof SignalR) this.#addSignal(parts, child, format);
      else if (format === "child") addDevice(parts, child);
    }
    this.#parts = parts;
    return parts[verb];
  }

  #addSignal(parts: Record<Verb, Part[]>, signal: SignalR, format: Format): void {
    if (format === "omit") return;
    // "hinted" leaves the choice to the signal, which uses pushed values while staged. Configuration uses
    // pushed values.
    const options =
      format === "uncached" || format === "hinted-uncached"
        ? { cached: false }
        : format === "config"
          ? { cached: true }
          : undefined;
    const flat = this.#flat.has(signal);
    const read = flat ? () => readFields(signal, options) : () => signal.read(options);
    const describe = flat ? () => describeFields(signal) : () => signal.describe();
    parts[format === "config" ? "config" : "read"].push({
      read: this.#errorPolicy === "nan" ? () => orMissing(read, describe) : () => this.#orAdvised(read, signal),
      describe,
    });
  }

  /** The readings. The error of a signal that cannot be read says how to go on without it. */
  #orAdvised(read: Part["read"], signal: SignalR): SyncOrAsync<Readings> {
    const readings = read();
    if (!(readings instanceof Promise)) return readings;
    return readings.catch((error: unknown) => {
      throw withReadAdvice(error, this, signal);
    });
  }
}

/** Replaces a key of a map, at the same place in its order. */
function replaceKey<V>(map: Map<Device, V>, from: Device, to: Device): void {
  const entries = [...map];
  map.clear();
  for (const [key, value] of entries) if (key !== to) map.set(key === from ? to : key, value);
}

/** The name of the member that holds each value; the first name if a value has several. */
function memberNamesOf(device: Device): ReadonlyMap<unknown, string> {
  const names = new Map<unknown, string>();
  for (const [name, value] of Object.entries(device)) if (!names.has(value)) names.set(value, name);
  return names;
}

/** The devices; each vector is replaced by the devices in it. */
function* withoutVectors(devices: Iterable<Device>): Generator<Device> {
  for (const device of devices) {
    if (device instanceof DeviceVector) for (const [, child] of device) yield child;
    else yield device;
  }
}

function checkReadable(child: Device, format: Format): void {
  if (format !== "child" || isReadable(child) || isConfigurable(child)) return;
  throw new UsageError(
    `${child.name || `a ${child.constructor.name}`} cannot be read, so it is no part of a reading: add its signals`,
  );
}

function check(child: Device, format: Format): void {
  if (child instanceof SignalR ? format === "child" : format !== "child" && format !== "omit") {
    const allowed = child instanceof SignalR ? "hinted, hinted-uncached, uncached, config or omit" : "child or omit";
    throw new UsageError(`${child.name || "a child"} cannot have the format "${format}": use ${allowed}`);
  }
}

function addDevice(parts: Record<Verb, Part[]>, child: Device): void {
  if (isReadable(child)) parts.read.push({ read: () => child.read(), describe: () => child.describe() });
  if (isConfigurable(child)) {
    parts.config.push({ read: () => child.readConfiguration(), describe: () => child.describeConfiguration() });
  }
}

/** One object with the members of all parts, in their order. It is a promise if one of the parts is. */
function merge<K extends keyof Part>(parts: readonly Part[], verb: K): ReturnType<Part[K]>;
function merge(parts: readonly Part[], verb: keyof Part): SyncOrAsync<Readings | DataKeys> {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only) return only[verb]();
  const results = parts.map((part) => part[verb]());
  if (results.some((r) => r instanceof Promise)) return Promise.all(results).then((all) => Object.assign({}, ...all));
  return Object.assign({}, ...results);
}

/** The readings. If they cannot be read, NaN for numbers and null for others, with the reason. */
function orMissing(read: Part["read"], describe: Part["describe"]): SyncOrAsync<Readings> {
  const missingReadings = async (error: unknown): Promise<Readings> => {
    const readings: Record<string, Readings[string]> = {};
    for (const [key, { dtype }] of Object.entries(await describe())) {
      const value = dtype === "number" || dtype === "integer" ? Number.NaN : null;
      readings[key] = { value, timestamp: timeNow(), alarm_severity: -1, message: errorText(error) };
    }
    return readings;
  };
  try {
    const readings = read();
    return readings instanceof Promise ? readings.catch(missingReadings) : readings;
  } catch (error) {
    return missingReadings(error);
  }
}

function mergeHints(device: string, into: { fields: string[] } & Omit<Hints, "fields">, hints: Hints): void {
  into.fields.push(...(hints.fields ?? []));
  for (const key of ["dimensions", "gridding"] as const) {
    if (hints[key] === undefined) continue;
    if (into[key] !== undefined && JSON.stringify(into[key]) !== JSON.stringify(hints[key])) {
      throw new UsageError(`${device || "a device"}: its children give different hints for ${key}`);
    }
    Object.assign(into, { [key]: hints[key] });
  }
}

/** The staged devices, or a status for the end of all if some take time. */
function joined(results: readonly (readonly [Stageable, unknown])[]): ActionResult | readonly unknown[] {
  const statuses = results.flatMap(([child, result]) => statusOf(result, (child as Partial<HasName>).name ?? "") ?? []);
  if (statuses.length > 0) return Status.all(statuses);
  return results.flatMap(([child, result]) => (Array.isArray(result) ? result : [child]));
}
