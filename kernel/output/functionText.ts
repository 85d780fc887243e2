/**
 * The text of a cell whose last expression is a function: its parameters, and the line to type that uses it.
 */

import { types } from "node:util";

/** Most characters of the parameters that are shown. */
const MOST = 200;

/** For example `async function wait(seconds): call it: await wait(...)`. */
export function functionText(fn: (...args: never[]) => unknown): string {
  const source = Function.prototype.toString.call(fn);
  const name = fn.name.replace(/^bound /, "") || "(anonymous)";
  const unnamed = fn.name ? undefined : "give it a name to use it, as in const name = ...";
  if (/^class\b/.test(source)) {
    const base = Object.getPrototypeOf(fn) as { readonly name?: string };
    return `class ${name}${base.name ? ` extends ${base.name}` : ""}: ${unnamed ?? `make an object with new ${name}(...)`}`;
  }
  const parameters = source.includes("[native code]") ? "..." : parametersOf(source);
  const star = types.isGeneratorFunction(fn) ? "*" : "";
  const prefix = types.isAsyncFunction(fn) ? "async " : "";
  const use = star
    ? `a plan, or another generator: run a plan with await RE(${name}(...))`
    : `call it: ${prefix && "await "}${name}(...)`;
  return `${prefix}function${star} ${name}(${parameters}): ${unnamed ?? use}`;
}

/**
 * The text between the parentheses of the parameters; the one parameter of an arrow function without them.
 */
function parametersOf(source: string): string {
  const arrow = /^(?:async\s+)?([\w$]+)\s*=>/.exec(source);
  if (arrow) return arrow[1] ?? "";
  const start = source.indexOf("(") + 1;
  let depth = 1;
  let end = start;
  for (; end < source.length && depth > 0; end += 1) {
    if ("([{".includes(source[end] ?? "")) depth += 1;
    else if (")]}".includes(source[end] ?? "")) depth -= 1;
  }
  const text = source
    .slice(start, end - 1)
    .replace(/\s+/g, " ")
    .trim();
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
