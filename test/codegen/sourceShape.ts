/** Checks that generated source has only the syntax that a class file may have. */

// Not the main module of the package, which a kernel in this process replaces by our TypeScript.
import stockTs from "@tslab/typescript-for-tslab/lib/tsserverlibrary";
import ts from "typescript";

const K = ts.SyntaxKind;

/** All syntax of data and declarations. None of it does anything when the file is loaded. */
const ALLOWED = new Set<ts.SyntaxKind>([
  ...[K.SourceFile, K.SyntaxList, K.EndOfFileToken, K.Identifier, K.StringLiteral, K.JSDoc],
  ...[K.ImportDeclaration, K.ImportClause, K.NamedImports, K.ImportSpecifier],
  ...[K.ClassDeclaration, K.HeritageClause, K.ExpressionWithTypeArguments, K.PropertyDeclaration],
  ...[K.VariableStatement, K.VariableDeclarationList, K.VariableDeclaration, K.ArrayLiteralExpression],
  ...[K.ExportKeyword, K.DeclareKeyword, K.ReadonlyKeyword, K.StaticKeyword, K.OverrideKeyword],
  ...[K.TypeReference, K.UnionType, K.TupleType, K.ArrayType, K.ParenthesizedType, K.TypeOperator, K.TypeLiteral],
  ...[K.PropertySignature, K.LiteralType, K.QuestionToken],
  ...[K.NumberKeyword, K.StringKeyword, K.BooleanKeyword, K.BigIntKeyword, K.UnknownKeyword, K.NeverKeyword],
]);

/** What is wrong with a generated source: syntax errors, forbidden syntax, JSDoc tags, stray comments. */
export function sourceProblems(text: string): string[] {
  const source = ts.createSourceFile("x.ts", text, ts.ScriptTarget.ES2022, true);
  const problems = [...syntaxErrors(source), ...syntaxErrors(stockSource(text))];
  const visit = (node: ts.Node): void => {
    if (!ALLOWED.has(node.kind)) problems.push(`${K[node.kind]}: ${node.getText().slice(0, 80)}`);
    if (ts.isIdentifier(node) && !/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(node.text)) problems.push(`name ${node.text}`);
    if (ts.isJSDoc(node) && (node.tags?.length || typeof node.comment !== "string"))
      problems.push(`tag in ${node.getText()}`);
    if (ts.isJSDoc(node)) return;
    for (const doc of ts.getJSDocCommentsAndTags(node)) visit(doc);
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const [n, line] of text.split("\n").entries()) {
    if (
      !/^( *(\/\*\*( |$)|\*( |\/|$)|declare |static |\[")|"|import \{|export class |const [A-Za-z0-9]+_ = '| *\];|\}|$)/.test(
        line,
      )
    ) {
      problems.push(`line ${n + 1}: ${line.slice(0, 80)}`);
    }
  }
  return problems;
}

/** The source as TypeScript 5.0.4 of stock tslab parses it. */
const stockSource = (text: string): object =>
  stockTs.createSourceFile("x.ts", text, stockTs.ScriptTarget.ES2022, false);

function syntaxErrors(source: object): string[] {
  const { parseDiagnostics } = source as { parseDiagnostics: ts.Diagnostic[] };
  return parseDiagnostics.map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"));
}
