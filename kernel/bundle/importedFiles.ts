/** The files that code imports, and what those import in turn; packages by their names. */

import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, sep } from "node:path";
import type { ResolverFactory } from "oxc-resolver";
import { parse, walk } from "../compiler/parser";

export interface Imported {
  /** The folder of the workspace. An import that leads into it is a file, even if it looks like a package. */
  readonly workspace: string;
  /** Real paths of local files, in the order in which they are found. */
  readonly files: Set<string>;
  /** Names of packages. */
  readonly packages: Set<string>;
  /** Specifiers that lead to no file, with the file that imports them. */
  readonly missing: string[];
}

const CODE = new Set([".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"]);

/**
 * Follows the imports of some code, as if it stood in a file of the folder. Imports that are computed when
 * the code runs cannot be followed.
 */
export function importedFiles(code: readonly string[], folder: string, found: Imported): void {
  const resolver = localResolver();
  for (const text of code) follow(text, { folder, name: "the notebook", found, resolver });
}

/** Adds a file, and follows its imports. */
export function addImported(file: string, found: Imported): void {
  addFile(file, { found, resolver: localResolver() });
}

export const noImports = (workspace: string): Imported => ({
  workspace,
  files: new Set(),
  packages: new Set(),
  missing: [],
});

interface Search {
  readonly found: Imported;
  readonly resolver: ResolverFactory;
}

function addFile(file: string, search: Search): void {
  if (search.found.files.has(file)) return;
  search.found.files.add(file);
  if (CODE.has(extname(file))) follow(readFileSync(file, "utf8"), { ...search, folder: dirname(file), name: file });
}

function follow(text: string, search: Search & { readonly folder: string; readonly name: string }): void {
  const { folder, name, found, resolver } = search;
  for (const specifier of specifiersIn(text)) {
    if (isBuiltin(specifier)) continue;
    const { path } = resolver.sync(folder, specifier);
    const packageName = /^(?:@[^/]+\/)?[^./@#][^/]*/.exec(specifier)?.[0];
    const isInside = path?.startsWith(`${found.workspace}${sep}`) && !path.includes(`${sep}node_modules${sep}`);
    if (path !== undefined && (packageName === undefined || isInside)) addFile(path, search);
    else if (packageName !== undefined) found.packages.add(packageName);
    else if (path === undefined) found.missing.push(`${specifier} (imported by ${name})`);
  }
}

/** The modules that a text imports: statements, `import("...")` and `require("...")` with a literal. */
function specifiersIn(text: string): Set<string> {
  const found = new Set<string>();
  const { program } = parse(text, "tsx").errors.length > 0 ? parse(text) : parse(text, "tsx");
  walk(program, (node) => {
    const { type, source, callee, arguments: given, moduleReference } = node;
    if (/^(?:Import|Export)\w*Declaration$|^ImportExpression$/.test(type)) add(source);
    if (type === "CallExpression" && (callee as { name?: unknown }).name === "require") add((given as unknown[])[0]);
    if (type === "TSImportEqualsDeclaration") add((moduleReference as { expression?: unknown }).expression);
  });
  return found;

  function add(literal: unknown): void {
    const { value } = (literal ?? {}) as { readonly value?: unknown };
    if (typeof value === "string") found.add(value);
  }
}

function localResolver(): ResolverFactory {
  const { ResolverFactory: Factory } = require("oxc-resolver") as typeof import("oxc-resolver");
  return new Factory({
    tsconfig: "auto",
    extensions: [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".d.ts"],
    extensionAlias: { ".js": [".ts", ".tsx", ".js"], ".mjs": [".mts", ".mjs"], ".cjs": [".cts", ".cjs"] },
    conditionNames: ["import", "node"],
  });
}
