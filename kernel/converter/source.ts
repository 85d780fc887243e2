/** The text of a cell, taken apart without a type checker: what it declares and imports, and what its value is. */

import ts from "typescript";
import { augmentationKey } from "./augmentations";
import { type DeclaredName, declaredNames, disposedNames } from "./declarations";
import { identifiersOf, parsedAsModule, parseErrorsOf } from "./internals";

export interface CellSource {
  /** As the person wrote it. */
  readonly code: string;
  /**
   * `code` as it is checked and compiled: `export` of declarations blanked (every name of a cell is exported), a final `{a, b}`
   * in parentheses. Lines stay what they are.
   */
  readonly text: string;
  readonly declared: readonly DeclaredName[];
  /** Names of its own that end with it, by `using`. */
  readonly disposed: readonly string[];
  /** Whether it begins with `// @ts-nocheck`. */
  readonly unchecked: boolean;
  /** Every identifier that occurs. */
  readonly identifiers: readonly string[];
  /** Modules named by string in imports, re-exports and `import()`. */
  readonly specifiers: readonly string[];
  /** Whether the last statement is an expression, whose value is the cell's. */
  readonly hasValue: boolean;
  /** Whether it exports by `export *` or `export {}`, so that the checker must say which names. */
  readonly reexports: boolean;
  /** Set if it declares globals or adds to foreign modules; see `augmentationKey`. */
  readonly augments: string | undefined;
  /** Names in plain `export {a}` clauses: exported by the person already. */
  readonly exportedByClause: ReadonlySet<string>;
  /** Offset of `code` for an offset of `text`, and back. */
  toCode(offset: number): number;
  toText(offset: number): number;
}

export function analyseCell(code: string): CellSource {
  const file = parseModule(code);
  const object = finalObject(file);
  const exports = exportClauses(file);
  const text = rewrite(code, exportKeywords(file), object);
  return {
    code,
    text,
    declared: declaredNames(file),
    disposed: disposedNames(file),
    unchecked: /^\s*\/\/\s*@ts-nocheck\b/.test(code),
    identifiers: identifiersOf(file),
    specifiers: specifiersOf(file),
    augments: augmentationKey(file),
    hasValue: object !== undefined || isExpression(file.statements.at(-1)),
    ...exports,
    toCode: (offset) =>
      Math.min(code.length, Math.max(0, object !== undefined && offset > object.start ? offset - 1 : offset)),
    toText: (offset) => (object !== undefined && offset > object.start ? offset + 1 : offset),
  };
}

export function parseModule(code: string): ts.SourceFile {
  return ts.createSourceFile(
    "cell.ts",
    code,
    { languageVersion: ts.ScriptTarget.ESNext, impliedNodeFormat: ts.ModuleKind.ESNext, ...parsedAsModule() },
    true,
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function isExpression(statement: ts.Statement | undefined): boolean {
  return statement !== undefined && ts.isExpressionStatement(statement);
}

/** `{ a, b }` at the end of a cell is an object: JavaScript reads a block, but a block of names has no use. */
function finalObject(file: ts.SourceFile): Span | undefined {
  const last = file.statements.at(-1);
  if (last === undefined || !ts.isBlock(last) || last.statements.length === 0) return undefined;
  if (!last.statements.every((inner) => ts.isLabeledStatement(inner) || ts.isExpressionStatement(inner)))
    return undefined;
  const start = last.getStart(file);
  const end = start + file.text.slice(start).trimEnd().length;
  const parsed = parseModule(`(${file.text.slice(start, end)})`);
  return parseErrorsOf(parsed).length === 0 && parsed.statements.length === 1 ? { start, end } : undefined;
}

function exportKeywords(file: ts.SourceFile): Span[] {
  return file.statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const isNameless = (statement as ts.DeclarationStatement).name === undefined;
    if (isNameless && modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) return [];
    return modifiers
      .filter(({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword)
      .map((keyword) => ({ start: keyword.getStart(file), end: keyword.end }));
  });
}

function exportClauses(file: ts.SourceFile): Pick<CellSource, "reexports" | "exportedByClause"> {
  const exportedByClause = new Set<string>();
  let reexports = false;
  for (const statement of file.statements) {
    if (!ts.isExportDeclaration(statement)) continue;
    reexports = true;
    if (statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      for (const { name } of statement.exportClause.elements) exportedByClause.add(name.text);
    }
  }
  return { reexports, exportedByClause };
}

function specifiersOf(file: ts.SourceFile): string[] {
  const found: string[] = [];
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    if (statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier))
      found.push(statement.moduleSpecifier.text);
  }
  const visit = (node: ts.Node): void => {
    const argument =
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0];
    if (argument && ts.isStringLiteralLike(argument)) found.push(argument.text);
    ts.forEachChild(node, visit);
  };
  if (/\bimport\s*\(/.test(file.text)) visit(file);
  return found;
}

function rewrite(code: string, blanks: readonly Span[], object: Span | undefined): string {
  let text = code;
  for (const { start, end } of blanks) text = text.slice(0, start) + " ".repeat(end - start) + text.slice(end);
  if (object === undefined) return text;
  return `${text.slice(0, object.start)}(${text.slice(object.start, object.end)})${text.slice(object.end)}`;
}
