/** The differences between two descriptions of a node: by module, accessible and property, texts last. */

import { oneLine } from "../../printable";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Properties that only people read: they change no measurement. */
const TEXTS = new Set(["description", "implementation", "firmware", "group", "visibility"]);

/** One difference between two descriptions. */
export interface DescriptionDifference {
  /** Where it is, such as `modules, oven, accessibles, target, datainfo, max`. */
  readonly path: readonly string[];
  /** For example `oven:target: max 100 then, 21.5 now`. */
  readonly text: string;
  /** Whether only a text that people read has changed. */
  readonly isText: boolean;
}

/** All differences between two descriptions, texts last. The order of members does not count. */
export function compareDescriptions(then: unknown, now: unknown): DescriptionDifference[] {
  const found: DescriptionDifference[] = [];
  compare(then as Json, now as Json, [], (path, text) => {
    found.push({ path, text, isText: TEXTS.has(path.at(-1) ?? "") });
  });
  return [...found.filter(({ isText }) => !isText), ...found.filter(({ isText }) => isText)];
}

/** The same for JSON texts, one line a difference. */
export function descriptionDifferences(before: string, after: string): string[] {
  return compareDescriptions(JSON.parse(before), JSON.parse(after)).map(({ text }) => text);
}

type Report = (path: readonly string[], text: string) => void;

function compare(then: Json | undefined, now: Json | undefined, path: readonly string[], report: Report): void {
  if (same(then, now)) return;
  if (isObject(then) && isObject(now)) {
    for (const key of new Set([...Object.keys(then), ...Object.keys(now)])) {
      compare(then[key], now[key], [...path, key], report);
    }
    return;
  }
  const { place, property } = named(path);
  if (then === undefined) report(path, `${place} ${property ? `has ${property} now: ${shown(now)}` : "is new"}`);
  else if (now === undefined) report(path, `${place} ${property ? `has no ${property} any more` : "is gone"}`);
  else report(path, `${place}: ${property} ${shown(then)} then, ${shown(now)} now`);
}

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (isObject(a) && isObject(b)) return false;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** `modules, oven, accessibles, target, datainfo, max` is the `max` of `oven:target`. */
function named(path: readonly string[]): { readonly place: string; readonly property: string } {
  const [modules, module, accessibles, accessible, ...rest] = path;
  if (modules !== "modules" || module === undefined) return { place: "the node", property: oneLine(path.join(".")) };
  if (accessibles === undefined) return { place: `the module ${oneLine(module)}`, property: "" };
  if (accessibles !== "accessibles")
    return { place: oneLine(module), property: oneLine([accessibles, accessible, ...rest].filter(Boolean).join(".")) };
  const property = oneLine(rest.filter((part) => part !== "datainfo").join("."));
  return { place: oneLine(`${module}:${accessible}`), property };
}

const shown = (value: Json | undefined): string => oneLine(JSON.stringify(value) ?? "nothing", 60);
