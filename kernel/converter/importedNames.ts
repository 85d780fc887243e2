/**
 * Finds the names of a checked cell that belong to other modules: its imports, names of earlier cells, and
 * re-exports.
 */

import ts from "typescript";
import type { DeclaredName } from "./declarations";

/** A member of a loaded module. */
export interface ModuleMember {
  /** The variable that holds the module. */
  readonly module: string;
  /** The name of the member; undefined for the module as a whole. */
  readonly name?: string;
}

export interface ModuleNames {
  /** The variables of the modules that must be loaded, by the specifiers of their imports. */
  readonly modules: ReadonlyMap<string, string>;
  /** The members, by the nodes that declare their names in the checked text. */
  readonly members: ReadonlyMap<ts.Node, ModuleMember>;
  /** The names of `members`. */
  readonly words: ReadonlySet<string>;
  /** The names that the cell declares as types only. */
  readonly types: ReadonlySet<string>;
  /** The JavaScript that reads each name that the cell exports but does not declare itself. */
  readonly reexported: ReadonlyMap<string, string>;
}

/**
 * @param file The checked file: a generated line of `offset` characters, followed by the cell.
 * @param declared The names that the cell declares, as the checker sees them: imports of types load nothing.
 */
export function importedNames(file: ts.SourceFile, offset: number, declared: readonly DeclaredName[]): ModuleNames {
  const found = new Found(declared);
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) addImport(statement, found);
    else if (ts.isVariableStatement(statement) && statement.end <= offset) addVariable(statement, found);
  }
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement) && !statement.isTypeOnly) addExport(statement, found);
  }
  for (const { name, kind, origin } of declared) {
    if (kind === "type" || found.reexported.has(name)) continue;
    const member = found.named.get(name);
    if (member !== undefined && origin === "import") found.reexported.set(name, memberText(member));
    else if (origin === "reexport") found.reexported.set(name, starText(found.stars, name));
  }
  return found;
}

class Found implements ModuleNames {
  readonly modules = new Map<string, string>();
  readonly members = new Map<ts.Node, ModuleMember>();
  readonly words = new Set<string>();
  readonly reexported = new Map<string, string>();
  readonly named = new Map<string, ModuleMember>();
  readonly types: ReadonlySet<string>;
  /** The modules of `export * from`. */
  readonly stars: string[] = [];

  constructor(declared: readonly DeclaredName[]) {
    this.types = new Set(declared.filter(({ kind }) => kind === "type").map(({ name }) => name));
  }

  module(specifier: ts.Expression): string {
    const id = (specifier as ts.StringLiteral).text;
    const known = this.modules.get(id) ?? `__secopLab_${this.modules.size}`;
    this.modules.set(id, known);
    return known;
  }

  add(declaration: ts.Node, name: string, member: ModuleMember): void {
    this.members.set(declaration, member);
    this.words.add(name);
    this.named.set(name, member);
  }
}

function addImport({ importClause: clause, moduleSpecifier }: ts.ImportDeclaration, found: Found): void {
  if (clause === undefined) {
    found.module(moduleSpecifier);
    return;
  }
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return;
  const add = (declaration: ts.Node, { text }: ts.Identifier, name?: string): void => {
    if (!found.types.has(text)) {
      const module = found.module(moduleSpecifier);
      found.add(declaration, text, name === undefined ? { module } : { module, name });
    }
  };
  if (clause.name) add(clause, clause.name, "default");
  const { namedBindings } = clause;
  if (namedBindings === undefined) return;
  if (ts.isNamespaceImport(namedBindings)) add(namedBindings, namedBindings.name);
  else {
    for (const element of namedBindings.elements) {
      if (!element.isTypeOnly) add(element, element.name, (element.propertyName ?? element.name).text);
    }
  }
}

/** Matches a variable of an earlier cell, `declare let n: typeof __cell_1_n`; see `Cells.checkText`. */
function addVariable({ declarationList }: ts.VariableStatement, found: Found): void {
  for (const declaration of declarationList.declarations) {
    const { name, type } = declaration;
    if (!ts.isIdentifier(name) || type === undefined || !ts.isTypeQueryNode(type)) continue;
    const member = found.named.get(type.exprName.getText());
    if (member !== undefined) found.add(declaration, name.text, member);
  }
}

function addExport({ exportClause, moduleSpecifier }: ts.ExportDeclaration, found: Found): void {
  if (exportClause === undefined) {
    if (moduleSpecifier !== undefined) found.stars.push(found.module(moduleSpecifier));
    return;
  }
  if (ts.isNamespaceExport(exportClause)) {
    if (moduleSpecifier !== undefined) found.reexported.set(exportClause.name.text, found.module(moduleSpecifier));
    return;
  }
  for (const { name, propertyName = name, isTypeOnly } of exportClause.elements) {
    if (isTypeOnly || found.types.has(name.text)) continue;
    const member =
      moduleSpecifier === undefined
        ? found.named.get(propertyName.text)
        : { module: found.module(moduleSpecifier), name: propertyName.text };
    if (member !== undefined) found.reexported.set(name.text, memberText(member));
    else if (name.text !== propertyName.text) found.reexported.set(name.text, propertyName.text);
  }
}

function memberText({ module, name }: ModuleMember): string {
  return name === undefined ? module : `${module}[${JSON.stringify(name)}]`;
}

/** JavaScript that finds the module with the name at run time, when all modules are loaded. */
function starText(modules: readonly string[], name: string): string {
  const key = JSON.stringify(name);
  return modules.reduceRight((rest, module) => `${key} in ${module} ? ${module}[${key}] : ${rest}`, "undefined");
}
