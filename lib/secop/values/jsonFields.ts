/** Reads the fields of a JSON object that a node wrote, leniently. */

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** Called for each violation of the spec, with its path (`members[0]: max has a wrong type`). */
export type ReportProblem = (problem: string) => void;

/** The value if it is a JSON object; undefined for others. */
export function asObject(json: unknown): Json | undefined {
  return typeof json === "object" && json !== null && !Array.isArray(json) ? (json as Json) : undefined;
}

/** Reads fields of a JSON object one by one and reports those of a wrong type. Only own fields count. */
export class JsonFields {
  readonly #object: Json;
  readonly #path: string;
  readonly #report: ReportProblem;

  constructor(object: Json, path: string, report: ReportProblem) {
    this.#object = object;
    this.#path = path;
    this.#report = report;
  }

  problem(text: string): void {
    this.#report(this.#path === "" ? text : `${this.#path}: ${text}`);
  }

  raw(key: string): unknown {
    return Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
  }

  object(key: string): Json | undefined {
    const object = asObject(this.raw(key));
    if (!object) this.problem(`${key} is missing or no object`);
    return object;
  }

  /** A mandatory string; empty if missing. */
  text(key: string): string {
    const value = this.raw(key);
    if (typeof value !== "string") this.problem(`${key} is missing or no string`);
    return typeof value === "string" ? value : "";
  }

  /** An optional list of strings. A single string is reported, and counts as a list of one. */
  textList(key: string): string[] {
    const value = this.raw(key);
    if (value === undefined) return [];
    const list = Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
    const texts = list.filter((item): item is string => typeof item === "string");
    if (!Array.isArray(value) || texts.length < list.length) this.problem(`${key} is not a list of strings`);
    return texts;
  }

  /** A mandatory object of strings. */
  textMap(key: string): Map<string, string> {
    const entries = Object.entries(this.object(key) ?? {});
    const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
    if (texts.length < entries.length) this.problem(`${key} is not an object of strings`);
    return new Map(texts);
  }

  /** All fields that are not in `known`, as JSON. */
  others(known: ReadonlySet<string>): Map<string, unknown> {
    return new Map(Object.entries(this.#object).filter(([key]) => !known.has(key)));
  }

  /** `{[key]: value}` for an own, well-typed field, else `{}`. */
  numbers<K extends string>(...keys: K[]): { [P in K]?: number } {
    return this.#typed(keys, (value) => {
      const number = typeof value === "bigint" ? Number(value) : value;
      return typeof number === "number" && !Number.isNaN(number) ? number : undefined;
    });
  }

  texts<K extends string>(...keys: K[]): { [P in K]?: string } {
    return this.#typed(keys, (value) => (typeof value === "string" ? value : undefined));
  }

  flags<K extends string>(...keys: K[]): { [P in K]?: boolean } {
    return this.#typed(keys, (value) => (typeof value === "boolean" ? value : undefined));
  }

  /** Integers; other numbers are reported, but returned. */
  integers<K extends string>(...keys: K[]): { [P in K]?: number } {
    return this.#reporting(this.numbers(...keys), Number.isInteger, "is not an integer");
  }

  /** Integers from 0; other numbers are reported, but returned. */
  counts<K extends string>(...keys: K[]): { [P in K]?: number } {
    return this.#reporting(
      this.numbers(...keys),
      (n) => Number.isInteger(n) && n >= 0,
      "is not a whole number of 0 or more",
    );
  }

  /** A count under its name in the spec, or under `wrong`, the name in examples of the spec. */
  count<K extends string>(key: K, wrong: string): { [P in K]?: number } {
    const found = this.counts(key);
    if (Object.hasOwn(found, key)) return found;
    const other = this.counts(wrong)[wrong];
    if (other === undefined) return {};
    this.problem(`${wrong} should be ${key}`);
    return { [key]: other } as { [P in K]?: number };
  }

  /** Reports the keys that `found` lacks. */
  require(found: object, ...keys: string[]): void {
    for (const key of keys) if (!Object.hasOwn(found, key)) this.problem(`${key} is missing`);
  }

  #reporting<T extends object>(found: T, isRight: (value: number) => boolean, problem: string): T {
    for (const [key, value] of Object.entries(found)) if (!isRight(value as number)) this.problem(`${key} ${problem}`);
    return found;
  }

  #typed<K extends string, T>(keys: K[], accept: (value: unknown) => T | undefined): { [P in K]?: T } {
    const found: { [P in K]?: T } = {};
    for (const key of keys) {
      const raw = this.raw(key);
      if (raw === undefined) continue;
      const value = accept(raw);
      if (value === undefined) this.problem(`${key} has a wrong type`);
      else found[key] = value;
    }
    return found;
  }
}
