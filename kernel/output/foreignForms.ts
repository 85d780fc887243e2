/**
 * The forms in which values of other libraries show themselves, found by their members: no library is loaded.
 */

import { types } from "node:util";
import { inTime } from "../../lib/timeLimit";
import { frameForms, recordsForms } from "./dataFrames";
import { domForms } from "./domElements";
import type { OwnForms } from "./ownForms";
import { canvasForms, pictureForms } from "./pictures";

/** Seconds that a value may take to make its HTML. */
const HTML = 10;

/** The methods by which objects of other libraries give HTML. */
const HTML_METHODS = ["toHTML", "toHtml", "_toHtml", "_repr_html_", "to_html"] as const;

/** The forms of a value beside its text; undefined if it has none. Never rejects. */
export async function foreignForms(value: unknown): Promise<OwnForms | undefined> {
  // A proxy may have every member that it is asked for.
  if (typeof value !== "object" || value === null || types.isProxy(value)) return undefined;
  try {
    return (
      pictureForms(value) ??
      (hasPicture(value) ? await canvasForms(value) : undefined) ??
      domForms(value) ??
      frameForms(value) ??
      recordsForms(value) ??
      (await htmlForms(value))
    );
  } catch {
    // Its members are not what their names promise: then it is a value like any other.
    return undefined;
  }
}

function hasPicture(value: object): boolean {
  const { toDataURL, toBuffer } = value as { toDataURL?: unknown; toBuffer?: unknown };
  return typeof toDataURL === "function" || typeof toBuffer === "function";
}

async function htmlForms(value: object): Promise<OwnForms | undefined> {
  const methods = value as Partial<Record<string, () => unknown>>;
  const name = HTML_METHODS.find((method) => typeof methods[method] === "function");
  const made = name === undefined ? undefined : Promise.resolve(methods[name]?.());
  const html = made !== undefined && (await inTime(made, HTML)) ? await made : undefined;
  return typeof html === "string" && /^\s*</.test(html) ? { "text/html": html } : undefined;
}
