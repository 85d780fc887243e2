/** The members of structs and tuples as fields of their own. */

import { numberFormatOf } from "../../display/number";
import { isStatusInfo, statusWords } from "../../display/statusWords";
import type { StreamField } from "./streamFields";

/** The most members of one value, so that a large struct does not fill the screen. */
const MOST_MEMBERS = 40;
const DEEPEST = 4;

/** The parts of a SECoP datainfo that are used here; it is text from a node, so everything may be missing. */
interface Info {
  readonly type?: unknown;
  readonly members?: unknown;
  readonly unit?: unknown;
  readonly fmtstr?: unknown;
}

/**
 * The members of a struct or tuple with one value each, named `key.member`, with their units; empty for any
 * other field. A tuple of an enum and a text, such as a status, is one field of words.
 */
export function memberFields(field: StreamField): StreamField[] {
  if (field.dtype !== "array" || field.SECOP_datainfo === undefined) return [];
  const info = parsed(field.SECOP_datainfo);
  if (info?.type !== "struct" && info?.type !== "tuple") return [];
  const read = (data: Readonly<Record<string, unknown>>): unknown => data[field.key];
  if (isStatusInfo(info)) return [{ ...field, dtype: "string", value: (data) => statusWords(read(data)) }];
  return membersOf(field.key, info, read, 0).slice(0, MOST_MEMBERS);
}

/** The same field; a status as words instead of a list of its name and its text. */
export function readableField(field: StreamField): StreamField {
  const [words] = memberFields(field);
  return words?.key === field.key ? words : field;
}

function membersOf(
  key: string,
  info: Info,
  read: (data: Readonly<Record<string, unknown>>) => unknown,
  depth: number,
): StreamField[] {
  if (depth >= DEEPEST || typeof info.members !== "object" || info.members === null) return [];
  return Object.entries(info.members as Readonly<Record<string, Info>>).flatMap(([name, member]): StreamField[] => {
    const pick = (data: Readonly<Record<string, unknown>>): unknown => {
      const whole = read(data);
      return typeof whole === "object" && whole !== null && Object.hasOwn(whole, name)
        ? (whole as Readonly<Record<string, unknown>>)[name]
        : undefined;
    };
    if (member?.type === "struct" || (member?.type === "tuple" && !isStatusInfo(member)))
      return membersOf(`${key}.${name}`, member, pick, depth + 1);
    const dtype = DTYPES[String(member?.type)];
    if (!dtype) return [];
    const units = typeof member?.unit === "string" && !member.unit.includes("$") ? member.unit : undefined;
    const format = typeof member?.fmtstr === "string" ? numberFormatOf(member.fmtstr) : undefined;
    const choices = member?.type === "enum" ? Object.keys(Object(member.members)) : undefined;
    return [
      { key: `${key}.${name}`, units: units || undefined, precision: undefined, format, dtype, choices, value: pick },
    ];
  });
}

const DTYPES: Readonly<Record<string, StreamField["dtype"]>> = {
  double: "number",
  scaled: "number",
  int: "integer",
  bool: "boolean",
  enum: "string",
  string: "string",
};

function parsed(text: string): Info | undefined {
  try {
    return JSON.parse(text) as Info;
  } catch {
    return undefined;
  }
}
