/**
 * Completes members of values whose type is `any`, from the values themselves: what came from JSON, from a
 * package without types, or from a node without a class file.
 */

import { isDevice } from "../magics/index";
import type { CompletionInfo } from "../tslabAdapter";

const NAME = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*";
const STEP = `\\s*\\??\\.\\s*${NAME}|\\s*(?:\\?\\.)?\\[(?:\\d+|"[^"\\\\\\n]*"|'[^'\\\\\\n]*')\\]`;
/** A chain of members before the cursor, such as `data.points[0]?.na`. */
const CHAIN = new RegExp(
  `(?<![\\p{ID_Continue}$.)\\]}"'\`])(${NAME})((?:${STEP})*)\\s*\\??\\.\\s*([\\p{ID_Continue}$]*)$`,
  "u",
);
const STEPS = new RegExp(`(?:\\??\\.\\s*(${NAME}))|\\[(\\d+)\\]|\\["([^"]*)"\\]|\\['([^']*)'\\]`, "gu");

/**
 * The members of the value before the cursor; undefined if there is none, or if it would have to be computed.
 */
export function liveMembers(
  code: string,
  position: number,
  values: ReadonlyMap<string, unknown>,
): CompletionInfo | undefined {
  const line = code.slice(code.lastIndexOf("\n", position - 1) + 1, position);
  const [, first = "", steps = "", typed = ""] = CHAIN.exec(code.slice(0, position)) ?? [];
  if (!values.has(first) || isInText(line) || isHidden(first, code.slice(0, position))) return undefined;
  let value = values.get(first);
  for (const [, ...keys] of steps.matchAll(STEPS))
    value = readMember(value, keys.find((key) => key !== undefined) ?? "");
  const members = membersOf(value).filter(([name]) => name.toLowerCase().startsWith(typed.toLowerCase()));
  if (members.length === 0) return undefined;
  return {
    start: position - typed.length,
    end: position,
    candidates: members.map(([name]) => name),
    kinds: members.map(([, kind]) => kind),
  };
}

/**
 * Whether a function in the code seems to have a parameter of this name, or a loop a variable, which hides
 * the notebook's variable.
 */
function isHidden(name: string, code: string): boolean {
  const word = `(?<![\\p{ID_Continue}$.])${name.replaceAll("$", "\\$&")}(?![\\p{ID_Continue}$])`;
  const list = `(?<!\\b(?:if|while|switch|for|for\\s+await)\\s*)\\([^()]*${word}[^()]*\\)\\s*(?:=>|\\{|${RESULT_TYPE})`;
  const loop = `\\bfor\\s*(?:await\\s*)?\\(\\s*(?:const|let|var)\\s[^()=]*${word}(?:[^()=]*\\s(?:of|in)\\s|\\s*=)`;
  return new RegExp(`${word}\\s*=>|${list}|${loop}`, "u").test(code);
}

/** The type of the result after a list of parameters. In `ok ? f(x) : y` the colon has another meaning. */
const RESULT_TYPE = ":[^;\\n]*(?:=>|\\{)";

/** Whether the cursor is in a string or a comment, as far as its line shows. */
function isInText(line: string): boolean {
  const code = line.replace(/(["'`])(?:\\.|(?!\1).)*\1/g, "");
  return /["'`]|\/\//.test(code);
}

/**
 * The value of a member, found without running code of the user; undefined if a getter would have to run.
 * Only getters of devices have no side effects.
 */
export function readMember(owner: unknown, name: string): unknown {
  if (owner === undefined || owner === null) return undefined;
  try {
    if (isDevice(owner)) return Reflect.get(owner, name);
    for (let at: object | null = Object(owner); at; at = Object.getPrototypeOf(at)) {
      const descriptor = Object.getOwnPropertyDescriptor(at, name);
      if (descriptor) return descriptor.value;
    }
  } catch {
    // A proxy refuses: then nothing is known.
  }
  return undefined;
}

/** The names of all members, own ones first, and whether each is a method. */
function membersOf(value: unknown): [name: string, kind: string][] {
  const members = new Map<string, string>();
  if (value === undefined || value === null) return [];
  try {
    for (let at: object | null = Object(value); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
        if (!IS_NAME.test(name) || name === "constructor" || members.has(name)) continue;
        // A getter of a device has no side effects, and may give a command.
        const member = descriptor.enumerable && isDevice(value) ? readMember(value, name) : descriptor.value;
        members.set(name, typeof member === "function" ? "method" : "property");
      }
    }
  } catch {
    // As above.
  }
  return [...members];
}

const IS_NAME = new RegExp(`^${NAME}$`, "u");
