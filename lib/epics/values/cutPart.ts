/** Finds what QSRV has cut: it stores as much of a value as a record has room for, and reports success. */

import { EpicsImage } from "./epicsImage";

/** Whether a server may have cut the value: images are excluded, since reading one again takes long. */
export const mayBeCut = (value: unknown): boolean =>
  typeof value === "string" || (typeof value === "object" && value !== null && !(value instanceof EpicsImage));

/** The part of a value that was kept, in words; undefined if nothing was cut. */
export function cutPart(sent: unknown, kept: unknown): string | undefined {
  if (typeof sent === "string" && typeof kept === "string") return cutText(sent, kept);
  if (typeof sent !== "object" || sent === null || typeof kept !== "object" || kept === null) return undefined;
  if (!isList(sent) || !isList(kept)) return firstCut(Object.entries(sent), kept as Record<string, unknown>);
  const isCut = kept.length > 0 && kept.length < sent.length && isSame(sent[0], kept[0]);
  if (isCut) return `the first ${kept.length} elements`;
  return typeof sent[0] === "string" ? firstCut(Object.entries(sent), kept) : undefined;
}

function firstCut(
  entries: readonly (readonly [string, unknown])[],
  kept: Readonly<Record<string, unknown>> | ArrayLike<unknown>,
): string | undefined {
  for (const [key, value] of entries) {
    const part = cutPart(value, (kept as Record<string, unknown>)[key]);
    if (part !== undefined) return `${part} of ${key}`;
  }
  return undefined;
}

/** A text that was cut within a character is received as ISO 8859-1. */
function cutText(sent: string, kept: string): string | undefined {
  const bytes = Buffer.from(sent);
  const [, length] =
    (["utf8", "latin1"] as const)
      .map((encoding) => Buffer.from(kept, encoding))
      .map((part) => [bytes.subarray(0, part.length).equals(part), part.length] as const)
      .find(([isBeginning, size]) => isBeginning && size > 0 && size < bytes.length) ?? [];
  return length === undefined ? undefined : `the first ${length} bytes`;
}

const isList = (value: object): value is ArrayLike<unknown> => Array.isArray(value) || ArrayBuffer.isView(value);

/** Numbers may have lost digits on their way into the record. */
const isSame = (one: unknown, other: unknown): boolean =>
  typeof one === "string"
    ? cutText(one, String(other)) !== undefined || one === other
    : Object.is(Math.fround(Number(one)), Math.fround(Number(other)));
