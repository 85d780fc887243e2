/**
 * Compiles a checked cell to JavaScript, as the body of a function that returns the last expression; names of
 * other modules are read as members of these modules, so that they stay live.
 */

import ts from "typescript";
import { InternalError } from "../../lib/errors";
import type { CheckedCell } from "./check";
import { importMember } from "./emitFile";
import { importedNames, type ModuleMember, type ModuleNames } from "./importedNames";
import { emitsJavaScript } from "./internals";
import type { CellSource } from "./source";

export interface CompiledCell extends Pick<ModuleNames, "modules" | "reexported"> {
  /** The statements; they expect the variables in `modules`. */
  readonly js: string;
  /** The source map of `js`, as JSON. */
  readonly map: string;
}

export function compileCell(source: CellSource, { program, file, offset, declared }: CheckedCell): CompiledCell {
  const names = importedNames(file, offset, declared);
  let js: string | undefined;
  let map = "";
  const write = (name: string, text: string): void => {
    if (name.endsWith(".map")) map = text;
    else js = text;
  };
  const toFunctionBody: ts.TransformerFactory<ts.SourceFile> = (context) => {
    const body = new FunctionBody(context, names, program.getTypeChecker());
    return (checked) => body.of(checked, source.hasValue);
  };
  program.emit(file, write, undefined, emitsJavaScript, { before: [toFunctionBody], after: [withoutModuleSyntax] });
  if (js === undefined) throw new InternalError("the compiler gave no JavaScript for a cell");
  return { js, map, modules: names.modules, reexported: names.reexported };
}

class FunctionBody {
  readonly #context: ts.TransformationContext;
  readonly #factory: ts.NodeFactory;
  readonly #names: ModuleNames;
  readonly #checker: ts.TypeChecker;

  constructor(context: ts.TransformationContext, names: ModuleNames, checker: ts.TypeChecker) {
    this.#context = context;
    this.#factory = context.factory;
    this.#names = names;
    this.#checker = checker;
  }

  /** @param hasValue Whether the last statement is an expression, which is returned. */
  of(file: ts.SourceFile, hasValue: boolean): ts.SourceFile {
    const factory = this.#factory;
    const statements = file.statements.flatMap((statement) => this.#statement(statement));
    const last = statements.at(-1);
    if (!hasValue || last === undefined || !ts.isExpressionStatement(last)) {
      return factory.updateSourceFile(file, statements);
    }
    // The value is in an array, because a promise as a value must not be awaited.
    const value = factory.createReturnStatement(factory.createArrayLiteralExpression([last.expression]));
    return factory.updateSourceFile(file, statements.with(-1, ts.setTextRange(value, last)));
  }

  #statement(node: ts.Statement): ts.Statement | readonly ts.Statement[] {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || isNameless(node)) return [];
    if (ts.isExportAssignment(node)) {
      const expression = this.#visit(node.expression) as ts.Expression;
      return ts.setTextRange(this.#factory.createExpressionStatement(expression), node);
    }
    if (!ts.isImportEqualsDeclaration(node)) return this.#visit(node) as ts.Statement;
    if (this.#names.types.has(node.name.text)) return [];
    return constant(this.#factory, this.#visit(node) as ts.ImportEqualsDeclaration);
  }

  readonly #visit = (node: ts.Node): ts.Node => {
    // Types are not executed. Only the type after `extends` contains an expression.
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) return node;
    if (ts.isIdentifier(node)) return this.#reference(node);
    if (ts.isShorthandPropertyAssignment(node)) return this.#shorthand(node);
    const dynamic = importMember(node, this.#visit, this.#factory);
    if (dynamic !== undefined) return dynamic;
    if (ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)) return this.#call(node);
    return ts.visitEachChild(node, this.#visit, this.#context);
  };

  #reference(node: ts.Identifier): ts.Node {
    const member = this.#member(node);
    if (member === undefined) return node;
    // `import x = Geo.pi` in a namespace needs a name, not an expression.
    if (ts.isQualifiedName(node.parent) || ts.isImportEqualsDeclaration(node.parent)) {
      const module = this.#factory.createIdentifier(member.module);
      return member.name === undefined ? module : this.#factory.createQualifiedName(module, member.name);
    }
    return memberAccess(this.#factory, member, node);
  }

  #shorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
    const member = this.#member(node.name);
    if (member === undefined) return ts.visitEachChild(node, this.#visit, this.#context);
    const target = memberAccess(this.#factory, member, node.name);
    const initial = node.objectAssignmentInitializer;
    const value = initial ? this.#factory.createAssignment(target, this.#visit(initial) as ts.Expression) : target;
    return ts.setTextRange(this.#factory.createPropertyAssignment(node.name.text, value), node);
  }

  /** Calls an imported function as `(0, module.f)()`, so that `this` is not the module. */
  #call(node: ts.CallExpression | ts.TaggedTemplateExpression): ts.Node {
    const factory = this.#factory;
    const callee = withoutTypes(ts.isCallExpression(node) ? node.expression : node.tag);
    const member = this.#member(callee);
    const visited = ts.visitEachChild(node, this.#visit, this.#context);
    if (member === undefined) return visited;
    const detached = factory.createComma(factory.createNumericLiteral(0), memberAccess(factory, member, callee));
    const target = ts.setTextRange(factory.createParenthesizedExpression(detached), callee);
    if (ts.isTaggedTemplateExpression(visited)) {
      return factory.updateTaggedTemplateExpression(visited, target, undefined, visited.template);
    }
    return ts.isCallChain(visited)
      ? factory.updateCallChain(visited, target, visited.questionDotToken, undefined, visited.arguments)
      : factory.updateCallExpression(visited, target, undefined, visited.arguments);
  }

  /** The member of another module that an identifier refers to; undefined if it refers to something else. */
  #member(node: ts.Node): ModuleMember | undefined {
    // The text alone rules out most identifiers, without the checker.
    if (!ts.isIdentifier(node) || !this.#names.words.has(node.text)) return undefined;
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.#checker.getSymbolAtLocation(node);
    const [declaration] = symbol?.declarations ?? [];
    return declaration && this.#names.members.get(declaration);
  }
}

/** Removes the `export {}` by which the compiler marks its output as a module. */
const withoutModuleSyntax: ts.TransformerFactory<ts.SourceFile> =
  ({ factory }) =>
  (file) =>
    factory.updateSourceFile(
      file,
      file.statements.filter((node) => !ts.isExportDeclaration(node)),
    );

/** An expression that reads the member, at the position of `node`. */
function memberAccess(factory: ts.NodeFactory, { module, name }: ModuleMember, node: ts.Node): ts.Expression {
  const variable = factory.createIdentifier(module);
  if (name === undefined) return ts.setTextRange(variable, node);
  const isWord = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
  const access = isWord
    ? factory.createPropertyAccessExpression(variable, name)
    : factory.createElementAccessExpression(variable, factory.createStringLiteral(name));
  return ts.setTextRange(access, node);
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

/** Whether a declaration has no name, such as `export default function () {}`: no later cell can use it. */
function isNameless(node: ts.Statement): boolean {
  return (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name === undefined;
}

/**
 * Turns `import pi = Geo.pi` of a value into a `const`, because later cells may use it even if this one does
 * not.
 */
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
