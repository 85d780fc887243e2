/** Completes paths of files of the workspace in strings. */

import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { parseModule } from "./source";

/** Matches an open string before the cursor that contains a `/`. */
const OPEN_PATH = /(["'`])((?:(?!\1)[^\n\\$])*\/)((?:(?!\1)[^\n\\$/])*)$/;

export interface PathEntries {
  /** The part of the path that a completion replaces. */
  readonly typed: string;
  readonly entries: readonly { readonly name: string; readonly kind: string }[];
}

/** The completions at the cursor; undefined if it is not in a path. */
export function filePathsAt(code: string, position: number, folder: string): PathEntries | undefined {
  const [, , parent, typed] = OPEN_PATH.exec(code.slice(0, position)) ?? [];
  if (parent === undefined || typed === undefined || !isInString(parseModule(code), position)) return undefined;
  const found = entriesOf(path.resolve(folder, parent)).filter(
    ({ name }) => name.startsWith(typed) && (typed.startsWith(".") || !name.startsWith(".")),
  );
  const entries = found.map((entry) =>
    entry.isDirectory()
      ? { name: `${entry.name}/`, kind: ts.ScriptElementKind.directory }
      : { name: entry.name, kind: "file" },
  );
  return { typed, entries };
}

/** Whether the position is in a string; a quote may also be in a comment. */
function isInString(node: ts.Node, position: number): boolean {
  const inner = ts.forEachChild(node, (child) =>
    child.getStart() < position && position <= child.end ? child : undefined,
  );
  return inner === undefined ? ts.isStringLiteralLike(node) : isInString(inner, position);
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
