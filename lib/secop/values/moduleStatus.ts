/** The status of a module, a tuple of a code and a text, and the meaning of its codes. */

import type { Datainfo } from "./datainfo";

/** The groups of status codes, by their hundreds (SECoP 1.0, "status"). */
export type StatusGroup = "DISABLED" | "IDLE" | "WARN" | "BUSY" | "ERROR" | "UNKNOWN";

/** The codes that the spec names. A node may use any other code, which then counts as its group. */
export const STATUS = {
  DISABLED: 0,
  IDLE: 100,
  STANDBY: 130,
  PREPARED: 150,
  WARN: 200,
  WARN_STANDBY: 230,
  WARN_PREPARED: 250,
  BUSY: 300,
  DISABLING: 310,
  INITIALIZING: 320,
  PREPARING: 340,
  STARTING: 360,
  RAMPING: 370,
  STABILIZING: 380,
  FINALIZING: 390,
  ERROR: 400,
  ERROR_STANDBY: 430,
  ERROR_PREPARED: 450,
} as const;

/** The parts of a module's status. */
export interface ModuleStatus {
  /** The status code: its hundreds are the group. */
  readonly code: number;
  /** The node's name of the code; its decimal text if it has none. */
  readonly name: string;
  /** The explanation that the module gives. */
  readonly text: string;
  /** The group of the code. */
  readonly group: StatusGroup;
}

const GROUPS: readonly StatusGroup[] = ["DISABLED", "IDLE", "WARN", "BUSY", "ERROR"];

/**
 * The group of a status code: 0-99 DISABLED, 100-199 IDLE, 200-299 WARN, 300-399 BUSY, 400-499 ERROR, else
 * UNKNOWN.
 */
export function statusGroup(code: number): StatusGroup {
  return GROUPS[Math.floor(code / 100)] ?? "UNKNOWN";
}

/** Whether a module is busy: codes 300 to 399. */
export function isBusy(code: number): boolean {
  return statusGroup(code) === "BUSY";
}

/**
 * Whether a module is still on its way to its target: codes 300 to 389. It is then busy, but not FINALIZING,
 * during which a waiting client may go on.
 */
export function isDriving(code: number): boolean {
  return isBusy(code) && code < STATUS.FINALIZING;
}

/**
 * The status in a decoded value of a `status` parameter with this datainfo; undefined if the value is not a
 * status.
 */
export function moduleStatus(value: unknown, datainfo: Datainfo): ModuleStatus | undefined {
  const [nameValue, text] = Array.isArray(value) ? value : [value, ""];
  if (typeof nameValue !== "string" && typeof nameValue !== "number") return undefined;
  const name = String(nameValue);
  const codes = datainfo.type === "tuple" ? datainfo.members[0] : datainfo;
  const declared = codes?.type === "enum" && Object.hasOwn(codes.members, name) ? codes.members[name] : undefined;
  const code = declared ?? (name === "" ? Number.NaN : Number(name));
  if (!Number.isFinite(code)) return undefined;
  return { code, name, text: typeof text === "string" ? text : "", group: statusGroup(code) };
}
