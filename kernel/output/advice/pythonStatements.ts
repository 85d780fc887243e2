/** Statements of Python by their form in a line, and how they are written in TypeScript. */

import { codeOnly, inTypeScript, iterable } from "./pythonExpressions";

/** A pattern, and the function that makes the advice from its groups. */
type Statement = readonly [RegExp, (...groups: string[]) => string];

const STATEMENTS: readonly Statement[] = [
  [/^\s*from\s+([\w.]+)\s+import\s+([^;#]+)/, (module = "", names = "") => importedNames(module, names.trim())],
  [/^\s*import\s+([\w.]+)\s+as\s+(\w+)\s*(?:;|#|$)/, importedModule],
  [/^\s*import\s+([\w.]+)(?:\s*,\s*[\w., ]+)?\s*(?:;|#|$)/, (module = "") => importedModule(module)],
  [
    /^\s*import\s+(\S.*?)\s+from\s+([\w./@-]+)\s*;?\s*$/,
    (what, from) => `the module is a string:  import ${what} from "${from}"`,
  ],
  [
    /^\s*(?:async\s+)?def\s+(\w+)\s*\(([^)]*)\)?/,
    (name = "") => `a function is written  function ${name}(...) { ... },  a plan  function* ${name}(...) { ... }`,
  ],
  [
    /^\s*class\s+(\w+)\s*(?:\(\s*([\w.]*)[^)]*\))?\s*:/,
    (name = "", base = "") => `a class is written  class ${name}${base ? ` extends ${base}` : ""} { ... }`,
  ],
  [
    /^\s*(?:async\s+)?for\s+(\w+)\s+in\s+range\((.*?)\)\s*:/,
    (name = "i", range = "n") => `a loop is written  ${loopOver(name, range)} { ... }`,
  ],
  [
    /^\s*(?:async\s+)?for\s+\(?(\w+)\s*,\s*(\w+)\)?\s+in\s+zip\(\s*(.+?)\s*,\s*(.+?)\s*\)\s*:/,
    (a = "a", b = "b", first = "", second = "") =>
      `a loop is written  for (const [i, ${a}] of ${first}.entries()) { const ${b} = ${second}[i]; ... }`,
  ],
  [
    /^\s*(?:async\s+)?for\s+\(?(\w+(?:\s*,\s*\w+)*)\)?\s+in\s+(.+?)\s*:(?:\s|$)/,
    (names = "x", list = "list") =>
      `a loop is written  for (const ${names.includes(",") ? `[${names}]` : names} of ${iterable(list)}) { ... }`,
  ],
  [
    /^\s*(if|while)\s+(?!.*(?:[?{].*:|:=))(.+?)\s*:(?:\s|$)/,
    (word = "", condition = "") => `the condition is in parentheses:  ${word} (${bare(condition)}) { ... }`,
  ],
  [
    /^\s*(?:\}\s*)?(?:elif|else\s+if(?!.*\{\s*$))\s+(.+?)\s*:?\s*$/,
    (condition = "") => `elif is written  else if (${bare(condition.replace(/\s*\{$/, ""))}) { ... }`,
  ],
  [/^\s*elif\b/, () => "elif is written  else if (condition) { ... }"],
  [/^\s*(try|else|finally)\s*:/, (word = "") => `a block is in braces:  ${word} { ... }`],
  [/^\s*except\b/, () => "except is written  catch (error) { ... }"],
  [/^\s*raise\s+\w+\(\s*(.+)\)\s*$/, (message = "") => `raise is written  throw new Error(${inTypeScript(message)})`],
  [/^\s*raise\s*$/, () => "raise is written  throw error"],
  [/^\s*raise\b/, () => 'raise is written  throw new Error("...")'],
  [
    /^\s*(?:async\s+)?with\s+open\(\s*(.+?)\s*(?:,.*)?\)\s*as\s+(\w+)\s*:/,
    (path = "", name = "") =>
      `a file is read by  import fs from "node:fs"; const ${name} = fs.readFileSync(${path}, "utf8")`,
  ],
  [/^\s*(?:async\s+)?with\s+.+:/, () => "with is written  using name = ...;  or  await using name = ...;"],
  [
    /^\s*assert\s+(.+?)(?:,\s*(.+))?$/,
    (condition = "", message = '"..."') =>
      `assert is written  if (!(${inTypeScript(condition)})) throw new Error(${inTypeScript(message)})`,
  ],
  [
    /^\s*del\s+(.+)$/,
    (what = "") =>
      /^\w+$/.test(what) ? `a variable is forgotten by  %reset ${what}` : `a member is removed by  delete ${what}`,
  ],
  [/^\s*(global|nonlocal)\s+/, (word = "") => `${word} is not needed: a function sees the names around it`],
  [
    /^\s*@[\w.]+(?:\(.*\))?\s*$/,
    () => "decorators are for classes; of a function, write  const f = decorator(function ...)",
  ],
  [/\byield\s+from\s+(.+)/, (plan = "") => `yield from is written  yield* ${plan.trim()}`],
  [/^\s*print\s+([^(\s].*)$/, (what = "") => `print is written  console.log(${inTypeScript(what)})`],
  [/^\s*(match)\s+(.+?)\s*:\s*$/, (_ = "", value = "") => `match is written  switch (${value}) { case 1: ... break; }`],
  [
    /(?:=|\()\s*(?:function)?\s*\*\s*\([^)]*\)\s*=>/,
    () => "a plan is a function*, since an arrow function cannot yield:  function* name() { ... }",
  ],
];

/** How a line is written in TypeScript, if it has the form of a statement of Python. */
export function statementAdvice(line: string): string | undefined {
  for (const [pattern, advice] of STATEMENTS) {
    const match = pattern.test(codeOnly(line)) ? pattern.exec(line) : null;
    if (match) return advice(...match.slice(1));
  }
  return undefined;
}

/** The condition in TypeScript, without brackets around it. */
function bare(condition: string): string {
  const text = inTypeScript(condition);
  return /^\([^()]*\)$/.test(text) ? text.slice(1, -1) : text;
}

/** The head of the loop that counts as `range(...)` does. */
function loopOver(name: string, range: string): string {
  const given = range.split(/,(?![^(]*\))/).map((text) => text.trim());
  const [from = "0", to = "n", step = "1"] = given.length === 1 ? ["0", ...given] : given;
  const next = step === "1" ? `${name}++` : `${name} += ${step}`;
  return `for (let ${name} = ${from}; ${name} ${step.startsWith("-") ? ">" : "<"} ${inTypeScript(to)}; ${next})`;
}

/** The replacements of Python's modules. */
const MODULES: Readonly<Record<string, string>> = {
  time: "time needs no import:  await sleep(1)  waits,  Date.now() / 1000  is the time",
  math: "math needs no import:  Math.sqrt(2), Math.PI",
  random: "random needs no import:  Math.random()",
  json: "json needs no import:  JSON.parse(text), JSON.stringify(value)",
  asyncio: "asyncio needs no import: write await before a promise;  await Promise.all([a, b])  waits for several",
  datetime: "datetime needs no import:  new Date()",
  re: 're needs no import:  /pattern/.exec(text), text.replace(/a/g, "b")',
  sys: "sys needs no import:  process.argv, process.exit()",
  os: 'files are read by  import fs from "node:fs",  paths joined by  import path from "node:path";  process.env has the environment',
};

function importedModule(module: string, name = module.split(".").at(-1) ?? ""): string {
  const ours = ofBluesky(module);
  if (ours) return `the names of ${module} are in secop-lab and need no import:  scan(...), mv(...), createRunEngine()`;
  return (
    MODULES[module] ??
    `an import is written  import * as ${name} from "${module}"  (packages of Python cannot be imported)`
  );
}

function importedNames(module: string, names: string): string {
  const own = MODULES[module];
  if (own !== undefined) return own;
  return `an import is written  import { ${names.replace(/^\((.*)\)$/, "$1")} } from "${ofBluesky(module) ? "secop-lab" : module}"`;
}

function ofBluesky(module: string): boolean {
  return /^(?:bluesky|ophyd|ophyd_async|secop_ophyd)\b/.test(module);
}
