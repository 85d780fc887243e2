/** Finds the names that a cell declares at its top level. */

import ts from "typescript";

/** How later cells may use a name: assign to it, read it, or use it only as a type. */
export type NameKind = "variable" | "value" | "type";

export interface DeclaredName {
  readonly name: string;
  readonly kind: NameKind;
  /**
   * Where its value comes from: the cell, an import, an `export ... from`, or nowhere (`declare` and types).
   */
  readonly origin: "local" | "import" | "reexport" | "ambient";
  /** TypeScript's name for the kind of declaration: "const", "class", "interface" ... */
  readonly element: string;
  /** The position of the name in the cell. */
  readonly start: number;
  /** Whether the type of a `let` or `const` follows from later assignments: `let u;`, `const a = []`. */
  readonly evolving: boolean;
}

/** How a name can be used as far as its declaration shows; the checker may correct it. */
const ELEMENTS: Readonly<Record<NameKind, string>> = {
  variable: ts.ScriptElementKind.letElement,
  value: ts.ScriptElementKind.constElement,
  type: ts.ScriptElementKind.typeElement,
};

/**
 * The names that `using` declares. They are disposed of at the end of the cell, so that later cells cannot
 * use them.
 */
export function disposedNames(file: ts.SourceFile): string[] {
  const names: string[] = [];
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement) || !isUsing(statement.declarationList)) continue;
    for (const { name } of statement.declarationList.declarations) eachBoundName(name, ({ text }) => names.push(text));
  }
  return names;
}

type Declare = (node: ts.Identifier, kind: NameKind, origin: DeclaredName["origin"], evolving?: boolean) => void;

/** The declared names in the order of the source. A value takes precedence over a type of the same name. */
export function declaredNames(file: ts.SourceFile): DeclaredName[] {
  const names = new Map<string, DeclaredName>();
  const declare: Declare = (node, kind, origin, evolving = false) => {
    const before = names.get(node.text);
    if (before === undefined || (before.kind === "type" && kind !== "type")) {
      const element = ELEMENTS[kind];
      names.set(node.text, { name: node.text, kind, element, origin, start: node.getStart(file), evolving });
    }
  };
  for (const statement of file.statements) declareStatement(statement, declare);
  if (/\bvar\b/.test(file.text)) for (const statement of file.statements) declareNestedVars(statement, declare);
  return [...names.values()];
}

function declareStatement(statement: ts.Statement, declare: Declare): void {
  if (ts.isVariableStatement(statement)) {
    declareVariables(statement.declarationList, hasModifier(statement, ts.SyntaxKind.DeclareKeyword), declare);
  } else if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  ) {
    const ambient = hasModifier(statement, ts.SyntaxKind.DeclareKeyword);
    // A function without a body is ambient or an overload, whose implementation follows with the same name.
    if (statement.name) declare(statement.name, "value", ambient ? "ambient" : "local");
  } else if (ts.isModuleDeclaration(statement)) {
    const ambient = hasModifier(statement, ts.SyntaxKind.DeclareKeyword);
    if (ts.isIdentifier(statement.name) && !isGlobalAugmentation(statement)) {
      declare(statement.name, "value", ambient ? "ambient" : "local");
    }
  } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
    declare(statement.name, "type", "ambient");
  } else if (ts.isImportDeclaration(statement) && statement.importClause) {
    declareImport(statement.importClause, declare);
  } else if (ts.isImportEqualsDeclaration(statement)) {
    declare(statement.name, statement.isTypeOnly ? "type" : "value", "local");
  }
}

function declareVariables(list: ts.VariableDeclarationList, ambient: boolean, declare: Declare): void {
  if (isUsing(list)) return;
  const kind = (list.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Const ? "value" : "variable";
  for (const declaration of list.declarations) {
    const evolving = !ambient && declaration.type === undefined && hasEvolvingStart(declaration, kind);
    eachBoundName(declaration.name, (node) => declare(node, kind, ambient ? "ambient" : "local", evolving));
  }
}

function isUsing({ flags }: ts.VariableDeclarationList): boolean {
  const scope = flags & ts.NodeFlags.BlockScoped;
  return scope === ts.NodeFlags.Using || scope === ts.NodeFlags.AwaitUsing;
}

function hasEvolvingStart({ initializer }: ts.VariableDeclaration, kind: NameKind): boolean {
  if (initializer === undefined) return kind === "variable";
  if (ts.isArrayLiteralExpression(initializer)) return initializer.elements.length === 0;
  return (
    kind === "variable" && (initializer.kind === ts.SyntaxKind.NullKeyword || initializer.getText() === "undefined")
  );
}

function declareImport(clause: ts.ImportClause, declare: Declare): void {
  const kind = (typeOnly: boolean): NameKind =>
    typeOnly || clause.phaseModifier === ts.SyntaxKind.TypeKeyword ? "type" : "value";
  if (clause.name) declare(clause.name, kind(false), "import");
  const bindings = clause.namedBindings;
  if (bindings === undefined) return;
  if (ts.isNamespaceImport(bindings)) declare(bindings.name, kind(false), "import");
  else for (const element of bindings.elements) declare(element.name, kind(element.isTypeOnly), "import");
}

/** Names of nested `var` statements, which belong to the cell: `if (x) { var y = 1 }`. */
function declareNestedVars(node: ts.Node, declare: Declare): void {
  if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
  if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
    for (const { name } of node.declarations) eachBoundName(name, (bound) => declare(bound, "variable", "local"));
  }
  ts.forEachChild(node, (child) => declareNestedVars(child, declare));
}

function eachBoundName(name: ts.BindingName, found: (node: ts.Identifier) => void): void {
  if (ts.isIdentifier(name)) found(name);
  else for (const element of name.elements) if (ts.isBindingElement(element)) eachBoundName(element.name, found);
}

export function isGlobalAugmentation(node: ts.ModuleDeclaration): boolean {
  return (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
}

function hasModifier(node: ts.HasModifiers, kind: ts.SyntaxKind): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}
