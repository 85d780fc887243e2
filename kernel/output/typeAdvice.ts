/**
 * Says in one line what to do about the most frequent errors of the check: habits of Python, and messages
 * whose long text hides a simple reason. `%why` shows the text of the compiler.
 */

import type { Diagnostic } from "../tslabAdapter";

/** A diagnostic with what is written at its place. */
interface Place {
  readonly message: string;
  readonly code: number;
  /** The text that the diagnostic is about. */
  readonly word: string;
  /** The line where it begins, and the parts of that line before and after its beginning. */
  readonly line: string;
  readonly before: string;
  readonly after: string;
  /** All code before its beginning. */
  readonly preceding: string;
  /** All code of the cell. */
  readonly cell: string;
}

/** Returns the advice, or undefined if the rule does not apply. */
type Rule = (place: Place) => string | undefined;

/** The diagnostics of a cell, with advice instead of the compiler's text where there is any. */
export function withAdvice(diagnostics: readonly Diagnostic[], code: string): readonly Diagnostic[] {
  const lines = code.split("\n");
  const shown: Diagnostic[] = [];
  const sayings = new Map<number, string>();
  for (const one of diagnostics) {
    // A mistake in the syntax has further errors in the same line.
    if (one.fileName === undefined && sayings.has(one.start.line)) continue;
    const advice = one.fileName === undefined ? adviceFor(one, code, lines[one.start.line] ?? "") : undefined;
    if (advice === undefined) {
      shown.push(one);
      continue;
    }
    if (isSyntax(one)) sayings.set(one.start.line, advice);
    if (![...shown].some(({ messageText }) => messageText === advice)) shown.push({ ...one, messageText: advice });
  }
  return shown;
}

function isSyntax({ code }: Diagnostic): boolean {
  return code >= 1000 && code < 2000;
}

function adviceFor(diagnostic: Diagnostic, cell: string, line: string): string | undefined {
  const { start, end, messageText: message, code } = diagnostic;
  const before = line.slice(0, start.character);
  const word = cell.slice(start.offset, end.offset);
  const place: Place = {
    message,
    code,
    word,
    line,
    before,
    after: line.slice(start.character),
    preceding: cell.slice(0, start.offset),
    cell,
  };
  for (const rule of isSyntax(diagnostic) ? SYNTAX_RULES : TYPE_RULES) {
    const advice = rule(place);
    if (advice !== undefined) return advice;
  }
  return undefined;
}

/** Statements of Python by their form in a line, and how they are written in TypeScript. */
const PYTHON: readonly (readonly [RegExp, string | ((...groups: string[]) => string)])[] = [
  [
    /^\s*from\s+([\w.]+)\s+import\s+(.+?)\s*$/,
    (module = "", names = "") => `an import is written  import { ${names} } from "${module}"`,
  ],
  [
    /^\s*import\s+([\w.]+)\s+as\s+(\w+)\s*;?\s*$/,
    (module = "", name = "") =>
      `an import is written  import * as ${name} from "${module}"  (packages of Python cannot be imported)`,
  ],
  [
    /^\s*import\s+([\w.]+)\s*;?\s*$/,
    (module = "") =>
      `an import is written  import * as ${module.split(".").at(-1)} from "${module}"  (packages of Python cannot be imported)`,
  ],
  [
    /^\s*(?:async\s+)?def\s+(\w+)\s*\(/,
    (name = "") => `a function is written  function ${name}(...) { ... },  a plan  function* ${name}(...) { ... }`,
  ],
  [
    /^\s*for\s+(\w+)\s+in\s+range\((.*)\)\s*:/,
    (name = "i", range = "n") => `a loop is written  ${loopOver(name, range)} { ... }`,
  ],
  [
    /^\s*for\s+(\w+)\s+in\s+(.+):\s*$/,
    (name = "x", list = "list") => `a loop is written  for (const ${name} of ${list}) { ... }`,
  ],
  [
    /^\s*(if|while)\s+(.+):\s*$/,
    (word = "", condition = "") => `the condition is in parentheses:  ${word} (${condition}) { ... }`,
  ],
  [/^\s*elif\b/, "elif is written  else if (condition) { ... }"],
  [/^\s*(try|else|finally)\s*:/, (word = "") => `a block is in braces:  ${word} { ... }`],
  [/^\s*except\b/, "except is written  catch (error) { ... }"],
  [/^\s*raise\b/, 'raise is written  throw new Error("...")'],
  [/^\s*with\s+.+:\s*$/, "with is written  using name = ...;  or  await using name = ...;"],
  [/\blambda\b([^:]*):\s*(.+)/, (args = "", body = "") => `lambda is written  (${args.trim()}) => ${body.trim()}`],
];

/** The head of the loop that counts as `range(...)` does. */
function loopOver(name: string, range: string): string {
  const given = range.split(/,(?![^(]*\))/).map((text) => text.trim());
  const [from = "0", to = "n", step = "1"] = given.length === 1 ? ["0", ...given] : given;
  const next = step === "1" ? `${name}++` : `${name} += ${step}`;
  return `for (let ${name} = ${from}; ${name} ${step.startsWith("-") ? ">" : "<"} ${to}; ${next})`;
}

const SYNTAX_RULES: readonly Rule[] = [
  ({ line }) => {
    for (const [pattern, advice] of PYTHON) {
      const match = pattern.exec(line);
      if (match) return typeof advice === "string" ? advice : advice(...match.slice(1));
    }
    return undefined;
  },
  ({ line, code }) => (code === 1127 && /(?:^|\s)#/.test(line) ? "a comment begins with //, not with #" : undefined),
  ({ line }) => {
    const match = /\bf("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/.exec(line);
    if (!match?.[1]) return undefined;
    const template = match[1].slice(1, -1).replace(/\{([^}:]*)(?::[^}]*)?\}/g, (_, inner: string) => `\${${inner}}`);
    return `a string with values is written  \`${template}\``;
  },
  ({ line, before }) => {
    const at = /(?:^|[\s(])(and|or|not)\s/.exec(line.slice(Math.max(0, before.length - 4)));
    const operators: Readonly<Record<string, string>> = { and: "&&", or: "||", not: "!" };
    return at?.[1] === undefined ? undefined : `${at[1]} is written  ${operators[at[1]]}`;
  },
  ({ code, cell }) =>
    code === 1308 && /function\s*\*|\*\s*\w+\s*\(/.test(cell)
      ? "a plan does not await: in a plan, write  yield* rd(det.value)  to read,  yield* mv(motor, 5)  to move"
      : undefined,
];

/** Names that Python has, and what is written instead. */
const NAMES: Readonly<Record<string, string>> = {
  True: "True is written  true",
  False: "False is written  false",
  None: "None is written  undefined",
  print: "print(...) is written  console.log(...)",
  len: "len(list) is written  list.length",
  str: "str(x) is written  String(x)",
  int: "int is written  number;  int(x) is written  Math.trunc(Number(x))",
  float: "float is written  number;  float(x) is written  Number(x)",
  range: "range(n) is written  Array.from({ length: n }, (_, i) => i)",
  abs: "abs(x) is written  Math.abs(x)",
  round: "round(x) is written  Math.round(x)",
  self: "self is written  this",
  pass: "pass is not needed: an empty block is  {}",
  elif: "elif is written  else if (condition) { ... }",
  time: "time.sleep(1) is written  await sleep(1),  in a plan  yield* sleep(1);  time.time() is  Date.now() / 1000",
  np: "numpy does not exist here: Math has the functions for single numbers, list.map(...) applies one to a list",
  wait_for_idle: "waiting is part of a move:  await motor.set(5),  in a plan  yield* mv(motor, 5)",
};

const PLANS = "scan|relScan|count|listScan|relListScan|gridScan|relGridScan|spiral|logScan|relLogScan|innerProductScan";

/*
 * How a compiler says that a type does not fit depends on the types and on the compiler: "Argument of
 * type 'A' is not assignable to parameter of type 'B'", or only its reason, "Type 'A' is missing the
 * following properties from type 'B'". The order of the types in a union differs as well.
 */
const MISFIT = "' is (?:not assignable to (?:parameter of )?type|missing the following properties from type) '";
const PROMISED = new RegExp(`^(?:Argument of type|Type) 'Promise<(.+)>${MISFIT}\\1'`);
const STEP_AS_MESSAGE = new RegExp(`^(?:Argument of type|Type) '(?:Plan|Generator)<.*>${MISFIT}Msg'`, "m");
const NO_LIST_OF_DETECTORS = new RegExp(`^(?:Argument of type|Type) '.+${MISFIT}readonly Readable<.*>\\[\\]'`);

const TYPE_RULES: readonly Rule[] = [
  ({ message, word, before, after }) => {
    if (!/^Cannot find name/.test(message)) return undefined;
    const assigned = new RegExp(`^${escaped(word)}\\s*=(?![=>])\\s*([^;]*)`).exec(after);
    if (assigned && /[(,]\s*$/.test(before)) {
      const value = /^[^,)]*/.exec(assigned[1] ?? "")?.[0].trim() ?? "";
      const plan =
        /\bcount\(/.test(before) && word === "num" ? `:  count([det], ${value})` : " or in an object of options";
      return `TypeScript has no arguments by name: give ${word} in its place${plan}`;
    }
    if (assigned && /(?:^|[;{}])\s*$/.test(before)) {
      return `declare the name first:  const ${word} = ${assigned[1]?.trim()}  (let instead of const, if it changes later)`;
    }
    if (word === "await") return "a plan does not await: in a plan, write  yield* rd(det.value)";
    return Object.hasOwn(NAMES, word) ? NAMES[word] : undefined;
  },
  ({ message, word }) => {
    if (/wait_for_idle/.test(word) && /^Property/.test(message)) return NAMES.wait_for_idle;
    return undefined;
  },
  ({ message }) =>
    /Operator '.+' cannot be applied to types? .*\bPromise</.test(message) || /forget to use 'await'/.test(message)
      ? "a promise is not a value yet: write await before it"
      : undefined,
  ({ message }) =>
    PROMISED.test(message.split("\n")[0] ?? "") ? "a promise is not a value yet: write await before it" : undefined,
  ({ message }) =>
    /^(?:Argument of type|Type) '(?:\(\) => )?Generator<(?:Plan|Generator)</.test(message) ||
    STEP_AS_MESSAGE.test(message)
      ? "yield* is missing: in a plan, each step is written  yield* mv(motor, 1)  with the star"
      : undefined,
  ({ message, word, preceding }) =>
    NO_LIST_OF_DETECTORS.test(message) &&
    /[(,]\s*$/.test(preceding) &&
    !/^[[{]/.test(word) &&
    !/\[\]' is not assignable/.test(message)
      ? `detectors are a list: [${word}]`
      : undefined,
  ({ message, cell, before }) => {
    if (!/^(?:Expected .* arguments, but got|No overload expects)/.test(message)) return undefined;
    const call = new RegExp(`^\\s*(${PLANS})\\(\\s*([\\w.$]+)\\s*,\\s*([-+]?[\\d.][^)]*)`).exec(
      cell.slice(cell.indexOf(before) + before.length),
    );
    return call ? `the list of detectors is missing:  ${call[1]}([det], ${call[2]}, ${call[3]})` : undefined;
  },
  ({ message }) =>
    /^Type '[^']*' has no properties in common with type '(?:Rel)?ScanOptions'/.test(message)
      ? "one number too many: after the list of detectors come motor, start, stop for each motor, and the number of points at the end"
      : undefined,
  ({ message, word }) =>
    /'Movable<.*>' is not assignable to (?:parameter of )?type 'ReadableMotor/.test(message)
      ? `a scan also reads its motor: declare ${/^\w+$/.test(word) ? word : "it"} as ReadableMotor instead of Movable`
      : undefined,
  ({ message, word, cell }) =>
    /^Argument of type 'Promise<.*'\(resolve: /.test(message) && cell.includes("new Status(")
      ? `a status of a promise is  Status.from(${word})`
      : undefined,
  ({ message }) =>
    /AsyncGenerator</.test(message) && /Plan/.test(message)
      ? "a plan is a function*, without async: it waits by  yield*"
      : undefined,
  ({ message, word }) =>
    /=> Plan<.*is not assignable to parameter of type 'PlanSource/s.test(message) && /too few arguments/.test(message)
      ? `call the plan:  ${word}(...)`
      : undefined,
];

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
