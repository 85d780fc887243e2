/**
 * The text of a cell, taken apart without a type checker: what it declares and imports, and what its value
 * is.
 */

import type { Program } from "oxc-parser";
import { type CellName, Declarations } from "./cellDeclarations";
import { cellLanguage, type Language, type Parsed, parse, type TreeNode, walk, wordsOf } from "./parser";
import { EditedText, type TextEdit } from "./textEdits";

/** A string that names a module, with its place in the text, quotes included. */
export interface Specifier {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** A name of an `export {a as b}` or `export {a as b} from "x"`, or `export * as b from "x"`. */
export interface ExportedName {
  readonly name: string;
  readonly local: string | undefined;
  readonly from: string | undefined;
  readonly isType: boolean;
  /** Where the cell says the local name. */
  readonly start: number;
}

export interface CellText {
  /** As the user wrote it. */
  readonly code: string;
  /**
   * `code` as it is checked and compiled: `export` of declarations blanked (every name of a cell is
   * exported), a final `{a, b}` in brackets. Lines stay what they are.
   */
  readonly edited: EditedText;
  /** Whether the parser could read it. */
  readonly broken: boolean;
  /** Whether it is TSX, and no plain TypeScript. */
  readonly tsx: boolean;
  readonly tree: Parsed;
  readonly declared: readonly CellName[];
  /** Names of its own that end with it, by `using`. */
  readonly disposed: readonly string[];
  /** Whether it begins with `// @ts-nocheck`. */
  readonly unchecked: boolean;
  /** Every word that occurs. */
  readonly words: ReadonlySet<string>;
  /** Modules named by string in imports, re-exports and `import()`; places in the edited text. */
  readonly specifiers: readonly Specifier[];
  /**
   * Its import declarations of packages, whole; places in the edited text. None if the place of one matters.
   */
  readonly packageImports: readonly Specifier[];
  /** The last expression, in the edited text. */
  readonly value: { readonly start: number; readonly end: number } | undefined;
  readonly exported: readonly ExportedName[];
  /** Modules of `export * from`. */
  readonly stars: readonly string[];
  /** The declarations that it adds to globals and foreign modules: the key says which, see `augmentation`. */
  readonly augments: { readonly key: string; readonly source: string } | undefined;
}

export function analyseCell(code: string): CellText {
  const language = cellLanguage(code);
  const first = parse(code, language);
  const object = first.errors.length > 0 ? brokenObject(code, language) : finalObject(code, first.program, language);
  const edits = [...exportKeywords(code, first.program), ...(object ? brackets(object) : [])];
  const edited = new EditedText(code, edits);
  const tree = edits.length === 0 ? first : parse(edited.text, language);
  const { text } = edited;
  const broken = tree.errors.length > 0;
  const declarations = new Declarations(text, tree.program);
  const last = tree.program.body.at(-1);
  return {
    code,
    edited,
    broken,
    tsx: language === "tsx",
    tree,
    declared: broken ? guessedNames(code) : [...declarations.names.values()],
    disposed: declarations.disposed,
    unchecked: /^\s*\/\/\s*@ts-nocheck\b/.test(code),
    words: wordsOf(code),
    specifiers: specifiersOf(text, tree),
    packageImports: broken || /@ts-(?:ignore|expect-error)/.test(code) ? [] : packageImports(tree.program),
    value: last?.type === "ExpressionStatement" && !broken ? withoutSemicolon(text, last) : undefined,
    exported: exportedNames(tree.program),
    stars: tree.program.body.flatMap((node) =>
      node.type === "ExportAllDeclaration" && node.exported === null ? [node.source.value] : [],
    ),
    augments: augmentation(text, tree.program),
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The expression with its brackets, which are no part of it in the tree. */
function withoutSemicolon(text: string, { start, end }: Span): Span {
  return { start, end: text[end - 1] === ";" ? end - 1 : end };
}

/**
 * `{ a, b }` at the end of a cell is an object: JavaScript reads a block, but a block of names has no use.
 */
function finalObject(code: string, program: Program, language: Language): Span | undefined {
  const last = program.body.at(-1);
  if (last?.type !== "BlockStatement" || last.body.length === 0) return undefined;
  if (!last.body.every(({ type }) => type === "LabeledStatement" || type === "ExpressionStatement")) return undefined;
  const span = { start: last.start, end: last.end };
  return parse(`(${code.slice(span.start, span.end)})`, language).errors.length === 0 ? span : undefined;
}

/** `const a = 1\n{ x: a, y: 2 }` does not parse as it stands; the object at its end does. */
function brokenObject(code: string, language: Language): Span | undefined {
  const end = code.trimEnd().length;
  if (code[end - 1] !== "}") return undefined;
  const starts = [...code.matchAll(/(?<=(?:^|[;}])[ \t]*)\{/gm)].map(({ index }) => index).slice(-20);
  const parses = (text: string): boolean => parse(text, language).errors.length === 0;
  const start = starts.findLast((at) => parses(`(${code.slice(at, end)})`) && parses(code.slice(0, at)));
  return start === undefined ? undefined : { start, end };
}

function brackets({ start, end }: Span): TextEdit[] {
  return [
    { start, end: start, text: ";(" },
    { start: end, end, text: ")" },
  ];
}

function exportKeywords(code: string, program: Program): TextEdit[] {
  return program.body.flatMap((node) => {
    if (node.type !== "ExportNamedDeclaration" && node.type !== "ExportDefaultDeclaration") return [];
    const { declaration } = node;
    if (!declaration) return [];
    if (node.type === "ExportDefaultDeclaration" && !("id" in declaration && declaration.id)) return [];
    if (node.type === "ExportDefaultDeclaration" && !/^(?:Class|Function|TSInter)/.test(declaration.type)) return [];
    // What is blanked ends at the keyword of the declaration; decorators may stand before it.
    const start = node.start + code.slice(node.start).search(/export\b/);
    const found = /^export(?:\s+default)?/.exec(code.slice(start));
    if (found === null) return [];
    return [{ start, end: start + found[0].length, text: found[0].replace(/[^\n]/g, " ") }];
  });
}

function specifiersOf(text: string, { module, errors }: Parsed): Specifier[] {
  const found = new Map<number, Specifier>();
  const add = ({ start, end }: Span): void => {
    const quoted = /^(["'`])(.*)\1$/s.exec(text.slice(start, end));
    if (quoted && !quoted[2]?.includes("${")) found.set(start, { id: quoted[2] as string, start, end });
  };
  for (const { moduleRequest } of module.staticImports) add(moduleRequest);
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest } of entries) if (moduleRequest) add(moduleRequest);
  }
  for (const { moduleRequest } of module.dynamicImports) add(moduleRequest);
  // The types `import("x").T`, and the imports of a text that does not parse.
  for (const { index, 0: whole, 1: quoted } of text.matchAll(/\bimport\s*\(\s*("[^"\n]+"|'[^'\n]+')/g)) {
    const end = index + whole.length;
    add({ start: end - (quoted as string).length, end });
  }
  if (errors.length > 0) {
    for (const { index, 0: whole, 1: quoted } of text.matchAll(/\b(?:from|import)\s*("[^"\n]+"|'[^'\n]+')/g)) {
      const end = index + whole.length;
      add({ start: end - (quoted as string).length, end });
    }
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

function packageImports(program: Program): Specifier[] {
  return program.body.flatMap((node) =>
    node.type === "ImportDeclaration" && !/^[./]/.test(node.source.value)
      ? [{ id: node.source.value, start: node.start, end: node.end }]
      : [],
  );
}

function exportedNames(program: Program): ExportedName[] {
  const nameOf = (node: { type: string; name?: string; value?: unknown }): string => node.name ?? String(node.value);
  return program.body.flatMap((node): ExportedName[] => {
    if (node.type === "ExportAllDeclaration" && node.exported) {
      const isType = node.exportKind === "type";
      return [
        { name: nameOf(node.exported), local: undefined, from: node.source.value, isType, start: node.exported.start },
      ];
    }
    if (node.type !== "ExportNamedDeclaration" || node.declaration) return [];
    return node.specifiers.map((specifier) => ({
      name: nameOf(specifier.exported),
      local: nameOf(specifier.local),
      from: node.source?.value,
      isType: node.exportKind === "type" || specifier.exportKind === "type",
      start: specifier.local.start,
    }));
  });
}

/** `declare global` and `declare module "x"`: equal keys mean that one cell is the other, run again. */
function augmentation(text: string, program: Program): CellText["augments"] {
  const keys: string[] = [];
  const sources: string[] = [];
  for (const node of program.body as unknown as TreeNode[]) {
    if (node.type !== "TSGlobalDeclaration" && node.type !== "TSModuleDeclaration") continue;
    const { type, name, value } = node.id as { type: string; name?: string; value?: string };
    if (type === "Identifier" && node.kind !== "global" && node.global !== true) continue;
    sources.push(text.slice(node.start, node.end));
    for (const statement of ((node.body as TreeNode | null)?.body ?? []) as TreeNode[]) {
      for (const member of membersOf(statement, text)) keys.push(`${name ?? value}:${member}`);
    }
  }
  return keys.length === 0 ? undefined : { key: keys.sort().join(" "), source: sources.join("\n") };
}

/** Interfaces merge, so each of their members counts. */
function membersOf(node: TreeNode, text: string): string[] {
  const statement = (node.declaration as TreeNode | null | undefined) ?? node;
  const textOf = ({ start, end }: Span): string => text.slice(start, end);
  if (statement.type === "VariableDeclaration") {
    return (statement.declarations as TreeNode[]).map(({ id }) =>
      String((id as { name?: string }).name ?? textOf(id as Span)),
    );
  }
  const name = statement.id ? textOf(statement.id as Span) : statement.type;
  if (statement.type !== "TSInterfaceDeclaration") return [name];
  return ((statement.body as TreeNode).body as TreeNode[]).map(
    (member) => `${name}.${member.key ? textOf(member.key as Span) : member.type}`,
  );
}

const DECLARING =
  /\b(?:const|let|var|function\*?|class|enum|interface|type|namespace)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu;

/** Of a text that does not parse: what it seems to declare hides the names of earlier cells. */
function guessedNames(code: string): CellName[] {
  return [...code.matchAll(DECLARING)].map(({ 1: name, index }) => ({
    name: name as string,
    kind: "value",
    origin: "local",
    element: "const",
    start: index,
    evolving: false,
    comment: "",
  }));
}

/** Whether an offset of a text is within a string or template of it. */
export function isInString({ tree }: CellText, offset: number): boolean {
  let found = false;
  walk(tree.program, ({ type, start, end, value }) => {
    if (offset <= start || offset > end) return type === "Program";
    if (type === "TemplateElement" || type === "TemplateLiteral" || (type === "Literal" && typeof value === "string")) {
      found = true;
    }
    return true;
  });
  return found;
}
