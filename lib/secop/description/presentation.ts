/** The properties `visibility` and `meaning`, in the forms of SECoP 1.x and 2.0. */

import { asObject, JsonFields } from "../values/jsonFields";

/** What a module or accessible is used for. */
export interface Meaning {
  /**
   * `temperature`, `magneticfield`, ...; with the postfix `_regulation` for a module that regulates the
   * quantity.
   */
  readonly function?: string;
  /** 0 to 50; 10 instrument, 20 sample environment, 30 insert, 40 addon. */
  readonly importance?: number;
  /** The part whose quantity it is: `sample` or another one. */
  readonly belongsTo?: string;
  readonly link?: string;
  readonly key?: string;
}

/** The visibilities of SECoP 1.x, with their forms in 2.0 for writable and for readonly ones. */
const OLD_VISIBILITY: ReadonlyMap<unknown, readonly [writable: string, readonly: string]> = new Map<
  unknown,
  readonly [string, string]
>([
  ["user", ["www", "rrr"]],
  ["advanced", ["ww-", "rr-"]],
  ["expert", ["w--", "r--"]],
  [1, ["www", "rrr"]],
  [2, ["ww-", "rr-"]],
  [3, ["w--", "r--"]],
]);

/** The visibility in the form of SECoP 2.0; undefined if absent or unknown. */
export function parseVisibility(fields: JsonFields, readonly: boolean): string | undefined {
  const declared = fields.raw("visibility");
  if (declared === undefined) return undefined;
  const old = OLD_VISIBILITY.get(declared);
  if (typeof declared === "number" && old) fields.problem("visibility is a number, the form before SECoP 1.0");
  if (old) return old[readonly ? 1 : 0];
  if (typeof declared === "string" && /^(?:w{3}|w{2}[r-]|w(?:rr|r-|--)|rrr|rr-|r--|---)$/.test(declared))
    return declared;
  fields.problem("visibility is unknown");
  return undefined;
}

/** The meaning, from `["temperature", 20]` (1.x) or an object (2.0); undefined if absent or unusable. */
export function parseMeaning(fields: JsonFields): Meaning | undefined {
  const declared = fields.raw("meaning");
  if (declared === undefined) return undefined;
  const [name, importance] = Array.isArray(declared) ? declared : [];
  const json = asObject(declared);
  const isPair = typeof name === "string" && typeof importance === "number";
  if (!json && !isPair) fields.problem("meaning is neither a pair of a text and a number nor an object");
  if (typeof name === "string") return { function: name, ...(isPair && { importance }) };
  if (!json) return undefined;
  const inner = new JsonFields(json, "", (problem) => fields.problem(`meaning: ${problem}`));
  const { belongs_to: belongsTo, ...texts } = inner.texts("function", "belongs_to", "link", "key");
  if (texts.function === undefined && texts.link === undefined) fields.problem("meaning has neither function nor link");
  return { ...texts, ...inner.numbers("importance"), ...(belongsTo !== undefined && { belongsTo }) };
}
