/**
 * Where an import of a cell or of a workspace file leads: one answer for the compiler and for the module
 * loader.
 */

import fs from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import type { ResolverFactory } from "oxc-resolver";
import { slashes } from "./folders";
import { InstalledPackages } from "./installedPackages";
import { SourceVersions, unversioned } from "./sourceVersions";
import type { CompilerOptions, NotebookWorkspace } from "./workspace";

interface Found {
  readonly resolvedFileName: string;
  /** Whether it is not the workspace's own, but that of this package. */
  readonly fallback: boolean;
}

export class SourceResolver {
  readonly versions: SourceVersions;
  readonly packages: InstalledPackages;
  /**
   * Files of packages that declare their module by its name (`declare module "vega"`), where only this
   * package has it.
   */
  readonly ambient = new Set<string>();
  readonly #workspace: NotebookWorkspace;
  /**
   * By the importing file: specifier -> versioned source file. An import keeps meaning what it meant when it
   * was made.
   */
  readonly #pins = new Map<string, Map<string, string>>();
  /**
   * The plain file of each specifier, by the importing source: an import that leads to another one makes the
   * source new.
   */
  readonly #found = new Map<string, Map<string, string | undefined>>();
  #factory: ResolverFactory | undefined;

  constructor(workspace: NotebookWorkspace) {
    this.#workspace = workspace;
    this.versions = new SourceVersions(workspace.packageRoot);
    this.packages = new InstalledPackages([workspace.folder]);
  }

  /** The path of the module of a cell; of the one that is checked without a name. */
  cellFile(cell = "__cell"): string {
    return `${this.#workspace.folder}/${cell}.ts`;
  }

  resolve(id: string, from: string): Found | undefined {
    if (isBuiltin(id)) return undefined;
    const pinned = this.#pins.get(from)?.get(id);
    if (pinned !== undefined) return { resolvedFileName: pinned, fallback: false };
    const found = this.#lookUp(id, unversioned(from));
    const known = this.#found.get(from) ?? new Map<string, string | undefined>();
    this.#found.set(from, known.set(id, found?.resolvedFileName));
    if (found === undefined) return undefined;
    if (!this.versions.isSource(found.resolvedFileName)) {
      if (!found.fallback) this.packages.note(found.resolvedFileName);
      return found;
    }
    const source = this.versions.current(found.resolvedFileName);
    const pins = this.#pins.get(from) ?? new Map<string, string>();
    this.#pins.set(from, pins.set(id, source));
    return { ...found, resolvedFileName: source };
  }

  /** Whether a cell can import `id`: one that was accepted may try a module that is not installed. */
  finds(id: string): boolean {
    return isBuiltin(id) || this.#lookUp(id, this.cellFile()) !== undefined;
  }

  /**
   * The specifier to write for `id` where the compiler shall find the same: the versioned file of the
   * workspace, or what only this package has. Undefined where the compiler finds it itself.
   */
  specifier(id: string, from: string): string | undefined {
    const found = this.resolve(id, from);
    if (found === undefined) return undefined;
    if (found.resolvedFileName !== unversioned(found.resolvedFileName)) return importPath(found.resolvedFileName);
    if (!found.fallback) return undefined;
    const types = this.#typesOf(id, found.resolvedFileName);
    if (!isAmbient(types)) return importPath(types);
    this.ambient.add(types);
    return undefined;
  }

  /** The source files (versioned) that `from` imports, as far as they were resolved. */
  dependencies(from: string): Iterable<string> {
    return this.#pins.get(from)?.values() ?? [];
  }

  /** An accepted cell keeps the meaning of its imports. */
  keepPins(cell: string): void {
    const pins = this.#pins.get(this.cellFile());
    if (pins !== undefined) this.#pins.set(this.cellFile(cell), new Map(pins));
  }

  /** Resolves everything anew by the workspace's present options. */
  reconfigure(): void {
    this.#factory = undefined;
  }

  /**
   * Before a cell is checked: its imports mean what is on disk now. Returns the sources that have changed,
   * and those that an import led to but does no longer.
   */
  refresh(ids: readonly string[]): readonly string[] {
    const cell = this.cellFile();
    this.#pins.delete(cell);
    if (ids.length === 0) return [];
    this.#factory?.clearCache();
    const changed: string[] = [];
    for (const id of ids) {
      if (isBuiltin(id)) continue;
      const before = this.#found.get(cell)?.get(id);
      const found = this.#lookUp(id, cell)?.resolvedFileName;
      if (before !== undefined && before !== found) changed.push(before);
      if (found === undefined || !this.versions.isSource(found)) continue;
      for (const file of this.stale(this.versions.current(found), true)) {
        this.versions.renew(file);
        changed.push(file);
      }
    }
    return changed;
  }

  /**
   * The plain names of the files at and below `source` whose types or values are no longer those on disk.
   *
   * @param anew Whether imports are resolved once more: they lead elsewhere when a file was added, renamed or
   * removed.
   */
  stale(source: string, anew = false): Set<string> {
    const graph = this.graph([source]);
    const stale = new Set<string>();
    for (const name of graph) {
      const file = unversioned(name);
      if (this.versions.current(file) !== name || this.versions.changedOnDisk(file)) stale.add(file);
      if (anew && this.#leadElsewhere(name)) stale.add(file);
    }
    for (let before = -1; before !== stale.size; ) {
      before = stale.size;
      for (const name of graph) {
        for (const needed of this.dependencies(name)) if (stale.has(unversioned(needed))) stale.add(unversioned(name));
      }
    }
    return stale;
  }

  #leadElsewhere(source: string): boolean {
    const imports = [...(this.#found.get(source) ?? [])];
    return imports.some(([id, file]) => this.#lookUp(id, unversioned(source))?.resolvedFileName !== file);
  }

  /** These source files and all that they import. */
  graph(sources: Iterable<string>, seen: Set<string> = new Set()): Set<string> {
    for (const source of sources) {
      if (seen.has(source)) continue;
      seen.add(source);
      this.graph(this.dependencies(source), seen);
    }
    return seen;
  }

  #lookUp(id: string, from: string): Found | undefined {
    const { folder, packageRoot } = this.#workspace;
    const directory = path.dirname(from);
    for (const candidate of this.#workspace.pathsOf(id)) {
      const found = this.#find(candidate, directory);
      if (found !== undefined) return { resolvedFileName: found, fallback: false };
    }
    const found = this.#find(id, directory);
    if (found !== undefined) return { resolvedFileName: found, fallback: false };
    if (/^[./]/.test(id) || from.includes("/node_modules/")) return undefined;
    if (from.startsWith(`${packageRoot}/`) && !from.startsWith(`${folder}/`)) return undefined;
    const own = this.#find(id, packageRoot);
    return own === undefined ? undefined : { resolvedFileName: own, fallback: true };
  }

  #find(id: string, directory: string): string | undefined {
    this.#factory ??= resolverFactory(this.#workspace.options);
    const { path: found } = this.#factory.sync(directory, id);
    return found === undefined || found === null ? undefined : slashes(found);
  }

  /** Types may be in a package of their own. */
  #typesOf(id: string, found: string): string {
    if (/\.[mc]?tsx?$/.test(found)) return found;
    const [scope, name] = id.split("/");
    const typed = scope?.startsWith("@") ? `${scope.slice(1)}__${name}` : scope;
    const types = `${this.#workspace.packageRoot}/node_modules/@types/${typed}`;
    return fs.existsSync(types) ? (this.#find(`@types/${typed}`, this.#workspace.packageRoot) ?? found) : found;
  }
}

const ambientFiles = new Map<string, boolean>();

function isAmbient(file: string): boolean {
  const known = ambientFiles.get(file);
  if (known !== undefined) return known;
  const text = /\.d\.[mc]?ts$/.test(file) ? fs.readFileSync(file, "utf8") : "";
  const isModule = /^\s*(?:export|import)\b/m.test(text.replace(/^declare module[\s\S]*?^\}/gm, ""));
  const found = !isModule && /^declare module ["']/m.test(text);
  ambientFiles.set(file, found);
  return found;
}

/** The path that an import writes for a file, in the compiler's rules for extensions. */
function importPath(file: string): string {
  return file.replace(/\.d\.([mc]?)ts$/, (_, kind: string) => (kind === "" ? "" : `.${kind}js`));
}

function resolverFactory(options: CompilerOptions): ResolverFactory {
  const { ResolverFactory: Factory } = require("oxc-resolver") as typeof import("oxc-resolver");
  const conditions = Array.isArray(options.customConditions) ? (options.customConditions as string[]) : [];
  const suffixes = Array.isArray(options.moduleSuffixes) ? (options.moduleSuffixes as string[]) : [""];
  const extensions = [".ts", ".tsx", ".d.ts", ".js", ".jsx", ".json", ".mjs", ".cjs", ".node"];
  return new Factory({
    extensions: suffixes.flatMap((suffix) => extensions.map((extension) => suffix + extension)),
    extensionAlias: {
      ".js": [".ts", ".tsx", ".d.ts", ".js", ".jsx"],
      ".jsx": [".tsx", ".d.ts", ".jsx"],
      ".mjs": [".mts", ".d.mts", ".mjs"],
      ".cjs": [".cts", ".d.cts", ".cjs"],
    },
    conditionNames: [...conditions, "types", "import", "node"],
    mainFields: ["types", "typings", "main"],
  });
}
