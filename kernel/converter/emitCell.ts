/**
 * The JavaScript of a cell, from the program that checked it. The cell becomes the body of a function: each name that comes from
 * another module is read as a member of it, so that it stays live, and the last expression is what the function returns.
 */

import ts from "typescript";
import { InternalError } from "../../lib/errors";
import type { CheckedCell } from "./check";
import { importMember } from "./emit";
import { importedNames, type ModuleMember, type ModuleNames } from "./importedNames";
import { emitsJavaScript } from "./internals";
import type { CellSource } from "./source";

export interface CompiledCell extends Pick<ModuleNames, "modules" | "reexported"> {
  /** Statements; `modules` names the variables they expect. */
  readonly js: string;
  /** The source map of `js`, as JSON text. */
  readonly map: string;
}

export function compileCell(source: CellSource, { program, file, offset, declared }: CheckedCell): CompiledCell {
  const names = importedNames(file, offset, declared);
  const types = new Set(declared.filter(({ kind }) => kind === "type").map(({ name }) => name));
  let js: string | undefined;
  let map = "";
  const write = (name: string, text: string): void => {
    if (name.endsWith(".map")) map = text;
    else js = text;
  };
  const references = new References(names, program.getTypeChecker());
  const before = (context: ts.TransformationContext) => toFunctionBody(context, references, types, source.hasValue);
  program.emit(file, write, undefined, emitsJavaScript, { before: [before], after: [withoutModuleSyntax] });
  if (js === undefined) throw new InternalError("the compiler gave no JavaScript for a cell");
  return { js, map, modules: names.modules, reexported: names.reexported };
}

/** Which identifiers mean a name of another module. */
class References {
  readonly #members: ReadonlyMap<ts.Node, ModuleMember>;
  readonly #words: ReadonlySet<string>;
  readonly #checker: ts.TypeChecker;

  constructor({ members, words }: ModuleNames, checker: ts.TypeChecker) {
    this.#members = members;
    this.#words = words;
    this.#checker = checker;
  }

  member(node: ts.Node): ModuleMember | undefined {
    // Most identifiers are told by their text alone, without the checker.
    if (!ts.isIdentifier(node) || !this.#words.has(node.text)) return undefined;
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.#checker.getSymbolAtLocation(node);
    const [declaration] = symbol?.declarations ?? [];
    return declaration && this.#members.get(declaration);
  }
}

function toFunctionBody(
  context: ts.TransformationContext,
  references: References,
  types: ReadonlySet<string>,
  hasValue: boolean,
): ts.Transformer<ts.SourceFile> {
  const { factory } = context;
  const access = (member: ModuleMember, node: ts.Node): ts.Expression =>
    ts.setTextRange(memberAccess(factory, member), node);

  const visit = (node: ts.Node): ts.Node => {
    // Types are not executed; the one kind of them that holds an expression is that of `extends`.
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) return node;
    if (ts.isIdentifier(node)) return reference(node);
    if (ts.isShorthandPropertyAssignment(node)) return shorthand(node);
    if (ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) return call(node);
    return importMember(node, visit, factory) ?? ts.visitEachChild(node, visit, context);
  };
  const reference = (node: ts.Identifier): ts.Node => {
    const member = references.member(node);
    if (member === undefined) return node;
    // `import x = Geo.pi` in a namespace: a name, where no expression may stand.
    if (ts.isQualifiedName(node.parent) || ts.isImportEqualsDeclaration(node.parent)) {
      const module = factory.createIdentifier(member.module);
      return member.name === undefined ? module : factory.createQualifiedName(module, member.name);
    }
    return access(member, node);
  };
  const shorthand = (node: ts.ShorthandPropertyAssignment): ts.Node => {
    const member = references.member(node.name);
    if (member === undefined) return ts.visitEachChild(node, visit, context);
    const target = access(member, node.name);
    const initial = node.objectAssignmentInitializer && ts.visitNode(node.objectAssignmentInitializer, visit);
    const value = initial === undefined ? target : factory.createAssignment(target, initial as ts.Expression);
    return ts.setTextRange(factory.createPropertyAssignment(node.name.text, value), node);
  };
  /** `(0, module.f)()`, since the function must not get the module as its `this`. */
  const call = (node: ts.CallExpression | ts.TaggedTemplateExpression): ts.Node => {
    const callee = withoutTypes(ts.isCallExpression(node) ? node.expression : node.tag);
    const member = references.member(callee);
    const dynamic = importMember(node, visit, factory);
    if (dynamic !== undefined) return dynamic;
    const visited = ts.visitEachChild(node, visit, context);
    if (member === undefined) return visited;
    const target = ts.setTextRange(
      factory.createParenthesizedExpression(
        factory.createComma(factory.createNumericLiteral(0), access(member, callee)),
      ),
      callee,
    );
    if (ts.isTaggedTemplateExpression(visited)) {
      return factory.updateTaggedTemplateExpression(visited, target, undefined, visited.template);
    }
    return ts.isCallChain(visited)
      ? factory.updateCallChain(visited, target, visited.questionDotToken, undefined, visited.arguments)
      : factory.updateCallExpression(visited, target, undefined, visited.arguments);
  };
  const statement = (node: ts.Statement): ts.Statement | readonly ts.Statement[] => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || isNameless(node)) return [];
    if (ts.isExportAssignment(node)) {
      return ts.setTextRange(factory.createExpressionStatement(visit(node.expression) as ts.Expression), node);
    }
    if (!ts.isImportEqualsDeclaration(node)) return visit(node) as ts.Statement;
    return types.has(node.name.text) ? [] : constant(factory, visit(node) as ts.ImportEqualsDeclaration);
  };
  return (file) => {
    const written = file.statements.flatMap(statement);
    const last = written.at(-1);
    if (hasValue && last !== undefined && ts.isExpressionStatement(last)) {
      // In an array, because a promise as a value must not be awaited.
      const value = factory.createReturnStatement(factory.createArrayLiteralExpression([last.expression]));
      return factory.updateSourceFile(file, written.with(-1, ts.setTextRange(value, last)));
    }
    return factory.updateSourceFile(file, written);
  };
}

/** The compiler marks its output as a module, although nothing of one is left in it. */
const withoutModuleSyntax: ts.TransformerFactory<ts.SourceFile> =
  ({ factory }) =>
  (file) =>
    factory.updateSourceFile(
      file,
      file.statements.filter((node) => !ts.isExportDeclaration(node)),
    );

function memberAccess(factory: ts.NodeFactory, { module, name }: ModuleMember): ts.Expression {
  const variable = factory.createIdentifier(module);
  if (name === undefined) return variable;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
    ? factory.createPropertyAccessExpression(variable, name)
    : factory.createElementAccessExpression(variable, factory.createStringLiteral(name));
}

function withoutTypes(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node)
    ? withoutTypes(node.expression)
    : node;
}

/** `export default function () {}`: no later cell can ask for it. */
function isNameless(node: ts.Statement): boolean {
  return (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name === undefined;
}

/** `import pi = Geo.pi`, of a value: later cells may ask for it, so that it is there also where this one does not. */
function constant(factory: ts.NodeFactory, node: ts.ImportEqualsDeclaration): ts.Statement {
  if (ts.isExternalModuleReference(node.moduleReference)) return node;
  const expression = (name: ts.EntityName): ts.Expression =>
    ts.isIdentifier(name) ? name : factory.createPropertyAccessExpression(expression(name.left), name.right);
  const declaration = factory.createVariableDeclaration(
    node.name,
    undefined,
    undefined,
    expression(node.moduleReference),
  );
  const list = factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
  return ts.setTextRange(factory.createVariableStatement(undefined, list), node);
}
