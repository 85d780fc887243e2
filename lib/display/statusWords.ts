/** The words and the state of a status, whose value is a list of the name of its code and a text. */

import type { State } from "./statusDot";

/** The parts of a SECoP datainfo that are used here; it is text from a node, so everything may be missing. */
interface Info {
  readonly type?: unknown;
  readonly members?: unknown;
}

/** Whether a SECoP datainfo is a tuple of an enum and a text, such as a status. */
export function isStatusInfo(info: unknown): boolean {
  const { type, members } = Object(info) as Info;
  if (type !== "tuple" || !Array.isArray(members) || members.length !== 2) return false;
  const [code, text] = members as readonly (Info | null)[];
  return code?.type === "enum" && text?.type === "string";
}

/** The same for a datainfo as a data key has it: as text, which may be anything. */
export function isStatusText(datainfo: string | undefined): boolean {
  try {
    return isStatusInfo(JSON.parse(datainfo ?? "null"));
  } catch {
    return false;
  }
}

/** The state for the code of a status. The datainfo has the codes, which SECoP groups in hundreds. */
export function statusState(datainfo: string | undefined, value: unknown): State | undefined {
  if (!isStatusText(datainfo) || !Array.isArray(value)) return undefined;
  const { members } = JSON.parse(datainfo ?? "null") as { readonly members: readonly [Info, Info] };
  const codes = Object(members[0].members) as Readonly<Record<string, unknown>>;
  const code = Object.hasOwn(codes, String(value[0])) ? codes[String(value[0])] : undefined;
  return typeof code === "number" ? (STATES[Math.floor(code / 100)] ?? "warn") : undefined;
}

/** Codes from 0, 100, 200, 300 and 400: disabled, idle, warning, busy, error. */
const STATES: readonly State[] = ["off", "ok", "warn", "busy", "bad"];

/** `BUSY: ramping`, or the name alone if there is no text; undefined for a value that is not a list. */
export function statusWords(value: unknown): string | undefined {
  if (!Array.isArray(value)) return undefined;
  const [name, text] = value as readonly unknown[];
  return text === "" || text === undefined ? String(name) : `${String(name)}: ${String(text)}`;
}
