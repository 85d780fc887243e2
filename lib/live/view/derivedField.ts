/** Fields that are computed from others: `"det / mon"`. */

import { reportError } from "../../log";
import type { StreamField } from "./streamFields";

type Data = Readonly<Record<string, unknown>>;
type Evaluate = (data: Data) => number;

const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  max: Math.max,
  min: Math.min,
  sqrt: Math.sqrt,
};

/** The most characters of an expression. */
const LONGEST = 500;
/** The most parentheses within each other. */
const DEEPEST = 50;

/**
 * The field of an expression of fields, numbers, `+ - * / ^`, parentheses and the functions
 * `abs exp log log10 max min sqrt`; undefined if the text is no such expression. Names of fields are looked
 * for first, so that one may contain `-`.
 */
export function derivedField(text: string, fields: readonly StreamField[]): StreamField | undefined {
  if (text.length > LONGEST || !/[-+*/^(]/.test(text)) return undefined;
  const parser = new Parser(text, fields);
  const evaluate = parser.whole();
  if (!evaluate || parser.used.size === 0) return undefined;
  const value = (data: Data): number => evaluate(data);
  return { key: text, units: unitsOf(text, [...parser.used]), precision: undefined, dtype: "number", value };
}

/** A ratio of two fields has the ratio of their units, a sum their common unit; others are not known. */
function unitsOf(text: string, used: readonly StreamField[]): string | undefined {
  const [first, second, ...others] = used;
  if (!first || others.length > 0) return undefined;
  const operators = text
    .replace(first.key, "")
    .replace(second?.key ?? "", "")
    .replace(/\s/g, "");
  if (!second) return /^[-+]?$/.test(operators) ? first.units : undefined;
  if (operators === "/") {
    if (first.units === second.units) return undefined;
    return `${first.units ?? "1"}/${second.units ?? "1"}`.replace(/\/1$/, "") || undefined;
  }
  return (operators === "+" || operators === "-") && first.units === second.units ? first.units : undefined;
}

/** Reads an expression from left to right, without ever running text as code. */
class Parser {
  readonly used = new Set<StreamField>();
  readonly #text: string;
  readonly #fields: readonly StreamField[];
  #at = 0;
  #depth = 0;

  constructor(text: string, fields: readonly StreamField[]) {
    this.#text = text;
    // The longest name comes first: `det-2` is the field of that name, not `det` minus 2.
    this.#fields = fields.toSorted((a, b) => b.key.length - a.key.length);
  }

  whole(): Evaluate | undefined {
    const sum = this.#sum();
    this.#space();
    return this.#at === this.#text.length ? sum : undefined;
  }

  #sum(): Evaluate | undefined {
    let left = this.#product();
    for (let sign = this.#oneOf("+-"); sign && left; sign = this.#oneOf("+-")) {
      const [a, b] = [left, this.#product()];
      if (!b) return undefined;
      left = sign === "+" ? (data) => a(data) + b(data) : (data) => a(data) - b(data);
    }
    return left;
  }

  #product(): Evaluate | undefined {
    let left = this.#power();
    for (let sign = this.#oneOf("*/"); sign && left; sign = this.#oneOf("*/")) {
      const [a, b] = [left, this.#power()];
      if (!b) return undefined;
      left = sign === "*" ? (data) => a(data) * b(data) : (data) => a(data) / b(data);
    }
    return left;
  }

  #power(): Evaluate | undefined {
    const base = this.#value();
    if (!base || !this.#oneOf("^")) return base;
    const exponent = this.#power();
    return exponent && ((data) => base(data) ** exponent(data));
  }

  #value(): Evaluate | undefined {
    const field = this.#field();
    if (field) return field;
    const number = this.#match(/\d+(\.\d+)?(e[-+]?\d+)?/iy);
    if (number !== undefined) return () => Number(number);
    if (this.#oneOf("-")) {
      const value = this.#power();
      return value && ((data) => -value(data));
    }
    const name = this.#match(/[a-z]+\d*(?=\s*\()/iy);
    if (!this.#oneOf("(") || this.#depth > DEEPEST) return undefined;
    this.#depth += 1;
    const values: Evaluate[] = [];
    do {
      const value = this.#sum();
      if (!value) return undefined;
      values.push(value);
    } while (this.#oneOf(","));
    this.#depth -= 1;
    if (!this.#oneOf(")")) return undefined;
    if (name === undefined) return values.length === 1 ? values[0] : undefined;
    const call = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    return call && ((data) => call(...values.map((value) => value(data))));
  }

  #field(): Evaluate | undefined {
    this.#space();
    const found = this.#fields.find(({ key }) => {
      const end = this.#at + key.length;
      const goesOn = /\w/.test(this.#text[end] ?? "") && /\w$/.test(key);
      return key !== "" && this.#text.startsWith(key, this.#at) && !goesOn;
    });
    if (!found) return undefined;
    this.#at += found.key.length;
    this.used.add(found);
    const { key, value } = found;
    return (data) => {
      const read = value ? value(data) : data[key];
      return typeof read === "number" ? read : Number.NaN;
    };
  }

  #oneOf(signs: string): string | undefined {
    this.#space();
    const sign = this.#text[this.#at];
    if (sign === undefined || !signs.includes(sign)) return undefined;
    this.#at += 1;
    return sign;
  }

  #match(pattern: RegExp): string | undefined {
    this.#space();
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }
}

/**
 * A function of the values of an event as a field. If it fails, that is reported once, and its values are
 * missing.
 */
export function functionField(
  name: string,
  compute: (data: Data) => unknown,
  { units, precision }: { readonly units?: string | undefined; readonly precision?: number | undefined } = {},
): StreamField {
  let failed = false;
  const value = (data: Data): unknown => {
    if (failed) return Number.NaN;
    try {
      return compute(data);
    } catch (error) {
      failed = true;
      reportError(`the function of the field "${name}" failed`, error);
      return Number.NaN;
    }
  };
  return { key: name, units, precision, dtype: "number", value };
}
