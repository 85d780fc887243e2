/** Resolves the imports of cells and workspace files, equally for the compiler and the module loader. */

import fs from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import ts from "typescript";
import { isVersioned, SourceVersions, unversioned } from "./sourceVersions";
import type { Workspace } from "./workspace";

/**
 * The file in which every cell is checked. Its name is always the same, so that the root files of the program
 * do not change.
 */
export const CURRENT_CELL = "__cell_0";

const CELL_SPECIFIER = /^\.\/(__cell_\d+)$/;

export class Resolver {
  readonly versions: SourceVersions;
  readonly cache: ts.ModuleResolutionCache;
  readonly #workspace: Workspace;
  /** The versioned source file of each specifier, by importing file. An import keeps its version. */
  readonly #pins = new Map<string, Map<string, string>>();
  #invalidated = false;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.versions = new SourceVersions(workspace.packageRoot);
    this.cache = ts.createModuleResolutionCache(workspace.folder, (name) => name, workspace.options);
  }

  /** Whether failed lookups were forgotten after the last call of `settled`. */
  get invalidated(): boolean {
    return this.#invalidated;
  }

  cellFile(cell: string): string {
    return `${this.#workspace.folder}/${cell}.ts`;
  }

  resolve(id: string, from: string, redirected?: ts.ResolvedProjectReference): ts.ResolvedModuleFull | undefined {
    const cell = CELL_SPECIFIER.exec(id)?.[1];
    if (cell !== undefined) return resolvedSource(this.cellFile(cell));
    if (isBuiltin(id)) return undefined;
    const pinned = this.#pins.get(from)?.get(id);
    if (pinned !== undefined) return resolvedSource(pinned);
    const written = this.#versionedSource(id, from);
    if (written !== undefined) return written;
    const found = this.#lookUp(id, unversioned(from), redirected);
    if (found === undefined || !this.versions.isSource(found.resolvedFileName)) return found;
    const source = this.versions.current(found.resolvedFileName);
    const pins = this.#pins.get(from) ?? new Map<string, string>();
    this.#pins.set(from, pins.set(id, source));
    return { ...found, resolvedFileName: source };
  }

  /** The versioned source files that `from` imports, as far as they were resolved. */
  dependencies(from: string): Iterable<string> {
    return this.#pins.get(from)?.values() ?? [];
  }

  /** Keeps the versions of the imports of an accepted cell. */
  keepPins(cell: string): void {
    const pins = this.#pins.get(this.cellFile(CURRENT_CELL));
    if (pins !== undefined) this.#pins.set(this.cellFile(cell), new Map(pins));
  }

  forget(from: string): void {
    this.#pins.delete(from);
  }

  /**
   * Updates the imports of a cell, before it is checked, to the files on disk. Returns whether any file has
   * changed.
   */
  refresh(ids: Iterable<string>): boolean {
    const current = this.cellFile(CURRENT_CELL);
    let changed = false;
    this.forget(current);
    for (const id of ids) {
      if (isBuiltin(id)) continue;
      let found = this.#lookUp(id, current)?.resolvedFileName;
      if (found !== undefined && !fs.existsSync(found)) {
        this.retryFailed();
        found = this.#lookUp(id, current)?.resolvedFileName;
      }
      if (found === undefined || !this.versions.isSource(found)) continue;
      for (const file of this.stale(this.versions.current(found))) {
        this.versions.renew(file);
        changed = true;
      }
    }
    return changed;
  }

  /** The plain names of `source` and the files it imports whose versions differ from the files on disk. */
  stale(source: string): Set<string> {
    const graph = this.#graph(source);
    const stale = new Set<string>();
    for (const name of graph) {
      const file = unversioned(name);
      if (this.versions.current(file) !== name || this.versions.changedOnDisk(file)) stale.add(file);
    }
    for (let before = -1; before !== stale.size; ) {
      before = stale.size;
      for (const name of graph) {
        for (const needed of this.dependencies(name)) if (stale.has(unversioned(needed))) stale.add(unversioned(name));
      }
    }
    return stale;
  }

  /** Forgets failed lookups, since the missing module may exist by now. */
  retryFailed(): void {
    this.cache.clear();
    this.#invalidated = true;
  }

  settled(): void {
    this.#invalidated = false;
  }

  #graph(source: string, seen: Set<string> = new Set()): Set<string> {
    if (seen.has(source)) return seen;
    seen.add(source);
    for (const needed of this.dependencies(source)) this.#graph(needed, seen);
    return seen;
  }

  /** Matches `./cryo~2`, which the compiler writes into the declarations of a cell. */
  #versionedSource(id: string, from: string): ts.ResolvedModuleFull | undefined {
    if (!id.startsWith(".") || !/~\d+((\.d)?\.ts)?$/.test(id)) return undefined;
    const base = path.posix.resolve(path.posix.dirname(from), id);
    const name = [base, `${base}.ts`, `${base}.tsx`, `${base}.d.ts`].find(
      (file) => this.versions.text(file) !== undefined,
    );
    return name === undefined ? undefined : resolvedSource(name);
  }

  #lookUp(id: string, from: string, redirected?: ts.ResolvedProjectReference): ts.ResolvedModuleFull | undefined {
    const { options, folder, packageRoot } = this.#workspace;
    const found = ts.resolveModuleName(id, from, options, ts.sys, this.cache, redirected).resolvedModule;
    if (found !== undefined || id.startsWith(".") || from.includes("/node_modules/")) return found;
    if (from.startsWith(`${packageRoot}/`) && !from.startsWith(`${folder}/`)) return undefined;
    return ts.resolveModuleName(id, `${packageRoot}/package.ts`, options, ts.sys, this.cache).resolvedModule;
  }
}

function resolvedSource(file: string): ts.ResolvedModuleFull {
  const extension = isVersioned(file) ? (/(?:\.d)?\.\w+$/.exec(file)?.[0] ?? ".ts") : ".ts";
  return { resolvedFileName: file, extension, isExternalLibraryImport: false };
}
