/** Files of the workspace, for a path in a string. */

import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { parseModule } from "./source";

/** A string that is open before the cursor and has a `/` in it. */
const OPEN_PATH = /(["'`])((?:(?!\1)[^\n\\$])*\/)((?:(?!\1)[^\n\\$/])*)$/;

export interface PathEntries {
  /** The part of the path that an entry replaces. */
  readonly typed: string;
  readonly entries: readonly { readonly name: string; readonly kind: string }[];
}

/** Undefined where the cursor is not in a path. */
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

/** A quote may stand in a comment as well. */
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
