/**
 * Determines with the checker whether the names of a cell are types or values, their kinds, and the names of
 * `export *`.
 */

import ts from "typescript";
import type { Diagnostic } from "../tslabAdapter";
import type { DeclaredName } from "./declarations";
import { cellMessage } from "./diagnostics";
import type { CellSource } from "./source";

export interface ResolvedNames {
  readonly declared: DeclaredName[];
  /** Warnings for the names that later cells would see as `any`. */
  readonly untyped: Diagnostic[];
}

/** @param file The checked file of the cell, which exports all its names. */
export function resolveNames(checker: ts.TypeChecker, file: ts.SourceFile, source: CellSource): ResolvedNames {
  const module = checker.getSymbolAtLocation(file);
  const symbols = new Map(
    (module === undefined ? [] : checker.getExportsOfModule(module)).map((symbol) => [symbol.name, symbol]),
  );
  const declared = source.declared.map((name) => resolved(name, symbols.get(name.name), checker));
  if (source.reexports) {
    const known = new Set(declared.map(({ name }) => name));
    for (const [name, symbol] of symbols) {
      if (known.has(name) || name === "default") continue;
      const reexported = {
        name,
        kind: "value",
        element: "const",
        origin: "reexport",
        start: 0,
        evolving: false,
      } as const;
      declared.push(resolved(reexported, symbol, checker));
    }
  }
  const untyped = source.declared
    .filter(({ name, evolving }) => evolving && isAny(checker, symbols.get(name)))
    .map(({ name, start }) =>
      cellMessage(
        source.code,
        { start, end: start + name.length },
        `later cells see "${name}" as any: give it a type where it is declared`,
        ts.DiagnosticCategory.Warning,
      ),
    );
  return { declared, untyped };
}

function resolved(name: DeclaredName, symbol: ts.Symbol | undefined, checker: ts.TypeChecker): DeclaredName {
  if (symbol === undefined) return name;
  const { flags } = aliased(symbol, checker);
  const kind = flags & ts.SymbolFlags.Value ? name.kind : "type";
  const [, element = name.element] = ELEMENTS.find(([flag]) => flags & flag) ?? [];
  return { ...name, kind, element };
}

const ELEMENTS: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Class, ts.ScriptElementKind.classElement],
  [ts.SymbolFlags.Enum, ts.ScriptElementKind.enumElement],
  [ts.SymbolFlags.Function, ts.ScriptElementKind.functionElement],
  [ts.SymbolFlags.Interface, ts.ScriptElementKind.interfaceElement],
  [ts.SymbolFlags.TypeAlias, ts.ScriptElementKind.typeElement],
  [ts.SymbolFlags.Module, ts.ScriptElementKind.moduleElement],
];

function aliased(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function isAny(checker: ts.TypeChecker, symbol: ts.Symbol | undefined): boolean {
  if (symbol === undefined) return false;
  const type = checker.typeToString(checker.getTypeOfSymbol(symbol));
  return type === "any" || type === "any[]";
}
