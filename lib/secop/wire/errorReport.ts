/** Error reports on the wire: `[class, text, {qualifiers}]`. */

import { type SecopError, secopError } from "../../errors";
import { parseJson } from "../../json";
import { oneLine, printable } from "../../printable";
import type { RawMessage } from "./secopMessage";

/** An error that a node reported. */
export interface ErrorReport {
  /** The error class of SECoP. */
  readonly code: string;
  readonly text: string;
  readonly qualifiers: unknown;
}

/** Reads an error report. If a part is missing or wrong, the text of the report says so. Never throws. */
export function parseErrorReport(json: string | undefined): ErrorReport {
  let report: unknown;
  try {
    report = json === undefined ? undefined : parseJson(json);
  } catch {
    return {
      code: "BadJSON",
      text: inWords(`the node reported an error in bad JSON: ${json?.slice(0, 80)}`),
      qualifiers: undefined,
    };
  }
  const [code, text, qualifiers] = reportParts(report);
  return {
    code: typeof code === "string" && code !== "" ? code : "UnknownError",
    text: typeof text === "string" && text.trim() !== "" ? inWords(text) : "the node gives no reason",
    qualifiers,
  };
}

/** The parts of a report; some nodes send a mere text or an object instead of the list of the spec. */
function reportParts(report: unknown): readonly unknown[] {
  if (Array.isArray(report)) return report;
  if (typeof report === "string") return [undefined, report];
  if (typeof report !== "object" || report === null) return [];
  const { code, class: name, error_class, text, message, ...qualifiers } = report as Readonly<Record<string, unknown>>;
  return [error_class ?? name ?? code, text ?? message, qualifiers];
}

/**
 * Whether a reply is an error report. Only the start of the action counts, since a node may mangle the rest
 * or leave it out.
 */
export function isRefusal({ action }: RawMessage): boolean {
  return action === "error" || action.startsWith("error_");
}

/**
 * The typed error of a report; its message has what was tried, the node's text, and the sub-class of the
 * error if there is one.
 */
export function reportedError(tried: string, report: ErrorReport, module?: string, accessible?: string): SecopError {
  const { code, text } = report;
  const [, subclass] = code.split(":");
  const words = subclass === undefined ? text : `${text} (${printable(subclass)})`;
  return secopError(code, `${tried}: ${words}`, { module, accessible });
}

const inWords = (text: string): string => oneLine(text.trim(), Number.POSITIVE_INFINITY);
