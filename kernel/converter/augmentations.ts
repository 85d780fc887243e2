/** `declare global` and `declare module "x"` in cells: they hold for every later cell, until they are written anew. */

import ts from "typescript";
import { isGlobalAugmentation } from "./declarations";

/** What a cell adds to globals and foreign modules, as one text; equal texts mean that one cell is the other, run again. */
export function augmentationKey(file: ts.SourceFile): string | undefined {
  const added = file.statements.flatMap((statement) => {
    if (!ts.isModuleDeclaration(statement)) return [];
    if (!isGlobalAugmentation(statement) && !ts.isStringLiteral(statement.name)) return [];
    const body = statement.body && ts.isModuleBlock(statement.body) ? statement.body.statements : [];
    return body.flatMap(declaredMembers).map((member) => `${statement.name.text}:${member}`);
  });
  return added.length === 0 ? undefined : added.sort().join(" ");
}

/** Interfaces merge, so each of their members counts. */
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
