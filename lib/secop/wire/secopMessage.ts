/** SECoP messages: `action[ SP specifier[ SP data]]`, one per line (spec: "Message syntax"). */

import { BadJSONError, errorText, UsageError } from "../../errors";
import { formatJson, parseJson } from "../../json";

/** A message with its data parsed. */
export interface SecopMessage {
  readonly action: string;
  /** Empty if absent, or if the line has two spaces. */
  readonly specifier: string;
  /** The JSON value; undefined if absent. Integers beyond 2^53 are `bigint`. */
  readonly data: unknown;
}

/** A message as it came: a line split at its first two spaces, its data not parsed. */
export interface RawMessage {
  readonly action: string;
  /** Empty if absent. */
  readonly specifier: string;
  /** The JSON text; undefined if absent. */
  readonly json: string | undefined;
}

/** Splits a line without looking into its data. */
export function splitMessage(line: string): RawMessage {
  const first = line.indexOf(" ");
  if (first < 0) return { action: line, specifier: "", json: undefined };
  const action = line.slice(0, first);
  const second = line.indexOf(" ", first + 1);
  if (second < 0) return { action, specifier: line.slice(first + 1), json: undefined };
  const json = line.slice(second + 1);
  return { action, specifier: line.slice(first + 1, second), json: json === "" ? undefined : json };
}

/** The message of a line (without LF). Throws BadJSONError if its data is not JSON. */
export function parseMessage(line: string): SecopMessage {
  const { action, specifier, json } = splitMessage(line.endsWith("\r") ? line.slice(0, -1) : line);
  if (json === undefined) return { action, specifier, data: undefined };
  try {
    return { action, specifier, data: parseJson(json) };
  } catch (error) {
    const start = json.length > 60 ? `${json.slice(0, 60)}...` : json;
    throw new BadJSONError(`the data of "${action} ${specifier}" is not JSON: ${start} (${errorText(error)})`, {
      cause: error,
    });
  }
}

/**
 * The line of a message, ASCII, without LF. Throws UsageError if action or specifier contains a space, a
 * control character or a character outside ASCII.
 */
export function formatMessage(action: string, specifier = "", data?: unknown): string {
  const head = data === undefined && specifier === "" ? action : `${action} ${specifier}`;
  if (!isWord(action) || !isWord(specifier)) {
    throw new UsageError(`"${head}" is not a SECoP message: action and specifier are printable ASCII without spaces`);
  }
  return data === undefined ? head : `${head} ${formatJson(data)}`;
}

function isWord(text: string): boolean {
  return /^[!-~]*$/.test(text);
}
