/** The call around a place in code that may not compile: what is called, and the texts of its arguments. */

import jsTokens from "js-tokens";

export interface CallText {
  /** The name before the bracket: `RE`, `bp.scan`, `motor.set`. */
  readonly callee: string;
  /** Without the namespace: `scan`. */
  readonly name: string;
  readonly start: number;
  /** Behind the closing bracket, or the end of the code. */
  readonly end: number;
  readonly args: readonly ArgumentText[];
}

export interface ArgumentText {
  readonly text: string;
  readonly start: number;
}

interface OpenBracket {
  readonly callee: string;
  readonly start: number;
  readonly args: ArgumentText[];
  /** Where the present argument begins. */
  from: number;
}

const LONGEST_CALLEE = 200;

let latest: { readonly code: string; readonly calls: readonly CallText[] } = { code: "", calls: [] };

/**
 * All calls of the code, inner ones before those around them. All errors of a cell ask about the same code.
 */
function callsOf(code: string): readonly CallText[] {
  if (latest.code !== code) latest = { code, calls: readCalls(code) };
  return latest.calls;
}

function readCalls(code: string): CallText[] {
  const calls: CallText[] = [];
  const open: OpenBracket[] = [];
  let at = 0;
  const endArgument = (bracket: OpenBracket): void => {
    const raw = code.slice(bracket.from, at);
    const text = raw.trim();
    if (text !== "") bracket.args.push({ text, start: bracket.from + raw.indexOf(text) });
  };
  const close = (end: number): void => {
    const bracket = open.pop();
    if (!bracket) return;
    endArgument(bracket);
    const { callee, start, args } = bracket;
    if (callee !== "") calls.push({ callee, name: callee.slice(callee.lastIndexOf(".") + 1), start, end, args });
  };
  for (const { value } of jsTokens(code)) {
    const bracket = open.at(-1);
    if (value === "(" || value === "[" || value === "{") {
      // Only the end of the code before the bracket is searched, since a cell may have thousands of brackets.
      const before = value === "(" ? code.slice(Math.max(0, at - LONGEST_CALLEE), at) : "";
      const callee = /[\w.$?!]+\s*$/.exec(before)?.[0].trim() ?? "";
      open.push({ callee, start: at - callee.length, args: [], from: at + 1 });
    } else if (value === ")" || value === "]" || value === "}") {
      close(at + 1);
    } else if (value === "," && bracket) {
      endArgument(bracket);
      bracket.from = at + 1;
    }
    at += value.length;
  }
  while (open.length > 0) close(at);
  return calls;
}

/** The innermost call around the place, which may be in its name or in one of its arguments. */
export function callAt(code: string, offset: number): CallText | undefined {
  return callsOf(code).find(({ start, end }) => start <= offset && offset < end);
}

/** The innermost call that has an argument beginning at the place, and the number of that argument. */
export function argumentAt(code: string, offset: number): { call: CallText; index: number } | undefined {
  for (const call of callsOf(code)) {
    const index = call.args.findIndex(({ start }) => start === offset);
    if (index >= 0) return { call, index };
  }
  return undefined;
}
