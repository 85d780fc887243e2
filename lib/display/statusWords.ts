/** The words of a status, whose value is a list of the name of its code and a text. */

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

/** `BUSY: ramping`, or the name alone if there is no text; undefined for what is not a list. */
export function statusWords(value: unknown): string | undefined {
  if (!Array.isArray(value)) return undefined;
  const [name, text] = value as readonly unknown[];
  return text === "" || text === undefined ? String(name) : `${String(name)}: ${String(text)}`;
}
