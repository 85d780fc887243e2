/**
 * Analyses the text of a cell without a type checker: its declarations, its imports, and whether it has a
 * value.
 */

import ts from "typescript";
import { augmentationKey } from "./augmentations";
import { type DeclaredName, declaredNames, disposedNames } from "./declarations";
import { identifiersOf, parsedAsModule, parseErrorsOf } from "./internals";

export interface CellSource {
  /** The text that the user wrote. */
  readonly code: string;
  /**
   * The text that is checked and compiled: `export` in front of declarations is blanked, because all names of
   * a cell are exported, and a final `{a, b}` is in parentheses. The lines stay the same.
   */
  readonly text: string;
  readonly declared: readonly DeclaredName[];
  /** The names that `using` declares, which end with the cell. */
  readonly disposed: readonly string[];
  /** Whether it begins with `// @ts-nocheck`. */
  readonly unchecked: boolean;
  /** All identifiers in the text. */
  readonly identifiers: readonly string[];
  /** The specifiers of imports, re-exports and `import()`. */
  readonly specifiers: readonly string[];
  /** Whether the last statement is an expression, which is the value of the cell. */
  readonly hasValue: boolean;
  /** Whether it has `export *` or `export {}`, so that only the checker knows the exported names. */
  readonly reexports: boolean;
  /** Defined if it declares globals or augments other modules; see `augmentationKey`. */
  readonly augments: string | undefined;
  /** The names in `export {a}` clauses, which the user has exported already. */
  readonly exportedByClause: ReadonlySet<string>;
  /** Maps an offset in `text` to `code`, and back. */
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

/**
 * Whether the cell ends in `{ a, b }`. JavaScript reads this as a block, but since a block of names is
 * useless, it is an object.
 */
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
