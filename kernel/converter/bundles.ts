/**
 * TypeScript's library and Node's types as one virtual file each, which saves about 150 files per program:
 * `Array`, `Promise` and others are declared in eight library files, and are merged once, when the bundle is
 * bound, instead of for each new program.
 */

import fs from "node:fs";
import path from "node:path";
import ts from "typescript";
import { LIBS } from "./workspace";

/** The folder of the bundles, which does not exist on disk and is the same for all workspaces. */
const BUNDLES = "/__secop_lab_bundles__";
export const LIB_BUNDLE = `${BUNDLES}/lib.d.ts`;
export const NODE_BUNDLE = `${BUNDLES}/node.d.ts`;

/**
 * Values that the library declares but some supported versions of Node lack. They are left out, so that the
 * check reports them.
 */
const YOUNG_GLOBALS = ["DisposableStack", "AsyncDisposableStack", "SuppressedError"];

/** The library files that @types/node refers to. */
const NODE_LIBS = ["lib.es2020.d.ts", "lib.decorators.d.ts", "lib.decorators.legacy.d.ts"];

export function libBundle(extraLibs: readonly string[]): string {
  const folder = path.dirname(ts.getDefaultLibFilePath({}));
  const parts = ['/// <reference no-default-lib="true"/>'];
  const seen = new Set<string>();
  const add = (name: string): void => {
    const file = path.join(folder, name);
    if (seen.has(name) || !fs.existsSync(file)) return;
    seen.add(name);
    const text = fs.readFileSync(file, "utf8");
    for (const [, lib] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)" \/>/gm)) add(`lib.${lib}.d.ts`);
    parts.push(withoutReferences(text));
  };
  for (const name of [...LIBS, ...NODE_LIBS, ...extraLibs]) add(name);
  const absent = YOUNG_GLOBALS.filter((name) => !(name in globalThis));
  return absent.reduce((text, name) => text.replace(`declare var ${name}: ${name}Constructor;`, ""), parts.join("\n"));
}

export interface NodeTypes {
  /** The text of all files that declare globals and ambient modules. */
  readonly bundle: string;
  /**
   * The real paths of the files that are modules themselves and cannot be joined; they are roots of each
   * program.
   */
  readonly modules: readonly string[];
}

/** @param index Path of the index.d.ts of @types/node. */
export function nodeTypes(index: string): NodeTypes {
  const parts: string[] = [];
  const modules: string[] = [];
  const seen = new Set<string>();
  const add = (file: string): void => {
    if (seen.has(file) || !fs.existsSync(file)) return;
    seen.add(file);
    const text = fs.readFileSync(file, "utf8");
    for (const [, reference] of text.matchAll(/^\/\/\/ <reference path="([^"]+)" \/>/gm)) {
      add(path.posix.join(path.posix.dirname(file), reference as string));
    }
    if (/^(export|import) /m.test(text)) modules.push(file);
    else parts.push(withoutReferences(text));
  };
  add(index);
  return { bundle: parts.join("\n"), modules };
}

function withoutReferences(text: string): string {
  return text.replace(/^\/\/\/ <reference [^\n]*$/gm, "");
}
