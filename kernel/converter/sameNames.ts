/** Distinguishes types of the same name from two cells in the compiler's messages. */

import ts from "typescript";

/** Matches messages such as "Type 'P' is missing the following properties from type 'P': a, b". */
const MISSING_PROPERTIES = /'([^']+)' is missing the following properties from type '\1': (#?[\p{ID_Continue}$]+)/u;

/**
 * The text of a diagnostic of `file`, with both types written with their modules, as the compiler does in
 * other messages.
 */
export function distinguished(diagnostic: ts.Diagnostic, file: ts.SourceFile, checker: ts.TypeChecker): string {
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
  const [found, name, property] = MISSING_PROPERTIES.exec(text) ?? [];
  if (found === undefined || name === undefined || property === undefined) return text;
  const types = typesNamed(name, statementAt(file, diagnostic.start ?? 0), checker);
  const lacking = types.find((type) => !hasProperty(type, property));
  const having = types.find((type) => hasProperty(type, property));
  if (lacking === undefined || having === undefined) return text;
  const [source, target] = [lacking, having].map((type) => qualified(type, checker));
  return text.replace(found, () =>
    found.replace(`'${name}'`, () => `'${source}'`).replace(`'${name}':`, () => `'${target}':`),
  );
}

function statementAt(file: ts.SourceFile, position: number): ts.Node {
  return file.statements.find(({ pos, end }) => pos <= position && position < end) ?? file;
}

function typesNamed(name: string, within: ts.Node, checker: ts.TypeChecker): ts.Type[] {
  const found = new Set<ts.Type>();
  const visit = (node: ts.Node): void => {
    const type = checker.getTypeAtLocation(node);
    if (checker.typeToString(type) === name) found.add(type);
    ts.forEachChild(node, visit);
  };
  visit(within);
  return [...found];
}

function hasProperty(type: ts.Type, name: string): boolean {
  return type.getProperties().some((property) => property.name === name || property.name.endsWith(`@${name}`));
}

function qualified(type: ts.Type, checker: ts.TypeChecker): string {
  return checker.typeToString(type, undefined, ts.TypeFormatFlags.UseFullyQualifiedType);
}
