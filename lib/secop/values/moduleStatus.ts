// Module status: tuple(enum, string), of which only the code matters (spec: "Status codes").

import type { Datainfo } from "./datainfo";

export type StatusGroup = "DISABLED" | "IDLE" | "WARN" | "BUSY" | "ERROR" | "UNKNOWN";

/** Codes the spec gives a meaning. A node may use any other code: it then counts as its group. */
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

/** A module's status, taken apart. */
export interface ModuleStatus {
  readonly code: number;
  /** The node's name of the code; its decimal text if it has none. */
  readonly name: string;
  readonly text: string;
  readonly group: StatusGroup;
}

const GROUPS: readonly StatusGroup[] = ["DISABLED", "IDLE", "WARN", "BUSY", "ERROR"];

export function statusGroup(code: number): StatusGroup {
  return GROUPS[Math.floor(code / 100)] ?? "UNKNOWN";
}

/** Whether the module is doing something: 300 to 399. */
export function isBusy(code: number): boolean {
  return statusGroup(code) === "BUSY";
}

/**
 * Whether it is still on its way to the target: busy, but not FINALIZING, in which a waiting client may go on (300 to
 * 389).
 */
export function isDriving(code: number): boolean {
  return isBusy(code) && code < STATUS.FINALIZING;
}

/** The status in a decoded `status` value of a parameter with `datainfo`; undefined if it is none. */
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
