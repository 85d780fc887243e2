/** The numbers of enums and of a status, since a log of NeXus has numbers. */

import type { DataKey } from "../../../engine/documents/documents";

/** The values of a log as numbers, with what the numbers mean. */
export interface CodedValues {
  readonly codes: readonly number[];
  /** The names of the codes, value by value. */
  readonly names: readonly string[];
  /** The texts beside them, of a status. */
  readonly texts: readonly string[] | undefined;
  /** For example `100 IDLE, 370 RAMPING`. */
  readonly meaning: string;
}

/** The members of the type of a parameter that are used here; a data key has the type as JSON. */
interface SecopType {
  readonly type?: unknown;
  readonly members?: unknown;
}

/** The codes of an enum, or of a status: an enum with a text. Undefined for values of any other kind. */
export function codedValues(values: readonly unknown[], key: DataKey): CodedValues | undefined {
  const type = typeOf(key);
  const pair = type?.type === "tuple" && Array.isArray(type.members) ? (type.members as SecopType[]) : undefined;
  const isStatus = pair?.length === 2 && pair[1]?.type === "string";
  const codes = membersOf(isStatus ? pair[0] : type);
  if (!codes) return undefined;
  const pairs = values.map((value) => (isStatus && Array.isArray(value) ? value : [value]));
  const names = pairs.map(([name]) => String(name));
  const numbers = names.map((name) => codes.get(name));
  if (!numbers.every((number) => number !== undefined)) return undefined;
  const texts = isStatus ? pairs.map(([, text]) => String(text ?? "")) : undefined;
  const meaning = [...codes].map(([name, code]) => `${code} ${name}`).join(", ");
  return { codes: numbers, names, texts, meaning };
}

/** The codes of an enum by their names. */
function membersOf(type: SecopType | undefined): Map<string, number> | undefined {
  const { members } = type ?? {};
  if (type?.type !== "enum" || typeof members !== "object" || members === null) return undefined;
  const codes = Object.entries(members).filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1]));
  return new Map(codes);
}

function typeOf({ SECOP_datainfo: json }: DataKey): SecopType | undefined {
  try {
    const type: unknown = typeof json === "string" ? JSON.parse(json) : undefined;
    return typeof type === "object" && type !== null ? type : undefined;
  } catch {
    return undefined;
  }
}
