/** Expressions of Python, and how they are written in TypeScript. */

import type { AdviceRule } from "./codePlace";

const STRING = /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)/;

/** Replaces only outside of strings. */
function outsideStrings(code: string, replace: (part: string) => string): string {
  return code
    .split(new RegExp(STRING.source, "g"))
    .map((part, k) => (k % 2 === 1 ? part : replace(part)))
    .join("");
}

/**
 * The line with the insides of its strings, and its comments, blanked: "this is it" in a text is no Python. A
 * string that is not closed counts to the end of the line.
 */
export function codeOnly(line: string): string {
  return line.replace(new RegExp(`${STRING.source}|["'].*$|//.*$|/\\*.*?(?:\\*/|$)`, "g"), (found) =>
    found.startsWith("/") ? " ".repeat(found.length) : found.replace(/(?<=.).(?=.)/g, "_"),
  );
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bis\s+not\s+None\b/g, "!== undefined"],
  [/\bis\s+None\b/g, "=== undefined"],
  [/\bis\s+not\b/g, "!=="],
  [/\bis\b/g, "==="],
  [/([\w.$[\]]+)\s+not\s+in\s+([\w.$]+)/g, "!$2.includes($1)"],
  [/([\w.$[\]]+)\s+in\s+([\w.$]+)/g, "$2.includes($1)"],
  [/\band\b/g, "&&"],
  [/\bor\b/g, "||"],
  [/\bnot\s+([\w.$]+(?:\([^()]*\))?)(?=\s*(?:$|[)&|,\]}]))/g, "!$1"],
  [/\bnot\s+(\([^()]*\))/g, "!$1"],
  [/\bnot\s+([^&|]+?)(?=\s*(?:$|&&|\|\|))/g, "!($1)"],
  [/\bTrue\b/g, "true"],
  [/\bFalse\b/g, "false"],
  [/\bNone\b/g, "undefined"],
  [/\bself\b/g, "this"],
  [/\blen\(([\w.$]+)\)/g, "$1.length"],
  [/\bprint\(/g, "console.log("],
  [/(?<![=!<>])==(?!=)/g, "==="],
  [/!=(?!=)/g, "!=="],
];

/** The same condition or value in TypeScript, as far as its words tell. */
export function inTypeScript(python: string): string {
  const words = (part: string): string => WORDS.reduce((text, [from, to]) => text.replace(from, to), part);
  const templates = python.trim().replace(F_STRING, (whole: string, prefix?: string, quoted = "") => {
    return prefix === undefined ? whole : templateOf(quoted);
  });
  return outsideStrings(templates, words);
}

/** Strings with one of these letters before them, and all others: `"f"` does not begin one at its end. */
function prefixedStrings(letters: string): RegExp {
  const quoted = /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/.source;
  return new RegExp(`\\b(${letters})${quoted}|${STRING.source}`, "g");
}

const F_STRING = prefixedStrings("[fF][rR]?");
const OTHER_PREFIXED = prefixedStrings("[rRbBuU]{1,2}");

/** The letters and the string of the first that has some. */
function firstPrefixed(line: string, pattern: RegExp): readonly [string, string] | undefined {
  for (const [, prefix, quoted] of line.matchAll(pattern)) if (prefix && quoted) return [prefix, quoted];
  return undefined;
}

/** `"at {x:.2f} K"` as a template: `at ${x.toFixed(2)} K`. */
function templateOf(quoted: string): string {
  const text = quoted.slice(1, -1).replace(/\{([^{}]*)\}/g, (_, inner: string) => {
    const [value = "", format = ""] = inner.split(/(?:![rsa])?(?::|$)/, 2);
    const digits = /^\.(\d+)([fe])$/.exec(format);
    if (!digits) return `\${${value}}`;
    return `\${${value}.${digits[2] === "f" ? "toFixed" : "toExponential"}(${digits[1]})}`;
  });
  return `\`${text}\``;
}

/** `"%s is %d" % (a, b)` as a template. */
export function percentTemplate(quoted: string, values: string): string {
  const given = /^\((.*)\)$/.exec(values.trim())?.[1]?.split(/\s*,\s*/) ?? [values.trim()];
  const text = quoted.slice(1, -1).replace(/%(?:\.(\d+))?[sdfgeri]/g, (_, digits?: string) => {
    const value = given.shift() ?? "";
    return digits === undefined ? `\${${value}}` : `\${${value}.toFixed(${digits})}`;
  });
  return `\`${text}\``;
}

/** How a loop over it is written: `d.items()` and `enumerate(list)` have other names in TypeScript. */
export function iterable(python: string): string {
  const list = python.trim();
  const [, name, inner = ""] = /^(enumerate|list|range|reversed|sorted)\((.*)\)$/.exec(list) ?? [];
  if (name === "range") return `arange(${inTypeScript(inner)})`;
  if (name === "enumerate") return `${inTypeScript(inner)}.entries()`;
  if (name === "reversed") return `${inTypeScript(inner)}.toReversed()`;
  if (name === "sorted") return `${inTypeScript(inner)}.toSorted()`;
  if (name === "list") return iterable(inner);
  const [, owner, part = ""] = /^(.*)\.(items|keys|values)\(\)$/.exec(list) ?? [];
  const parts: Readonly<Record<string, string>> = { items: "entries", keys: "keys", values: "values" };
  return owner === undefined ? inTypeScript(list) : `Object.${parts[part]}(${inTypeScript(owner)})`;
}

/** The beginning of a list, set or dictionary that is made in a loop, up to what the loop goes over. */
const COMPREHENSION = /([[({])\s*([^[({][^[\]]*?|\([^)]*\))\s+for\s+([\w, ]+?)\s+in\s+/;

function comprehension(line: string): string | undefined {
  const begin = COMPREHENSION.exec(line);
  if (begin === null) return undefined;
  const [whole, bracket, value = "", names = ""] = begin;
  const [list = "", condition] = untilClosed(line.slice(begin.index + whole.length)).split(/\s+if\s+(.+)/);
  const parameter = names.includes(",") ? `([${names}])` : `(${names})`;
  const several = iterable(list);
  let text = /\.entries\(\)$/.test(several) ? `[...${several}]` : several;
  if (condition !== undefined) text += `.filter(${parameter} => ${inTypeScript(condition)})`;
  const [, key, of] = bracket === "{" ? (/^(.+?)\s*:\s*(.+)$/.exec(value) ?? []) : [];
  if (key !== undefined) return `Object.fromEntries(${text}.map(${parameter} => [${key}, ${inTypeScript(of ?? "")}]))`;
  if (value.trim() !== names) text += `.map(${parameter} => ${inTypeScript(value)})`;
  else if (condition === undefined && !text.startsWith("arange(")) text = `[...${text}]`;
  return bracket === "{" ? `new Set(${text})` : text;
}

const SLICE = /(?<=[\w.$)\]"'])\[\s*(-?[\w.]*)\s*:\s*(-?[\w.]*)\s*(?::\s*(-?\w*)\s*)?\]/;

function slice(line: string): string | undefined {
  const found = SLICE.exec(line);
  if (found === null) return undefined;
  const list = operandBefore(line, found.index);
  const [, from = "", to = "", step = ""] = found;
  const bounds = to === "" ? from : `${from || "0"}, ${to}`;
  const part = bounds === "" ? list : `${list}.slice(${bounds})`;
  if (step === "-1") return `${part}.toReversed()`;
  if (step !== "" && step !== "1") return `${part}.filter((_, i) => i % ${step} === 0)`;
  return bounds === "" ? `${list}.slice()` : part;
}

/** `a if c else b`, behind `x =`, `return` or nothing. */
const CONDITIONAL = /(?:^|[=(,]|\breturn\s|\bawait\s)\s*([^=(,]+?)\s+if\s+(.+?)\s+else\s+([^),;]+)/;

/** A line has this form only if its code has it, without its strings and comments. */
function inCode(rule: AdviceRule): AdviceRule {
  return (place) => (rule({ ...place, line: codeOnly(place.line) }) === undefined ? undefined : rule(place));
}

/** Strings and comments of Python. */
const TEXTS: readonly AdviceRule[] = [
  ({ code, word }) => (code === 1127 && word.startsWith("#") ? "a comment begins with //, not with #" : undefined),
  ({ line }) =>
    /(?:^|[\s(=,:]|\b[rbufRBUF])("""|''')/.test(line)
      ? "a text of several lines is written  `...`,  a description of what follows  /** ... */"
      : undefined,
  ({ line }) => {
    const [, quoted] = firstPrefixed(line, F_STRING) ?? [];
    return quoted === undefined ? undefined : `a string with values is written  ${templateOf(quoted)}`;
  },
  ({ line }) => {
    const [prefix = "", quoted] = firstPrefixed(line, OTHER_PREFIXED) ?? [];
    if (quoted === undefined) return undefined;
    if (/b/i.test(prefix)) return `bytes of a text are written  Buffer.from(${quoted})`;
    return /r/i.test(prefix)
      ? `a string with backslashes is written  String.raw\`${quoted.slice(1, -1)}\``
      : `every string is Unicode:  ${quoted}`;
  },
];

/** Words and operators of Python. */
const OPERATORS: readonly AdviceRule[] = [
  ({ line }) => {
    const [, name, value] = /(\w+)\s*:=\s*([^)]+)/.exec(line) ?? [];
    return name === undefined ? undefined : `:= is written in a line of its own:  const ${name} = ${value?.trim()}`;
  },
  ({ line }) => {
    const loop = comprehension(line);
    return loop === undefined ? undefined : `a list made in a loop is written  ${loop}`;
  },
  ({ line }) => {
    const [, value, condition, other] = CONDITIONAL.exec(line) ?? [];
    if (value === undefined || condition === undefined || other === undefined) return undefined;
    return `a choice is written  ${inTypeScript(condition)} ? ${inTypeScript(value)} : ${inTypeScript(other)}`;
  },
  ({ line }) => {
    const [, args = "", body] = /\blambda\b([^:]*):\s*(.+)/.exec(line) ?? [];
    if (body === undefined) return undefined;
    return `lambda is written  (${args.trim()}) => ${inTypeScript(untilClosed(body))}`;
  },
  ({ line }) => {
    const [comparison] = /[\w.$\])]+\s+(?:is(?:\s+not)?\s+[\w.$"']+|not\s+in\s+[\w.$]+)/.exec(line) ?? [];
    return comparison === undefined ? undefined : `it is written  ${inTypeScript(comparison)}`;
  },
  ({ line, before }) => {
    const at = /(?:^|[\s(])(and|or|not)\s/.exec(line.slice(Math.max(0, before.length - 4)));
    const operators: Readonly<Record<string, string>> = { and: "&&", or: "||", not: "!" };
    return at?.[1] === undefined ? undefined : `${at[1]} is written  ${operators[at[1]]}`;
  },
  ({ line }) => {
    const part = slice(line);
    return part === undefined ? undefined : `a part of a list is written  ${part}`;
  },
  ({ line }) => (/\s<>\s/.test(line) ? "<> is written  !==" : undefined),
  ({ line }) => {
    const [, first, second] = new RegExp(`${STRING.source}\\s+${STRING.source}(?!\\s*:)`).exec(line) ?? [];
    return first === undefined ? undefined : `strings are joined by +:  ${first} + ${second}`;
  },
  ({ code, word }) =>
    code === 1127 && word === "\\" ? "a line goes on in the next one without a backslash" : undefined,
];

/** The form of a line that Python reads as an expression. Each gives what is written instead. */
export const PYTHON_EXPRESSIONS: readonly AdviceRule[] = [...TEXTS, ...OPERATORS.map(inCode)];

const OPENED_BY: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** The expression that ends there: a name with its members and calls, a list, or a string. */
function operandBefore(code: string, end: number): string {
  let at = end;
  while (at > 0) {
    const last = code[at - 1] ?? "";
    if (/[\w.$]/.test(last)) at -= 1;
    else if (OPENED_BY[last]) at = openingOf(code, at - 1);
    else if (at === end && /["'`]/.test(last)) return code.slice(Math.max(0, code.lastIndexOf(last, at - 2)), end);
    else break;
  }
  return code.slice(at, end);
}

/** Where the bracket is that the one at `at` closes; 0 if there is none. */
function openingOf(code: string, at: number): number {
  let depth = 0;
  for (let k = at; k > 0; k--) {
    if (OPENED_BY[code[k] ?? ""]) depth++;
    else if ("([{".includes(code[k] ?? "") && --depth === 0) return k;
  }
  return 0;
}

/** The code up to a bracket that was opened before it. */
function untilClosed(code: string): string {
  let depth = 0;
  for (let at = 0; at < code.length; at++) {
    if ("([{".includes(code[at] ?? "")) depth++;
    else if (")]}".includes(code[at] ?? "") && --depth < 0) return code.slice(0, at);
  }
  return code;
}
