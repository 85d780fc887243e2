/** What went wrong in a cell, as Jupyter shows it: one clear line, then the person's own stack frames. */

import { dirname, join, sep } from "node:path";
import { inspect } from "node:util";
import type { Diagnostic } from "../tslabAdapter";

export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** A failure inside a cause chain or an AggregateError is told this deep. */
const MAX_DEPTH = 5;

/** `message`: in the place of the error's own, where more is known. */
export function cellErrorOf(thrown: unknown, message?: string): CellError {
  if (!(thrown instanceof Error)) {
    const evalue = inspect(thrown);
    return { ename: "Thrown", evalue, traceback: [evalue] };
  }
  const evalue = message ?? messageOf(thrown);
  const [, ...rest] = errorLines(thrown, "", []);
  return { ename: thrown.name, evalue, traceback: [`${thrown.name}: ${evalue}`, ...rest] };
}

/** Errors of the type check. `code` is the text the positions count in. */
export function typeCheckError(diagnostics: readonly Diagnostic[], code: string, cell: string): CellError {
  const [first, ...others] = diagnostics;
  const evalue = first?.messageText ?? "the cell does not compile";
  const shown = first ? [placeOf(first, cell), ...markedLine(first, code)] : [];
  const traceback = [`TypeScriptError: ${evalue}`, ...shown, ...diagnosticLines(others, code, cell)];
  return { ename: "TypeScriptError", evalue, traceback };
}

/** Each diagnostic with its place and, where it is in the cell, its line of code. */
export function diagnosticLines(diagnostics: readonly Diagnostic[], code: string, cell: string): string[] {
  return diagnostics.flatMap((one) => [`${placeOf(one, cell)} ${one.messageText}`, ...markedLine(one, code)]);
}

function placeOf({ fileName, start }: Diagnostic, cell: string): string {
  return `${fileName ?? cell}:${start.line + 1}:${start.character + 1}`;
}

/** The line of the cell, and under it what is meant. */
function markedLine({ fileName, start, end }: Diagnostic, code: string): string[] {
  const line = fileName === undefined ? code.split("\n")[start.line] : undefined;
  if (line === undefined) return [];
  const width = end.line === start.line ? Math.max(1, end.character - start.character) : 1;
  return [`    ${line}`, `    ${" ".repeat(start.character)}${"~".repeat(width)}`];
}

/** @param above The errors whose cause or part this one is: they may form a circle. */
function errorLines(thrown: unknown, prefix: string, above: readonly unknown[]): string[] {
  if (!(thrown instanceof Error)) return [`${prefix}${inspect(thrown)}`];
  const lines = [`${prefix}${thrown.name}: ${messageOf(thrown)}`, ...userFrames(thrown)];
  if (above.length === MAX_DEPTH) return lines;
  const told = [...above, thrown];
  const cause = newsIn(thrown);
  if (cause !== undefined && !told.includes(cause)) lines.push(...errorLines(cause, "caused by ", told));
  if (thrown instanceof AggregateError) {
    for (const error of thrown.errors) if (!told.includes(error)) lines.push(...errorLines(error, "- ", told));
  }
  return lines;
}

/** `(0 , lab_1.f)`, `__cell_3_1.cryo.stop`, `__secopLab_0.cryo.stop`: names of other modules, as compiled code has them. */
const COMPILED_NAME = /\(0 , [\p{ID_Continue}$]+_\d+\.([^)]+)\)|\b__(?:cell|secopLab)_\d+(?:_\d+)?\./gu;

/** The engine's messages quote the code that runs, which the person has not written. */
function messageOf(error: Error): string {
  return error instanceof TypeError ? error.message.replace(COMPILED_NAME, "$1") : error.message;
}

/** The next cause that adds words or lines of the person's code: messages often quote their causes. */
function newsIn(error: Error): unknown {
  const known = new Set(userFrames(error).map(lineOfCode));
  const adds = (cause: Error): boolean =>
    cause.message === "" ||
    !error.message.includes(cause.message) ||
    cause instanceof AggregateError ||
    userFrames(cause).some((frame) => !known.has(lineOfCode(frame)));
  let next = error.cause;
  for (let depth = 0; depth < MAX_DEPTH && next instanceof Error && !adds(next); depth++) next = next.cause;
  return next;
}

/** `In[3]:5` of `    at async f (In[3]:5:7)`. */
function lineOfCode(frame: string): string {
  return /([^\s(]+):\d+\)?$/.exec(frame)?.[1] ?? frame;
}

/** Our own installation: the person cannot do anything about its lines. */
const KERNEL = dirname(__dirname);
const OURS = [`${sep}node_modules${sep}`, `${KERNEL}${sep}`, `${join(dirname(KERNEL), "lib")}${sep}`];

function userFrames(error: Error): string[] {
  const frames = String(error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .filter((line) => !line.includes("(node:") && !/at node:|<anonymous>\)?$/.test(line))
    .filter((line) => !OURS.some((folder) => line.includes(folder)));
  return collapsed(frames);
}

/** Functions that call each other in turn are told this far. */
const LONGEST_TURN = 4;
const FEW = 3;

/** Of a recursion one turn is shown. */
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

/** The shortest group of frames that stands there at least a few times in a row. */
function turnAt(frames: readonly string[], at: number): { readonly length: number; readonly times: number } {
  for (let length = 1; length <= LONGEST_TURN; length++) {
    let same = 0;
    while (frames[at + same + length] !== undefined && frames[at + same] === frames[at + same + length]) same++;
    const times = 1 + Math.floor(same / length);
    if (times >= FEW) return { length, times };
  }
  return { length: 1, times: 1 };
}
