/** Compiles files of the workspace to the CommonJS text that the module loader executes. */

import ts from "typescript";
import { CONTEXT, type Compiled, IMPORT_MARK } from "./modules";
import { TARGET } from "./workspace";

/**
 * The text without `declare`d members of classes, which have no effect at run time. The class file of a large
 * node consists of them, and loads in half the time without them. Lines and columns stay the same.
 */
export function withoutDeclaredMembers({ text, statements }: ts.SourceFile): string {
  const parts: string[] = [];
  let from = 0;
  for (const { members } of statements.filter(ts.isClassDeclaration)) {
    for (const member of members) {
      if (!ts.isPropertyDeclaration(member) || !isDeclared(member)) continue;
      const lines = text.slice(member.pos, member.end).split("\n");
      parts.push(text.slice(from, member.pos), "\n".repeat(lines.length - 1), " ".repeat(lines.at(-1)?.length ?? 0));
      from = member.end;
    }
  }
  return parts.join("") + text.slice(from);
}

function isDeclared({ modifiers = [] as never }: ts.PropertyDeclaration): boolean {
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
}

export function compileFile(text: string, fileName: string, options: ts.CompilerOptions): Compiled {
  const transpile = (sourceMap: boolean): ts.TranspileOutput =>
    ts.transpileModule(text, {
      // The extension .mts or .cts does not matter: the output is always CommonJS.
      fileName: fileName.replace(/\.[mc]ts$/, ".ts"),
      compilerOptions: { ...emitOptions(options), sourceMap },
      transformers: { before: [moduleTransformer] },
    });
  const js = transpile(false).outputText;
  const imports = new Set<string>();
  for (const [, id] of js.matchAll(/\brequire\("import:((?:[^"\\]|\\.)*)"\)/g)) imports.add(JSON.parse(`"${id}"`));
  return { js, imports: [...imports], map: () => transpile(true).sourceMapText ?? "" };
}

function emitOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  return {
    module: ts.ModuleKind.CommonJS,
    target: TARGET,
    // Imports get real namespaces at run time, so TypeScript must not make its own.
    esModuleInterop: false,
    isolatedModules: true,
    moduleDetection: ts.ModuleDetectionKind.Force,
    useDefineForClassFields: options.useDefineForClassFields ?? true,
    ...(options.jsx === undefined ? {} : { jsx: options.jsx }),
    ...(options.jsxImportSource === undefined ? {} : { jsxImportSource: options.jsxImportSource }),
    experimentalDecorators: options.experimentalDecorators ?? false,
  };
}

/** The expression that replaces `import()` or `import.meta`; undefined for other nodes. */
export function importMember(node: ts.Node, visit: ts.Visitor, factory: ts.NodeFactory): ts.Expression | undefined {
  const member = (name: "import" | "meta"): ts.Expression =>
    factory.createPropertyAccessExpression(factory.createIdentifier(CONTEXT), name);
  if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) return member("meta");
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return undefined;
  const specifier = node.arguments.map((argument) => ts.visitNode(argument, visit) as ts.Expression);
  return factory.createCallExpression(member("import"), undefined, specifier);
}

const moduleTransformer: ts.TransformerFactory<ts.SourceFile> = (context) => {
  const { factory } = context;
  const visit = (node: ts.Node): ts.Node => {
    // Types are not executed. Only the type after `extends` contains an expression.
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    return importMember(node, visit, factory) ?? ts.visitEachChild(node, visit, context);
  };
  const mark = (specifier: ts.Expression): ts.Expression =>
    ts.isStringLiteral(specifier) ? factory.createStringLiteral(IMPORT_MARK + specifier.text) : specifier;
  const statement = (node: ts.Statement): ts.Statement => {
    if (ts.isImportDeclaration(node)) {
      const specifier = mark(node.moduleSpecifier);
      return factory.updateImportDeclaration(node, node.modifiers, node.importClause, specifier, undefined);
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      const { modifiers, isTypeOnly, exportClause } = node;
      return factory.updateExportDeclaration(
        node,
        modifiers,
        isTypeOnly,
        exportClause,
        mark(node.moduleSpecifier),
        undefined,
      );
    }
    return visit(node) as ts.Statement;
  };
  return (file) => factory.updateSourceFile(file, file.statements.map(statement));
};
