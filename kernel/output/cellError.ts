/** The error of a cell as Jupyter shows it: one clear line, then the user's own stack frames. */

import { dirname, join, sep } from "node:path";
import { ClearError, isVerbose } from "../../lib/clearError";
import { printable } from "../../lib/printable";
import type { Diagnostic } from "../tslabAdapter";
import { type IsOwn, withAdvice } from "./advice/index";
import { inspected } from "./inspected";
import { rememberError } from "./wholeError";

/** The content of Jupyter's `error` message. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** How many levels of causes, and of errors inside an AggregateError, are shown. */
const MAX_DEPTH = 5;

/**
 * The error that a cell shows for a thrown value. `%why` and `--verbose` show all of it.
 *
 * @param message Replaces the error's own message if more is known about it.
 */
export function cellErrorOf(thrown: unknown, message?: string): CellError {
  const whole = (): string => printable(inspected(thrown, { customInspect: false, depth: 6 }));
  rememberError(whole);
  if (!(thrown instanceof Error)) {
    const evalue = printable(inspected(thrown));
    return { ename: "Thrown", evalue, traceback: [evalue] };
  }
  // Words of a node may be in any error, and a traceback goes to a terminal or a page that obeys escape
  // sequences.
  const [ename, evalue] = [printable(thrown.name), printable(message ?? messageOf(thrown))];
  if (isVerbose()) return { ename, evalue, traceback: whole().split("\n") };
  const [, ...rest] = errorLines(thrown, "", []);
  return { ename, evalue, traceback: [`${ename}: ${evalue}`, ...rest.map(printable)] };
}

/**
 * The errors of a type check. Their positions refer to `code`.
 *
 * @param isOwn Whether a name of an earlier cell is the user's own, and not the library's.
 */
export function typeCheckError(found: readonly Diagnostic[], code: string, cell: string, isOwn: IsOwn): CellError {
  rememberError(() => found.map(({ messageText }) => messageText).join("\n\n"));
  const [first, ...others] = isVerbose() ? found : withAdvice(found, code, isOwn);
  const evalue = first?.messageText ?? "the cell does not compile";
  const shown = first ? [placeOf(first, cell), ...markedLine(first, code)] : [];
  const traceback = [`TypeScriptError: ${evalue}`, ...shown, ...diagnosticLines(others, code, cell)];
  return { ename: "TypeScriptError", evalue, traceback };
}

/** How many diagnostics are shown: data that was pasted in another notation has thousands. */
const MAX_DIAGNOSTICS = 50;

/** Each diagnostic with its place and, if it is in the cell, its line of code. */
export function diagnosticLines(diagnostics: readonly Diagnostic[], code: string, cell: string): string[] {
  const lines = diagnostics
    .slice(0, MAX_DIAGNOSTICS)
    .flatMap((one) => [`${placeOf(one, cell)} ${one.messageText}`, ...markedLine(one, code)]);
  const left = diagnostics.length - MAX_DIAGNOSTICS;
  return left > 0 ? [...lines, `... and ${left} more`] : lines;
}

function placeOf({ fileName, start }: Diagnostic, cell: string): string {
  return `${fileName ?? cell}:${start.line + 1}:${start.character + 1}`;
}

/** The line of the cell, and below it a mark under the faulty part. */
function markedLine({ fileName, start, end }: Diagnostic, code: string): string[] {
  const line = fileName === undefined ? code.split("\n")[start.line] : undefined;
  if (line === undefined) return [];
  const width = end.line === start.line ? Math.max(1, end.character - start.character) : 1;
  const from = start.character > MAX_LINE ? start.character - MAX_LINE / 2 : 0;
  const shown = line.slice(from, from + 2 * MAX_LINE);
  const mark = "~".repeat(Math.min(width, 2 * MAX_LINE));
  return [`    ${shown}`, `    ${" ".repeat(start.character - from)}${mark}`];
}

/** Of a line that is much longer, the part around the fault is shown. */
const MAX_LINE = 200;

/**
 * The lines of an error and of its causes.
 *
 * @param above The errors that contain this one as a cause or a part. Causes may form a circle.
 */
function errorLines(thrown: unknown, prefix: string, above: readonly unknown[]): string[] {
  if (!(thrown instanceof Error)) return [`${prefix}${inspected(thrown)}`];
  const lines = [`${prefix}${thrown.name}: ${messageOf(thrown)}`, ...fieldLines(thrown), ...userFrames(thrown)];
  if (above.length === MAX_DEPTH) return lines;
  const shown = [...above, thrown];
  const cause = informativeCause(thrown);
  if (cause !== undefined && !shown.includes(cause)) lines.push(...errorLines(cause, "caused by ", shown));
  if (thrown instanceof AggregateError) {
    for (const error of thrown.errors) {
      if (!shown.includes(error)) lines.push(...errorLines(error, "- ", shown));
    }
  }
  return lines;
}

/**
 * Fields that an error has beside those shown already, such as `code` and `path` of Node's errors, in one
 * line. The messages of our own errors say all that is in their fields.
 */
function fieldLines(error: Error): string[] {
  if (error instanceof ClearError) return [];
  const hidden = new Set(["name", "message", "stack", "cause", "errors"]);
  const fields = Object.entries(Object.getOwnPropertyDescriptors(error)).filter(
    ([name, { enumerable, value }]) => enumerable && value !== undefined && !hidden.has(name),
  );
  if (fields.length === 0) return [];
  const shown = fields.map(([name, { value }]) => [name, value] as const);
  const text = inspected(Object.fromEntries(shown), { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  return [text.length > MAX_FIELDS ? `${text.slice(0, MAX_FIELDS)}…` : text];
}

/** Characters of the fields that are shown: errors of HTTP clients hold whole requests. */
const MAX_FIELDS = 2000;

/**
 * Names of other modules in compiled code: `(0 , lab_1.f)`, `__cell_3_1.cryo.stop`, `__secopLab_0.cryo.stop`.
 */
const COMPILED_NAME = /\(0 , [\p{ID_Continue}$]+_\d+\.([^)]+)\)|\b__(?:cell|secopLab)_\d+(?:_\d+)?\./gu;

/**
 * The message of an error. Messages of V8 quote the compiled code, so its names are replaced by
 * those that the user wrote.
 */
function messageOf(error: Error): string {
  return error instanceof TypeError ? error.message.replace(COMPILED_NAME, "$1") : error.message;
}

/**
 * The next cause that adds words or lines of the user's code. Others are left out, since messages
 * often quote their causes; those of our own errors always do.
 */
function informativeCause(error: Error): unknown {
  const known = new Set(userFrames(error).map(lineOfCode));
  const addsFrames = (cause: Error): boolean => userFrames(cause).some((frame) => !known.has(lineOfCode(frame)));
  const addsWords = (cause: Error): boolean =>
    !(error instanceof ClearError) && (cause.message === "" || !error.message.includes(cause.message));
  const adds = (cause: Error): boolean => addsWords(cause) || cause instanceof AggregateError || addsFrames(cause);
  let next = error.cause;
  for (let depth = 0; depth < MAX_DEPTH && next instanceof Error && !adds(next); depth++) next = next.cause;
  return next;
}

/** The file and line of a stack frame: `In[3]:5` of `    at async f (In[3]:5:7)`. */
function lineOfCode(frame: string): string {
  return /([^\s(]+):\d+\)?$/.exec(frame)?.[1] ?? frame;
}

/** Frames of these folders are left out: the user cannot change anything there. */
const KERNEL = dirname(__dirname);
const FOLDERS_LEFT_OUT = [`${sep}node_modules${sep}`, `${KERNEL}${sep}`, `${join(dirname(KERNEL), "lib")}${sep}`];

/** The stack frames of the user's code. */
function userFrames(error: Error): string[] {
  const frames = String(error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .filter((line) => !line.includes("(node:") && !/at node:|<anonymous>\)?$/.test(line))
    .filter((line) => !FOLDERS_LEFT_OUT.some((folder) => line.includes(folder)));
  return collapsed(frames);
}

/** The longest group of functions that is recognized when they call each other in turn. */
const LONGEST_TURN = 4;
/** A group is shown once if it repeats at least this often. */
const MIN_REPEATS = 3;

/** Shows only one turn of a recursion. */
function collapsed(frames: readonly string[]): string[] {
  const shown: string[] = [];
  for (let at = 0; at < frames.length; ) {
    const { length, times } = turnAt(frames, at);
    shown.push(...frames.slice(at, at + length));
    if (times > 1) shown.push("    ... again and again");
    at += length * times;
  }
  return shown;
}

/** The shortest group of frames at `at` that repeats, and how often; the single frame if none does. */
function turnAt(frames: readonly string[], at: number): { readonly length: number; readonly times: number } {
  for (let length = 1; length <= LONGEST_TURN; length++) {
    let same = 0;
    while (frames[at + same + length] !== undefined && frames[at + same] === frames[at + same + length]) same++;
    const times = 1 + Math.floor(same / length);
    if (times >= MIN_REPEATS) return { length, times };
  }
  return { length: 1, times: 1 };
}
