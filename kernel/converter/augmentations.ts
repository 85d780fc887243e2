/**
 * Handles `declare global` and `declare module "x"` in cells, which apply to all later cells until they are
 * declared again.
 */

import ts from "typescript";
import { isGlobalAugmentation } from "./declarations";

/**
 * What a cell adds to globals and other modules, as one text. Two cells with equal texts are the same cell,
 * run again.
 */
export function augmentationKey(file: ts.SourceFile): string | undefined {
  const added = file.statements.flatMap((statement) => {
    if (!ts.isModuleDeclaration(statement)) return [];
    if (!isGlobalAugmentation(statement) && !ts.isStringLiteral(statement.name)) return [];
    const body = statement.body && ts.isModuleBlock(statement.body) ? statement.body.statements : [];
    return body.flatMap(declaredMembers).map((member) => `${statement.name.text}:${member}`);
  });
  return added.length === 0 ? undefined : added.sort().join(" ");
}

/** Interfaces merge, so the text lists each of their members. */
function declaredMembers(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  if (ts.isInterfaceDeclaration(statement)) {
    return statement.members.map((member) => `${statement.name.text}.${member.name?.getText() ?? member.kind}`);
  }
  const { name } = statement as ts.DeclarationStatement;
  return name === undefined ? [] : [name.getText()];
}
