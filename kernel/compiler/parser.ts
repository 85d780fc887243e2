/** oxc's parser: loaded when the first text is parsed, and its tree in the terms that this folder needs. */

import type { Comment, EcmaScriptModule, OxcError, ParserOptions, Program } from "oxc-parser";
import { refuseDeepNesting } from "./nesting";

export interface Parsed {
  readonly program: Program;
  readonly module: EcmaScriptModule;
  readonly errors: readonly OxcError[];
  readonly comments: readonly Comment[];
}

export type Language = "ts" | "tsx" | "js" | "dts";

/** A node of whatever kind, for walks over a tree. */
export interface TreeNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export function parse(text: string, lang: Language = "ts"): Parsed {
  refuseDeepNesting(text);
  const { parseSync } = require("oxc-parser") as typeof import("oxc-parser");
  return parseSync(fileName(lang), text, optionsOf(lang));
}

/** Characters that are parsed in a few milliseconds, which is less than it takes to start a thread. */
const QUICK = 50_000;

/** The imports and exports of a text. A large one is parsed in a thread of Node's pool. */
export async function parseModule(text: string, lang: Language): Promise<EcmaScriptModule> {
  if (text.length < QUICK) return parse(text, lang).module;
  refuseDeepNesting(text);
  const oxc = require("oxc-parser") as typeof import("oxc-parser");
  return (await oxc.parse(fileName(lang), text, optionsOf(lang))).module;
}

function fileName(lang: Language): string {
  return `cell.${lang === "dts" ? "d.ts" : lang}`;
}

/** Brackets are no nodes of the tree: `(f)()` calls f. */
function optionsOf(lang: Language): ParserOptions {
  return { lang, sourceType: "module", preserveParens: false, range: lang === "js" };
}

/** Whether a text has no syntax errors. Code that is nested too deep to be parsed counts as wrong. */
export function parses(text: string): boolean {
  try {
    return parse(text).errors.length === 0;
  } catch {
    return false;
  }
}

/**
 * The language of a cell. One that parses as TypeScript is not TSX: `<number>x` and `<T>(x: T) => x` have no
 * meaning there. One that parses in neither language is TSX, unless the parser comes further in TypeScript.
 */
export function cellLanguage(code: string): "ts" | "tsx" {
  if (!/<[\p{ID_Start}$_>]/u.test(code)) return "ts";
  const plain = parse(code);
  return plain.errors.length > 0 && firstError(parse(code, "tsx")) >= firstError(plain) ? "tsx" : "ts";
}

/** The language of a source file of TypeScript, by its name. */
export const sourceLanguage = (file: string): "ts" | "tsx" => (file.endsWith("x") ? "tsx" : "ts");

function firstError({ errors }: Parsed): number {
  return Math.min(...errors.map(({ labels }) => labels[0]?.start ?? 0));
}

/**
 * Calls `visit` with each node and its parents, the nearest last. A node whose visit returns false is left
 * out with all below.
 */
export function walk(root: unknown, visit: (node: TreeNode, parents: readonly TreeNode[]) => unknown): void {
  const parents: TreeNode[] = [];
  const step = (node: TreeNode): void => {
    if (visit(node, parents) === false) return;
    parents.push(node);
    for (const key in node) {
      const child = node[key];
      if (Array.isArray(child)) {
        for (const each of child) if (isNode(each)) step(each);
      } else if (isNode(child)) step(child);
    }
    parents.pop();
  };
  if (isNode(root)) step(root);
}

function isNode(value: unknown): value is TreeNode {
  return typeof value === "object" && value !== null && typeof (value as TreeNode).type === "string";
}

/** Every identifier-like word of a text, also in comments and strings. */
export function wordsOf(text: string): Set<string> {
  return new Set(text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
}
